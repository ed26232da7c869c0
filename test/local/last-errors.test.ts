import { describe, expect, it } from '@jest/globals';
import { LastErrors } from '../../local/last-errors';

const line = (messageId: string, error?: string): string => JSON.stringify({ messageId, error, message: 'said' });

describe('the last errors', () => {
  it('are those of the lines that tell one, the latest of each message', () => {
    const errors = new LastErrors();
    for (const text of [line('a', 'first'), line('b'), line('a', 'second'), 'START', 'null', '"text"'])
      errors.take(text);
    expect(errors.of(['a', 'b', 'c'])).toEqual({ a: 'second' });
  });

  it('are no failure to set the wait of a message', () => {
    const errors = new LastErrors();
    errors.take(line('a', 'the real one'));
    errors.take(JSON.stringify({ messageId: 'a', waitError: 'throttled', message: 'said' }));
    expect(errors.of(['a'])).toEqual({ a: 'the real one' });
  });

  it('are forgotten, the oldest first, when there are very many', () => {
    const errors = new LastErrors();
    errors.take(line('kept', 'old'));
    errors.take(line('forgotten', 'old'));
    errors.take(line('kept', 'told again'));
    for (let at = 0; at < 9_999; at++) errors.take(line(`message ${at}`, 'new'));
    expect(errors.of(['kept', 'forgotten'])).toEqual({ kept: 'told again' });
  });
});
