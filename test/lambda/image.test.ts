import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validateImage } from '../../lambda/image';
import { appendTrailingBytes, cutOff, flipByteInPngChunk } from '../../local/sample-photos/damage';
import { makeJpeg } from '../../local/sample-photos/jpeg';
import { makeNotAPhoto, type NotAPhotoKind } from '../../local/sample-photos/not-a-photo';
import { makePng, pngChunk } from '../../local/sample-photos/png';

const jpeg = makeJpeg({ bytes: 40_000, seed: 1 });
const png = makePng({ bytes: 40_000, seed: 1 });
const pngSignature = png.subarray(0, 8);

const segment = (marker: number, ...data: number[]): Buffer =>
  Buffer.from([0xff, marker, (data.length + 2) >> 8, (data.length + 2) & 0xff, ...data]);
const startOfImage = Buffer.from([0xff, 0xd8]);
const endOfImage = Buffer.from([0xff, 0xd9]);
const frame = (marker: number, width = 16): Buffer => segment(marker, 8, 0, 16, 0, width, 1, 1, 0x11, 0);
const scan = Buffer.concat([segment(0xda, 1, 1, 0, 0, 63, 0), Buffer.from([0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56])]);

const reasonOf = (bytes: Uint8Array): string | undefined => validateImage(bytes)?.reason;

describe('validateImage', () => {
  it.each([
    ['a JPEG', jpeg],
    ['a PNG', png],
    ['a JPEG with bytes behind its end, as cameras append them', appendTrailingBytes(jpeg, 5_000)],
    ['a PNG with bytes behind its end', appendTrailingBytes(png, 5_000)],
    ['a progressive JPEG of several scans', Buffer.concat([startOfImage, frame(0xc2), scan, scan, scan, endOfImage])],
    [
      'a JPEG with fill bytes before a marker',
      Buffer.concat([startOfImage, Buffer.from([0xff, 0xff]), frame(0xc0), scan, endOfImage]),
    ],
    [
      'a JPEG whose thumbnail has an end of its own',
      Buffer.concat([startOfImage, segment(0xe1, 0xff, 0xd8, 0xff, 0xd9), frame(0xc0), scan, endOfImage]),
    ],
  ])('accepts %s', (_, bytes) => {
    expect(validateImage(bytes)).toBeUndefined();
  });

  it.each<[NotAPhotoKind, string]>([
    ['gif', 'GIF'],
    ['heic', 'HEIC'],
    ['webp', 'WebP'],
    ['pdf', 'PDF'],
    ['html', 'HTML'],
  ])('rejects a file that is really a %s and says so', (kind, name) => {
    const fault = validateImage(makeNotAPhoto(kind, 40_000));
    expect(fault?.reason).toBe('not-jpeg-or-png');
    expect(fault?.detail).toContain(name);
  });

  it.each([
    ['a JPEG without a scan', Buffer.concat([startOfImage, frame(0xc0), endOfImage])],
    ['a JPEG whose scan precedes its frame', Buffer.concat([startOfImage, scan, frame(0xc0), endOfImage])],
    ['a JPEG of no width', Buffer.concat([startOfImage, frame(0xc0, 0), scan, endOfImage])],
    ['a JPEG with a frame too short', Buffer.concat([startOfImage, segment(0xc0, 8, 0, 16), scan, endOfImage])],
    [
      'a JPEG with bytes between its segments',
      Buffer.concat([startOfImage, frame(0xc0), Buffer.from([0]), scan, endOfImage]),
    ],
    [
      'a JPEG with a segment of impossible length',
      Buffer.concat([startOfImage, Buffer.from([0xff, 0xe0, 0, 1]), frame(0xc0), scan, endOfImage]),
    ],
    ['a JPEG with a second start inside', Buffer.concat([startOfImage, frame(0xc0), startOfImage, scan, endOfImage])],
    ['a JPEG that ends in fill bytes', Buffer.concat([startOfImage, frame(0xc0), scan, Buffer.from([0xff, 0xff])])],
    ['a PNG with a wrong CRC in its picture', flipByteInPngChunk(png, 'IDAT')],
    ['a PNG with a wrong CRC in its header', flipByteInPngChunk(png, 'IHDR')],
    ['a PNG without a picture', Buffer.concat([png.subarray(0, 33), pngChunk('IEND', Buffer.alloc(0))])],
    ['a PNG without a header', Buffer.concat([pngSignature, png.subarray(33)])],
    ['a PNG with two headers', Buffer.concat([png.subarray(0, 33), png.subarray(8)])],
    ['a PNG of no width', Buffer.concat([pngSignature, pngChunk('IHDR', Buffer.alloc(13)), png.subarray(33)])],
    [
      'a PNG with a chunk type that is no text',
      Buffer.concat([png.subarray(0, 33), pngChunk('a\0bc', Buffer.alloc(3)), png.subarray(33)]),
    ],
  ])('rejects %s as damaged', (_, bytes) => {
    expect(reasonOf(bytes)).toBe('image-damaged');
  });

  it('rejects a JPEG that is cut off anywhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 3, max: jpeg.lastIndexOf(0xd9) - 1 }), (keptBytes) => {
        expect(reasonOf(cutOff(jpeg, keptBytes))).toBe('image-damaged');
      }),
    );
  });

  it('rejects a PNG that is cut off anywhere', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: png.length - 1 }), (keptBytes) => {
        expect(reasonOf(cutOff(png, keptBytes))).toBe('image-damaged');
      }),
    );
  });

  it('rejects a PNG with any one byte changed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: png.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(png);
        changed.writeUInt8(changed.readUInt8(at) ^ change, at);
        expect(validateImage(changed)).toBeDefined();
      }),
    );
  });

  it('survives any bytes behind either signature', () => {
    const starts = [Buffer.alloc(0), jpeg.subarray(0, 3), jpeg.subarray(0, 400), pngSignature, png.subarray(0, 33)];
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 2_000 }),
      fc.array(fc.constantFrom(0xff, 0x00, 0xd0, 0xd8, 0xd9, 0xda, 0xc0, 0x01), { maxLength: 2_000 }),
    );
    fc.assert(
      fc.property(fc.constantFrom(...starts), anyBytes, (start, bytes) => {
        const fault = validateImage(Buffer.concat([start, Uint8Array.from(bytes)]));
        expect(fault === undefined || ['not-jpeg-or-png', 'image-damaged'].includes(fault.reason)).toBe(true);
      }),
    );
  });
});
