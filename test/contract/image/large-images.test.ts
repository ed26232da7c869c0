import { describe, expect, it } from '@jest/globals';
import { isWholeZlibStream } from '../../../contract/image/zlib-stream';
import { makePng, pngChunk } from 'sample-photos/png';
import { detailOf } from './detail-of';
import { insertAfter, marker, sampleParts, segment } from './jpeg-segments';
import { deflateSync } from 'node:zlib';

describe('validateImage for a large JPEG', () => {
  const scan = sampleParts().find((part) => part.marker === marker.scan)?.bytes ?? Buffer.alloc(0);

  // A walk in quadratic time would take hours.
  it.each([
    ['fill bytes', Buffer.from([0xff])],
    ['stuffed bytes', Buffer.from([0xff, 0x00])],
    ['restart markers', Buffer.from([0xff, 0xd0])],
    ['empty APP segments', segment(0xe1, [])],
    ['empty tables', segment(marker.quantizationTables, [])],
    ['scans', Buffer.concat([scan, Buffer.from([0x12, 0xff, 0x00, 0x34])])],
  ])('reads 4 MB of %s in linear time, after an APP segment and in a scan', (_, piece) => {
    const many = Buffer.alloc(4_000_000, piece);
    const faults = [insertAfter(marker.application0, many), insertAfter(undefined, many)].map(detailOf);
    expect(faults).toHaveLength(2);
  });
});

describe('validateImage for a large PNG', () => {
  const sample = makePng({ bytes: 34_000, seed: 1 });
  const pictureAt = sample.indexOf('IDAT') - 4;
  const [start, rest] = [sample.subarray(0, pictureAt), sample.subarray(pictureAt)];
  const emptyChunks = (type: string): Buffer => Buffer.alloc(3_999_996, pngChunk(type, Buffer.alloc(0)));

  // A walk in quadratic time would take hours.
  it.each([
    ['empty ancillary chunks before its picture', Buffer.concat([start, emptyChunks('tEXt'), rest])],
    ['empty ancillary chunks after its picture', Buffer.concat([sample.subarray(0, -12), emptyChunks('tEXt')])],
    ['empty IDAT chunks before its picture', Buffer.concat([start, emptyChunks('IDAT'), rest])],
    ['empty IDAT chunks after its picture', Buffer.concat([sample.subarray(0, -12), emptyChunks('IDAT')])],
  ])('reads 4 MB of %s in linear time', (_, png) => {
    expect(detailOf(png)).toBeUndefined();
  });

  it('finds the end of a picture without an end chunk that decompresses to 200 MB', () => {
    const bomb = deflateSync(Buffer.alloc(200_000_000), { level: 1 });
    expect(detailOf(Buffer.concat([start, pngChunk('IDAT', bomb)]))).toBeUndefined();
    expect(detailOf(Buffer.concat([start, pngChunk('IDAT', bomb.subarray(0, -9))]))).toContain('cut off');
  });
});

describe('isWholeZlibStream for a large picture', () => {
  it('accepts it, because it decompresses nothing', () => {
    expect(isWholeZlibStream([deflateSync(Buffer.alloc(200_000_000))])).toBe(true);
  });
});
