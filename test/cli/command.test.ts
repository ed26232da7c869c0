import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UsageError } from '../../cli/command-error';
import { aborted, abortOnInterrupt, parseWhole, parseWords, runCommand } from '../../cli/terminal/command';

describe('parseWords', () => {
  const options = { seed: { type: 'string', default: '7' }, json: { type: 'boolean', default: false } } as const;

  it('reads options, with their defaults, and positionals', () => {
    const { values, positionals } = parseWords(['a.jpg', '--json'], { options, allowPositionals: true });
    expect({ ...values, positionals }).toEqual({ seed: '7', json: true, positionals: ['a.jpg'] });
  });

  it.each([
    [['--jsn'], "Unknown option '--jsn' (see --help)"],
    [['--seed'], '--seed needs a value (see --help)'],
    [['--seed', '--json'], '--seed needs a value (see --help)'],
    [['--json=yes'], "Option '--json' does not take an argument (see --help)"],
    [['a.jpg'], "Unexpected argument 'a.jpg' (see --help)"],
  ])('refuses %j in one sentence, without the advice that Node adds', (words, message) => {
    const error = errorOf(() => parseWords(words, { options }));
    expect(error).toBeInstanceOf(UsageError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });
});

describe('parseWhole', () => {
  it.each(['1', '9'])('accepts the bound %s', (text) => {
    expect(parseWhole('photos', text, 1, 9)).toBe(Number(text));
  });

  it.each(['0', '10', '1.5', '-1', '1e0', '0x1', ' 1', ''])('refuses %j, naming the option and its bounds', (text) => {
    const { message } = errorOf(() => parseWhole('photos', text, 1, 9));
    expect(message).toBe(`--photos must be a whole number from 1 to 9, not '${text}'`);
  });
});

describe('abortOnInterrupt', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'is aborted by the first %s, and does not handle a second one',
    async (signal) => {
      const before = process.listenerCount(signal);
      const interruption = abortOnInterrupt([signal]);
      expect(interruption.aborted).toBe(false);
      const ended = aborted(interruption);
      process.emit(signal);
      await ended;
      expect(interruption.aborted).toBe(true);
      expect(process.listenerCount(signal)).toBe(before);
      await aborted(interruption);
    },
  );
});

describe('runCommand', () => {
  let exitCode: typeof process.exitCode;
  let printed: jest.SpiedFunction<typeof console.error>;

  beforeEach(() => {
    ({ exitCode } = process);
    printed = jest.spyOn(console, 'error').mockReturnValue();
  });

  afterEach(() => {
    process.exitCode = exitCode;
    printed.mockRestore();
  });

  it('exits with the status that the command returns', async () => {
    await runCommand(() => 3);
    expect(process.exitCode).toBe(3);
    expect(printed).not.toHaveBeenCalled();
  });

  it('exits with 2 and prints only the message if the command line is wrong', async () => {
    await runCommand(() => Promise.reject(new UsageError('--json does not go with --serve')));
    expect(process.exitCode).toBe(2);
    expect(printed.mock.calls).toEqual([['--json does not go with --serve']]);
  });

  it('exits with 1 and prints the whole error if the command fails', async () => {
    const failure = new Error('no disk');
    await runCommand(() => Promise.reject(failure));
    expect(process.exitCode).toBe(1);
    expect(printed.mock.calls).toEqual([[failure]]);
  });

  it('exits with 2 for other errors that a command names', async () => {
    await runCommand(
      () => Promise.reject(new RangeError('REGION is not set')),
      (error) => error instanceof RangeError,
    );
    expect(process.exitCode).toBe(2);
  });
});

function errorOf(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It was not refused');
}
