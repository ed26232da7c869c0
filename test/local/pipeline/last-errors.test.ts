import { describe, expect, it } from '@jest/globals';
import { LastErrors } from '../../../local/pipeline/last-errors';

const line = (messageId: string, errorCode?: string, error?: string): string =>
  JSON.stringify({ messageId, errorCode, error, message: 'said' });

describe('the last errors', () => {
  it('are the latest error code of each message', () => {
    const errors = new LastErrors();
    const lines = [line('a', 's3-failed'), line('b'), line('a', 'refused', 'in words'), 'START', 'null', '"text"'];
    for (const text of lines) errors.take(text);
    expect(errors.of(['a', 'b', 'c'])).toEqual({ a: { errorCode: 'refused', error: 'in words' } });
  });

  it('do not include lines without an error code, such as a failure to set a visibility timeout', () => {
    const errors = new LastErrors();
    errors.take(line('a', 'refused'));
    errors.take(JSON.stringify({ messageId: 'a', waitError: 'throttled', message: 'said' }));
    errors.take(JSON.stringify({ messageId: 'a', error: 'of an older version', message: 'said' }));
    expect(errors.of(['a'])).toEqual({ a: { errorCode: 'refused' } });
  });

  it('are limited in number: the oldest are dropped', () => {
    const errors = new LastErrors();
    errors.take(line('kept', 'old'));
    errors.take(line('forgotten', 'old'));
    errors.take(line('kept', 'again'));
    for (let at = 0; at < 9_999; at++) errors.take(line(`message ${at}`, 'new'));
    expect(errors.of(['kept', 'forgotten'])).toEqual({ kept: { errorCode: 'again' } });
  });
});
