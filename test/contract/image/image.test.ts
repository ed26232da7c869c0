import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { guessFormat, validateImage } from '../../../contract/image/image';
import { appendTrailingBytes, flipByteInPngChunk } from 'sample-photos/damage';
import { makeJpeg } from 'sample-photos/jpeg';
import { makeNotAPhoto, type NotAPhotoKind } from 'sample-photos/not-a-photo';
import { makePng } from 'sample-photos/png';
import { crc32 } from 'node:zlib';

const jpeg = makeJpeg({ bytes: 40_000, seed: 1 });
const png = makePng({ bytes: 40_000, seed: 1 });

describe('validateImage', () => {
  it.each([
    ['a JPEG', jpeg],
    ['a PNG', png],
    ['a JPEG with bytes after its end, as cameras append them', appendTrailingBytes(jpeg, 5_000)],
    ['a PNG with bytes after its end', appendTrailingBytes(png, 5_000)],
    ['a JPEG with a second JPEG after its end, as cameras append previews', Buffer.concat([jpeg, jpeg])],
    ['a JPEG within a larger buffer', Buffer.concat([Buffer.alloc(3), jpeg]).subarray(3)],
    ['a PNG within a larger buffer', Buffer.concat([Buffer.alloc(3), png]).subarray(3)],
  ])('accepts %s', (_, bytes) => {
    expect(validateImage(bytes, crc32)).toBeUndefined();
  });

  it.each<[NotAPhotoKind, string]>([
    ['gif', 'GIF'],
    ['heic', 'HEIC'],
    ['webp', 'WebP'],
    ['pdf', 'PDF'],
    ['html', 'HTML'],
  ])('rejects a %s file and names its format', (kind, name) => {
    const fault = validateImage(makeNotAPhoto(kind, 40_000), crc32);
    expect(fault?.reason).toBe('not-jpeg-or-png');
    expect(fault?.detail).toContain(name);
  });

  it('rejects a damaged image and says where the damage is', () => {
    expect(validateImage(flipByteInPngChunk(png), crc32)).toEqual({
      status: 'rejected',
      reason: 'image-damaged',
      detail: 'The PNG has picture data with a wrong CRC',
    });
  });

  it('returns a known result for any bytes after each signature', () => {
    const starts = [
      Buffer.alloc(0),
      jpeg.subarray(0, 3),
      jpeg.subarray(0, 400),
      jpeg.subarray(0, -500),
      png.subarray(0, 8),
      png.subarray(0, 33),
      png.subarray(0, -500),
    ];
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.array(fc.constantFrom(0xff, 0x00, 0x01, 0x02, 0x11, 0xc0, 0xc4, 0xd0, 0xd8, 0xd9, 0xda, 0xdb, 0xdd, 0xe0), {
        maxLength: 2_000,
      }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...starts), anyBytes, (start, bytes) => {
        const fault = validateImage(Buffer.concat([start, Uint8Array.from(bytes)]), crc32);
        expect(fault === undefined || ['not-jpeg-or-png', 'image-damaged'].includes(fault.reason)).toBe(true);
      }),
    );
  });

  it.each([
    ['a JPEG', jpeg],
    ['a PNG', png],
  ])('returns a known result for any changed, missing and added bytes in %s', (_, photo) => {
    const change = fc.record({
      at: fc.oneof(fc.nat({ max: 700 }), fc.nat({ max: photo.length - 1 })),
      removed: fc.nat({ max: 4 }),
      added: fc.uint8Array({ maxLength: 4 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const changed = changes.reduce(
          (bytes, { at, removed, added }) =>
            Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)]),
          photo,
        );
        const fault = validateImage(changed, crc32);
        expect(fault?.detail ?? 'The image is whole').toMatch(/^The /);
      }),
    );
  });
});

describe('guessFormat', () => {
  const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

  it.each([
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0'],
    ['HEIC', '\0\0\0\nftypmif1\0\0\0\0'],
    ['AVIF', '\0\0\0\x1cftypavif\0\0\0\0'],
    ['WebP', 'RIFF\n\0\0\0WEBPVP8 '],
    ['GIF', 'GIF89a'],
    ['PDF', '%PDF-1.7\n'],
    ['BMP', 'BM\x36\0\0\0'],
    ['TIFF', 'II*\0\x08\0\0\0'],
    ['TIFF', 'MM\0*\0\0\0\x08'],
    ['HTML or XML', '<!DOCTYPE html><p>Sign in'],
    ['HTML or XML', '\r\n  <html>'],
    ['HTML or XML', '<?xml version="1.0"?>'],
    ['HTML or XML', '<svg xmlns="http://www.w3.org/2000/svg">'],
  ])('names %s', (format, start) => {
    expect(guessFormat(latin1(start))).toBe(format);
  });

  it.each([
    ['HEIC', 'mdat\0\0\0\x18ftypheic'],
    ['AVIF', 'mdat\0\0\0\x1cftypavif'],
    ['WebP', '\0RIFF\n\0\0\0WEBPVP8 '],
    ['GIF', '\0GIF8'],
    ['PDF', '\0%PDF-'],
    ['BMP', '\0BM'],
    ['TIFF', '\0II*\0'],
    ['TIFF', '\0MM\0*'],
    ['HTML', 'see <html>'],
  ])('names no format when the signature of %s is not at the start', (_, start) => {
    expect(guessFormat(latin1(start))).toBe('something else');
  });
});
