import { describe, it, expect } from '@jest/globals';
import { makeNotAPhoto } from '../src/not-a-photo';

describe('makeNotAPhoto', () => {
  it.each([
    ['gif', 'GIF89a', 0],
    ['heic', 'ftypheic', 4],
    ['webp', 'WEBP', 8],
    ['pdf', '%PDF-', 0],
    ['html', '<!doctype html>', 0],
  ] as const)('makes a %s of exactly the requested size with its signature', (kind, signature, at) => {
    for (const bytes of [200, 33_999, 50_001]) {
      const file = makeNotAPhoto(kind, bytes);
      expect(file).toHaveLength(bytes);
      expect(file.indexOf(signature, 0, 'latin1')).toBe(at);
    }
  });

  it('writes the lengths of HEIC and WebP so that they match the file', () => {
    expect(24 + makeNotAPhoto('heic', 1_000).readUInt32BE(24)).toBe(1_000);
    expect(8 + makeNotAPhoto('webp', 1_000).readUInt32LE(4)).toBe(1_000);
    expect(20 + makeNotAPhoto('webp', 1_000).readUInt32LE(16)).toBe(1_000);
  });

  it('writes HTML that is text up to its last byte', () => {
    expect(makeNotAPhoto('html', 5_000).toString()).toMatch(/^[\x20-\x7e\n]{5000}$/);
  });

  it('refuses a size that is too small for the signature', () => {
    expect(() => makeNotAPhoto('html', 50)).toThrow(RangeError);
  });
});
