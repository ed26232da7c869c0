import { describe, it, expect } from '@jest/globals';
import { decode } from 'jpeg-js';
import { crc32 } from 'node:zlib';
import { appendTrailingBytes, cutOff, flipByteInPngChunk } from '../src/damage';
import { makeJpeg } from '../src/jpeg';
import { makePng, pngChunk } from '../src/png';

const jpeg = makeJpeg({ bytes: 40_000, seed: 1 });
const png = makePng({ bytes: 40_000, seed: 1 });

describe('cutOff', () => {
  it('keeps half of the photo, or the given number of bytes', () => {
    expect(cutOff(jpeg).equals(jpeg.subarray(0, 20_000))).toBe(true);
    expect(cutOff(jpeg, 39_999).equals(jpeg.subarray(0, 39_999))).toBe(true);
  });

  it('returns a JPEG that a decoder refuses', () => {
    expect(() => decode(cutOff(jpeg, 39_000), { tolerantDecoding: false })).toThrow('marker was not found');
  });
});

describe('flipByteInPngChunk', () => {
  it.each(['IHDR', 'paDd', 'IDAT'])('makes the CRC32 of the %s chunk wrong and changes no other byte', (type) => {
    const damaged = flipByteInPngChunk(png, type);
    const changedAt = png.findIndex((byte, at) => byte !== damaged[at]);
    expect(damaged.subarray(changedAt + 1).equals(png.subarray(changedAt + 1))).toBe(true);

    const typeAt = png.indexOf(type, 8, 'latin1');
    const dataBytes = png.readUInt32BE(typeAt - 4);
    expect(changedAt).toBeGreaterThanOrEqual(typeAt + 4);
    expect(changedAt).toBeLessThan(typeAt + 4 + dataBytes);
    const end = typeAt + 4 + dataBytes;
    expect(crc32(damaged.subarray(typeAt, end))).not.toBe(damaged.readUInt32BE(end));
  });

  it('refuses a chunk that is missing or empty', () => {
    expect(() => flipByteInPngChunk(png, 'tEXt')).toThrow(RangeError);
    expect(() => flipByteInPngChunk(png, 'IEND')).toThrow(RangeError);
  });
});

describe('appendTrailingBytes', () => {
  it('does not change the image, which still decodes', () => {
    const longer = appendTrailingBytes(jpeg, 5_000);
    expect(longer).toHaveLength(45_000);
    expect(longer.subarray(0, 40_000).equals(jpeg)).toBe(true);
    expect(decode(longer, { useTArray: true }).width).toBe(480);
  });
});

describe('pngChunk', () => {
  it('writes the end chunk as in the PNG specification', () => {
    expect(pngChunk('IEND', Buffer.alloc(0)).toString('hex')).toBe('0000000049454e44ae426082');
  });
});
