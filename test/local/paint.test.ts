import { describe, expect, it } from '@jest/globals';
import { paintFor, printable } from '../../local/paint';

describe('paint', () => {
  it('colours on a terminal', () => {
    const paint = paintFor({ isTTY: true }, {});
    expect([paint('green', 'a'), paint('red', 'b'), paint('dim', 'c')]).toEqual([
      '\u001B[32ma\u001B[0m',
      '\u001B[31mb\u001B[0m',
      '\u001B[2mc\u001B[0m',
    ]);
  });

  it('leaves text alone elsewhere, and against NO_COLOR', () => {
    expect(paintFor({ isTTY: false }, {})('red', 'a')).toBe('a');
    expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })('red', 'a')).toBe('a');
    expect(paintFor({ isTTY: true }, { NO_COLOR: '' })('red', 'a')).not.toBe('a');
  });

  it('shows control characters without letting a terminal obey them', () => {
    expect(printable('a\u001B[2Jb\nc\u009Bd é写')).toBe('a\uFFFD[2Jb\uFFFDc\uFFFDd é写');
  });
});
