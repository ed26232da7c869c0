import { describe, expect, it } from '@jest/globals';
import { paintFor } from '../../local/paint';

describe('paint', () => {
  it('colours on a terminal', () => {
    const paint = paintFor({ isTTY: true }, {});
    expect([paint('green', 'a'), paint('red', 'b'), paint('dim', 'c')]).toEqual([
      '\u001B[32ma\u001B[0m',
      '\u001B[31mb\u001B[0m',
      '\u001B[2mc\u001B[0m',
    ]);
  });

  it('adds no colour elsewhere or with NO_COLOR', () => {
    expect(paintFor({ isTTY: false }, {})('red', 'a')).toBe('a');
    expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })('red', 'a')).toBe('a');
    expect(paintFor({ isTTY: true }, { NO_COLOR: '' })('red', 'a')).not.toBe('a');
  });
});
