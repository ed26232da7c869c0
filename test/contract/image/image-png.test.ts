import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deflateSync } from 'node:zlib';
import { flipByteInPngChunk } from 'sample-photos/damage';
import { noiseBytes } from 'sample-photos/noise';
import { makePng, pngChunk } from 'sample-photos/png';
import { detailOf } from './detail-of';

const photo = makePng({ bytes: 40_000, seed: 1 });
const signature = photo.subarray(0, 8);

const nothing = Buffer.alloc(0);
const end = pngChunk('IEND', nothing);
const text = pngChunk('tEXt', Buffer.from('Title\0Portrait'));

const side = 60;
const grey = { width: side, height: side, bitDepth: 8, colourType: 0, compression: 0, filter: 0, interlace: 0 };
const header = (fields: Partial<typeof grey> = {}): Buffer => {
  const { width, height, bitDepth, colourType, compression, filter, interlace } = { ...grey, ...fields };
  const data = Buffer.alloc(13);
  data.writeUInt32BE(width, 0);
  data.writeUInt32BE(height, 4);
  data.set([bitDepth, colourType, compression, filter, interlace], 8);
  return pngChunk('IHDR', data);
};
/** The picture of a grey PNG, in rows that begin with the filter's type. */
const rows = Buffer.concat(
  Array.from({ length: side }, (_, y) => Buffer.concat([Buffer.alloc(1), noiseBytes(`row ${y}`, side)])),
);
const compressed = deflateSync(rows);
const picture = pngChunk('IDAT', compressed);
const half = Math.floor(compressed.length / 2);
const halves = [pngChunk('IDAT', compressed.subarray(0, half)), pngChunk('IDAT', compressed.subarray(half))] as const;
/** A picture whose zlib stream lacks its last byte. */
const unfinished = pngChunk('IDAT', compressed.subarray(0, -1));
const palette = (entries: number): Buffer => pngChunk('PLTE', Buffer.alloc(3 * entries));

const join = (...chunks: readonly Buffer[]): Buffer => Buffer.concat([signature, ...chunks]);

/** The start of a chunk with the maximum length. */
const longest = Buffer.from('\x7f\xff\xff\xfftEXt', 'latin1');

const withWrongCrc = (chunk: Buffer): Buffer => {
  const changed = Buffer.from(chunk);
  changed.writeUInt8(changed.readUInt8(changed.length - 1) ^ 1, changed.length - 1);
  return changed;
};

