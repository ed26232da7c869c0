import { describe, expect, it } from '@jest/globals';
import { createLog, describeError, type Log } from '../../../lambda/observe/log';
import { RetryLaterError } from '../../../lambda/retry-later-error';

function logged(write: (log: Log) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLog((line) => lines.push(line)));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line', () => {
  it.each([
    ['info', 'INFO'],
    ['warn', 'WARN'],
    ['error', 'ERROR'],
  ] as const)('of %s is found with the level %s', (method, level) => {
    const [line] = logged((log) => log[method]('photo done', { receives: 2 }));
    const { timestamp, ...rest } = line ?? {};
    expect(rest).toEqual({ level, message: 'photo done', receives: 2 });
    expect(new Date(String(timestamp)).toISOString()).toBe(timestamp);
  });

  it('has the fields of its invocation and of its message, and a line of the invocation has only its own', () => {
    const lines = logged((log) => {
      const ofInvocation = log.with({ requestId: 'r' });
      ofInvocation.with({ messageId: 'm' }).info('photo done');
      ofInvocation.info('batch processed');
    });
    expect(lines).toMatchObject([{ requestId: 'r', messageId: 'm' }, { requestId: 'r' }]);
    expect(lines[1]).not.toHaveProperty('messageId');
  });
});

describe('the description of an error', () => {
  const reset = Object.assign(new Error('read failed'), { code: 'ECONNRESET' });

  it.each<[string, Error, string]>([
    ['has its class and message', new TypeError('not a number'), 'TypeError: not a number'],
    ['has its code', reset, 'Error: read failed (ECONNRESET)'],
    ['has no code that is not a text', Object.assign(new Error('odd'), { code: 7 }), 'Error: odd'],
    [
      'has its cause, with its code',
      new RetryLaterError('s3-failed', 'no answer', { cause: reset }),
      'RetryLaterError: no answer (s3-failed) ← Error: read failed (ECONNRESET)',
    ],
  ])('%s', (_, error, text) => {
    expect(describeError(error)).toBe(text);
  });

  it.each(['live_secret', { key: 'live_secret' }, null])(
    'does not show a thrown value that is not an Error (%j)',
    (value) => {
      const text = describeError(value);
      expect(text).toContain('not an Error');
      expect(text).not.toContain('live_secret');
    },
  );
});
