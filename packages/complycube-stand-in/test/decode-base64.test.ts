import { describe, it, expect } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64 } from '../src/upload-body';

const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((array) => Buffer.from(array));

describe('decodeBase64', () => {
  it('decodes any encoded bytes', () => {
    fc.assert(
      fc.property(bytes, (original) => {
        expect(decodeBase64(original.toString('base64'))?.equals(original)).toBe(true);
      }),
    );
  });

  it('refuses base64 with one additional character at any position', () => {
    const foreign = fc.constantFrom('\n', '\r', ' ', '-', '_', '=', '.', 'A', 'é');
    fc.assert(
      fc.property(bytes, foreign, fc.nat(), (original, character, position) => {
        const text = original.toString('base64');
        const at = position % (text.length + 1);
        expect(decodeBase64(text.slice(0, at) + character + text.slice(at))).toBeUndefined();
      }),
    );
  });

  it.each([
    ['no padding', 'QQ'],
    ['the alphabet for URLs', '-_-_'],
    ['bits after the last byte', 'QR=='],
  ])('refuses base64 with %s', (_, text) => {
    expect(decodeBase64(text)).toBeUndefined();
  });
});
