import { describe, expect, it } from '@jest/globals';
import { rejectionReasons } from '../../contract/outcome';
import { UsageError } from '../../cli/command-error';
import { parseCommandLine } from '../../cli/command-line';
import { commands } from '../../cli/commands';
import { renderHelp } from '../../cli/help';
import { deadLetterReasons, isSentByDefault, redrivable } from '../../cli/redrive/dead-letter-reason';
import { undeliveredReasons } from '../../cli/redrive/undelivered-reason';

const parseLine = (line: string) => parseCommandLine(line === '' ? [] : line.split(' '));
const parse = (line: string): unknown => {
  const parsed = parseLine(line);
  return parsed.kind === 'run' ? parsed.arguments : undefined;
};
const helpNames = (line: string) => {
  const parsed = parseLine(line);
  return parsed.kind === 'help' ? parsed.names : undefined;
};

describe('a command line', () => {
  it('uses the stack LivePhotos by default', () => {
    expect(parse('doctor')).toEqual({ stack: { stackName: 'LivePhotos' }, isJson: false });
    expect(parse('doctor --stack Kyc --json')).toMatchObject({ stack: { stackName: 'Kyc' }, isJson: true });
    expect(parse('doctor --local http://127.0.0.1:80/x')).toMatchObject({ stack: { localUrl: 'http://127.0.0.1' } });
  });

  it('contains the options of the command', () => {
    expect(
      parse('backfill --prefix a/ --since 2026-01-01 --until 2026-02-01T00:00:00+01:00 --rate 2.5 --dry-run'),
    ).toEqual({
      ...{ stack: { stackName: 'LivePhotos' }, isJson: false },
      ...{ prefix: 'a/', startAfter: undefined, rate: 2.5, isDryRun: true, isConfirmed: false },
      period: { sinceMs: Date.UTC(2026, 0, 1), untilMs: Date.UTC(2026, 0, 31, 23) },
    });
    expect(parse('redrive rejected --reason too-small --reason too-large --yes')).toMatchObject({
      ...{ reasons: ['too-small', 'too-large'], isConfirmed: true },
    });
    expect(parse('redrive dead-letters')).toMatchObject({
      reasons: redrivable(deadLetterReasons).filter(isSentByDefault),
    });
  });

  it('accepts a key that begins with a hyphen after --', () => {
    expect(parse('status -- -photo.jpg')).toMatchObject({ key: '-photo.jpg' });
  });

  it.each([
    ['--help', []],
    ['backfill --help', ['backfill']],
    ['help report', ['report']],
    ['redrive --help', ['redrive dead-letters', 'redrive undelivered-events', 'redrive rejected']],
    ['help redrive rejected', ['redrive rejected']],
  ])('requests help: %s', (line, names) => {
    expect(helpNames(line)).toEqual(names);
  });

  it.each([
    ['', 'The command is missing: choose from doctor, status, backfill, redrive dead-letters'],
    ['heal', 'There is no command heal: choose from'],
    ['doctor --fast', "Unknown option '--fast'"],
    ['doctor --since 2026-01-01', 'doctor has no option --since'],
    ['doctor now', 'Unexpected argument now'],
    ['status', 'KEY is missing: live-photos status KEY'],
    [
      'redrive',
      'There is no command redrive: choose from redrive dead-letters, redrive undelivered-events, redrive rejected',
    ],
    ['redrive all', 'choose from redrive dead-letters, redrive undelivered-events, redrive rejected'],
    ['redrive rejected', '--reason is missing: choose from client-id-missing'],
    ['redrive rejected --reason ugly', '--reason is ugly: choose from'],
    ['redrive rejected --reason tag-limit-reached', 'then backfill'],
    ['redrive dead-letters --reason ugly', '--reason is ugly: choose from outcome-known'],
    ['redrive dead-letters --reason not-an-event', '--reason is not-an-event: choose from outcome-known'],
    ['redrive dead-letters --prefix a', 'redrive dead-letters has no option --prefix'],
    ['redrive dead-letters --show --delete a', 'Use either --show or --delete'],
    ['redrive dead-letters --show --dry-run', "--dry-run can't be combined with --show or --delete"],
    ['backfill --rate 0', '--rate is 0: use a number of photos per second above 0'],
    ['backfill --rate fast', '--rate is fast'],
    ['report --since yesterday', '--since is yesterday: use a day in UTC as 2026-11-30'],
    ['report --since 2026-02-30', '--since is 2026-02-30'],
    ['report --until 2026-01-01T10:00', '--until is 2026-01-01T10:00'],
    ['report --since 2026-02-01 --until 2026-02-01', '--since 2026-02-01 is not before --until 2026-02-01'],
    ['doctor --local http://example.com', '--local is http://example.com: use the URL'],
    ['doctor --local http://127.0.0.1:1 --stack Kyc', 'name two stacks'],
    ['doctor --stack 1', "--stack is 1: a stack's name is a letter"],
  ])('is refused in one line that names the error: %s', (line, message) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(message);
    expect(() => parse(line)).not.toThrow(/\n/);
  });
});

describe('the help', () => {
  const names = Object.keys(commands);
  const longestLine = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

  it('lists every command', () => {
    for (const name of names) expect(renderHelp([])).toContain(`  ${name} `);
    expect(longestLine(renderHelp([]))).toBeLessThanOrEqual(100);
  });

  it.each(names)('of %s shows all its options and the exit statuses, in lines that fit', (name) => {
    const help = renderHelp([name]);
    const options = commands[name]?.options ?? [];
    for (const option of [...options, 'stack', 'local', 'json']) expect(help).toContain(`  --${option}`);
    expect(help).toContain('Exit status');
    expect(longestLine(help)).toBeLessThanOrEqual(100);
  });

  it('names every reason that can be chosen in the error about a wrong one', () => {
    for (const reason of rejectionReasons) expect(() => parse('redrive rejected')).toThrow(reason);
    for (const reason of redrivable(deadLetterReasons))
      expect(() => parse('redrive dead-letters --reason x')).toThrow(reason);
    for (const reason of redrivable(undeliveredReasons))
      expect(() => parse('redrive undelivered-events --reason x')).toThrow(reason);
  });
});
