import { describe, expect, it } from '@jest/globals';
import { readLogLine } from '../../../local/pipeline/log-line';

describe('readLogLine', () => {
  it('reads what the function logs', () => {
    expect(readLogLine('{"key":"a.jpg","receives":2}\n')).toEqual({ key: 'a.jpg', receives: 2 });
  });

  it.each(['START RequestId: 1 Version: $LATEST', '', '{"key":', '"text"', '7', 'null', '[{}]'])(
    'passes over the line %j',
    (line) => {
      expect(readLogLine(line)).toBeUndefined();
    },
  );
});
