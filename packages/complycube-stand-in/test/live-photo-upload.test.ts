import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64 } from '../src/live-photos';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((array) => Buffer.from(array));

describe('decodeBase64', () => {
  it('reads back whatever was encoded', () => {
    fc.assert(
      fc.property(bytes, (original) => {
        expect(decodeBase64(original.toString('base64'))?.equals(original)).toBe(true);
      }),
    );
  });

  it('refuses base64 with any character too many, wherever it stands', () => {
    const foreign = fc.constantFrom('\n', '\r', ' ', '-', '_', '=', '.', 'A', 'é');
    fc.assert(
      fc.property(bytes, foreign, fc.nat(), (original, character, position) => {
        const text = original.toString('base64');
        const at = position % (text.length + 1);
        expect(decodeBase64(text.slice(0, at) + character + text.slice(at))).toBeUndefined();
      }),
    );
  });

  it('refuses base64 without its padding', () => {
    fc.assert(
      fc.property(bytes, (original) => {
        fc.pre(original.length % 3 !== 0);
        expect(decodeBase64(original.toString('base64').replace(/=+$/, ''))).toBeUndefined();
      }),
    );
  });

  it('refuses the alphabet for URLs', () => {
    expect(decodeBase64('+/+/')).toBeDefined();
    expect(decodeBase64('-_-_')).toBeUndefined();
  });

  it('refuses bits behind the last byte', () => {
    expect(decodeBase64('QQ==')).toEqual(Buffer.from('A'));
    expect(decodeBase64('QR==')).toBeUndefined();
  });
});