describe('validateImage for a PNG', () => {
  it.each([
    ['one IDAT chunk', join(header(), picture, end)],
    ['two IDAT chunks', join(header(), ...halves, end)],
    ['empty IDAT chunks', join(header(), pngChunk('IDAT', nothing), ...halves, pngChunk('IDAT', nothing), end)],
    [
      'its zlib header in two chunks',
      join(header(), pngChunk('IDAT', compressed.subarray(0, 1)), pngChunk('IDAT', compressed.subarray(1)), end),
    ],
    ['interlacing', join(header({ interlace: 1 }), picture, end)],
    ['a palette', join(header({ colourType: 3 }), palette(256), picture, end)],
    ['an unnecessary palette', join(header({ colourType: 2 }), palette(300), picture, end)],
    ['an ancillary chunk before its header', join(pngChunk('paDd', Buffer.alloc(9)), header(), picture, end)],
    ['an unknown critical chunk', join(header(), pngChunk('ABCD', nothing), picture, end)],
    ['a chunk with a reserved name', join(header(), pngChunk('abcd', nothing), picture, end)],
    [
      'an animation',
      join(
        header(),
        pngChunk('acTL', Buffer.alloc(8)),
        pngChunk('fcTL', Buffer.alloc(26)),
        picture,
        pngChunk('fdAT', compressed),
        end,
      ),
    ],
    ['data in its end chunk', join(header(), picture, pngChunk('IEND', Buffer.alloc(3)))],
    [
      'more picture data than it needs',
      join(header(), pngChunk('IDAT', deflateSync(Buffer.concat([rows, rows]))), end),
    ],
    ['more picture data after its picture', join(header(), picture, text, picture, end)],
    ['another chunk after its picture, which proves that it is whole', join(header(), unfinished, text, end)],
    ['picture data after its end chunk', join(header(), unfinished, end, picture)],
  ])('accepts a PNG with %s', (_, bytes) => {
    expect(detailOf(bytes)).toBeUndefined();
  });

  const bitDepths = [0, 1, 2, 3, 4, 8, 16, 32];
  const possible: Readonly<Record<number, readonly number[]>> = {
    0: [1, 2, 4, 8, 16],
    2: [8, 16],
    3: [1, 2, 4, 8],
    4: [8, 16],
    6: [8, 16],
  };
  it.each([0, 1, 2, 3, 4, 5, 6, 7])('accepts only the valid bit depths of colour type %d', (colourType) => {
    const accepted = bitDepths.filter(
      (bitDepth) => detailOf(join(header({ colourType, bitDepth }), palette(2), picture, end)) === undefined,
    );
    expect(accepted).toEqual(possible[colourType] ?? []);
  });

  // Deflate compresses to 1/1032 at most, so these rows of 1,032 bytes need one byte of picture data each.
  it.each([
    ['grey of 1 bit', { colourType: 0, bitDepth: 1, width: 8 * 1_031 + 1 }],
    ['grey of 16 bits', { colourType: 0, bitDepth: 16, width: 516 }],
    ['RGB of 8 bits', { colourType: 2, bitDepth: 8, width: 344 }],
    ['indexed colour of 2 bits', { colourType: 3, bitDepth: 2, width: 4_128 }],
    ['grey and alpha of 8 bits', { colourType: 4, bitDepth: 8, width: 516 }],
    ['RGB and alpha of 16 bits', { colourType: 6, bitDepth: 16, width: 129 }],
  ])('accepts only as many rows of %s as its picture data can have', (_, fields) => {
    const details = [compressed.length, compressed.length + 1].map((height) =>
      detailOf(join(header({ ...fields, height }), palette(2), picture, end)),
    );
    expect(details).toEqual([undefined, expect.stringContaining('too little picture data')]);
  });

  it.each([
    ['before its picture', join(header(), withWrongCrc(text), picture, end)],
    ['after its picture', join(header(), picture, withWrongCrc(text), end)],
    ['in padding', flipByteInPngChunk(photo, 'paDd')],
    ['of its end chunk', join(header(), picture, withWrongCrc(end))],
  ])('accepts a PNG with a wrong CRC that decoders ignore: %s', (_, bytes) => {
    expect(detailOf(bytes)).toBeUndefined();
  });

  it.each([
    ['its header', join(withWrongCrc(header()), picture, end), 'header with a wrong CRC'],
    ['its palette', join(header({ colourType: 3 }), withWrongCrc(palette(2)), picture, end), 'before its picture'],
    [
      'an unknown critical chunk',
      join(header(), withWrongCrc(pngChunk('ABCD', nothing)), picture, end),
      'before its picture',
    ],
    ['its picture', join(header(), withWrongCrc(picture), end), 'picture data with a wrong CRC'],
    [
      'the second part of its picture',
      join(header(), halves[0], withWrongCrc(halves[1]), end),
      'picture data with a wrong CRC',
    ],
    ['a picture with a changed byte', flipByteInPngChunk(photo), 'picture data with a wrong CRC'],
  ])('rejects a PNG with a wrong CRC of %s', (_, bytes, detail) => {
    expect(detailOf(bytes)).toContain(detail);
  });

  it.each([
    ['nothing', nothing],
    ['some bytes of its end chunk', end.subarray(0, 5)],
    ['an end chunk without its CRC', end.subarray(0, 8)],
    ['zeros', Buffer.alloc(100)],
    ['a stray byte, then its end chunk', Buffer.concat([Buffer.alloc(1), end])],
    ['a chunk that is cut off', text.subarray(0, -6)],
    ['a chunk whose type is not text', pngChunk('a\0bc', nothing)],
  ])('accepts a PNG with a complete picture and then %s, because decoders need no end chunk', (_, after) => {
    expect(detailOf(join(header(), ...halves, after))).toBeUndefined();
  });

  it.each([
    ['between two IDAT chunks', join(header(), halves[0]), 'cut off before its end chunk'],
    [
      'between two IDAT chunks and continues with zeros',
      join(header(), halves[0], Buffer.alloc(100)),
      'cut off before its end chunk',
    ],
    ['in an IDAT chunk', join(header(), picture.subarray(0, -1)), 'cut off within a chunk'],
    ['before its picture', join(header(), text), 'cut off before its end chunk'],
    ['in its second IDAT chunk', join(header(), halves[0], halves[1].subarray(0, -1)), 'cut off within a chunk'],
    ['in a chunk before its picture', join(header(), text.subarray(0, -1)), 'cut off within a chunk'],
    ['after the type of its header', join(header().subarray(0, 8)), 'cut off within a chunk'],
    ['in its header', join(header().subarray(0, -1)), 'cut off within a chunk'],
    ['after its signature', join(), 'cut off before its end chunk'],
  ])('rejects a PNG that is cut off %s', (_, bytes, detail) => {
    expect(detailOf(bytes)).toContain(detail);
  });

  it.each([
    ['no header', join(picture, end), 'header chunk'],
    ['two headers', join(header(), header(), picture, end), 'two header chunks'],
    ['a header of 14 bytes', join(pngChunk('IHDR', Buffer.alloc(14, 1)), picture, end), 'header of the wrong length'],
    ['no width', join(header({ width: 0 }), picture, end), 'no width or height'],
    ['no height', join(header({ height: 0 }), picture, end), 'no width or height'],
    ['an impossible colour type', join(header({ colourType: 5 }), picture, end), 'colour type, 5 with 8 bits'],
    ['an impossible width', join(header({ width: 2 ** 31 }), picture, end), 'impossible width or height'],
    ['an impossible height', join(header({ height: 2 ** 32 - 1 }), picture, end), 'impossible width or height'],
    // The maximum width, height and length of a chunk are 2^31 - 1 (W3C PNG, "Integers and byte order").
    ['too little data for its width', join(header({ width: 2 ** 31 - 1 }), picture, end), 'too little picture data'],
    ['too little data for its height', join(header({ height: 2 ** 31 - 1 }), picture, end), 'too little picture data'],
    [
      'a chunk of the maximum length, which is cut off',
      join(header(), longest, picture, end),
      'cut off within a chunk',
    ],
    ['an unknown compression method', join(header({ compression: 1 }), picture, end), 'compression method'],
    ['an unknown filter method', join(header({ filter: 64 }), picture, end), 'filter method'],
    ['an unknown interlace method', join(header({ interlace: 2 }), picture, end), 'interlace method'],
    ['no palette for its colour type', join(header({ colourType: 3 }), text, picture, end), 'no palette'],
    ['its palette after its picture', join(header({ colourType: 3 }), picture, palette(2), end), 'no palette'],
    ['an empty palette', join(header({ colourType: 3 }), palette(0), picture, end), 'palette of impossible length'],
    [
      'a palette with a third of a colour',
      join(header({ colourType: 3 }), pngChunk('PLTE', Buffer.alloc(7)), picture, end),
      'palette of impossible length',
    ],
    [
      'a palette of 257 colours',
      join(header({ colourType: 3 }), palette(257), picture, end),
      'palette of impossible length',
    ],
    ['no picture', join(header(), end), 'ends before its picture'],
    ['an empty picture', join(header(), pngChunk('IDAT', nothing), end), 'too little picture data'],
    [
      'a picture that is not zlib data',
      join(header(), pngChunk('IDAT', Buffer.from(compressed.map((byte, at) => (at < 2 ? 0 : byte)))), end),
      'not compressed',
    ],
    ['its picture in two places', join(header(), halves[0], text, halves[1], end), 'separate places'],
    ['stray bytes between two chunks', join(header(), Buffer.alloc(2), picture, end), 'malformed chunk'],
    ['a digit in a chunk type', join(header(), pngChunk('a1cd', nothing), picture, end), 'malformed chunk'],
    [
      'an impossible chunk length',
      join(header(), Buffer.from('\x80\0\0\0tEXt', 'latin1'), picture, end),
      'malformed chunk',
    ],
  ])('rejects a PNG with %s', (_, bytes, detail) => {
    expect(detailOf(bytes)).toContain(detail);
  });

  it('rejects a PNG that is cut off at any byte up to the end of its picture', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: photo.length - end.length - 1 }), (keptBytes) => {
        expect(detailOf(photo.subarray(0, keptBytes))).toBeDefined();
      }),
    );
  });

  it('rejects a PNG with a change in any byte of its header or picture', () => {
    const headerEnd = signature.length + header().length;
    const pictureAt = photo.indexOf('IDAT');
    const changeable = fc.oneof(
      fc.integer({ min: signature.length, max: headerEnd - 1 }),
      fc.integer({ min: pictureAt, max: photo.length - end.length - 1 }),
    );
    fc.assert(
      fc.property(changeable, fc.integer({ min: 1, max: 255 }), (at, change) => {
        const changed = Buffer.from(photo);
        changed.writeUInt8(changed.readUInt8(at) ^ change, at);
        expect(detailOf(changed)).toBeDefined();
      }),
    );
  });
});
