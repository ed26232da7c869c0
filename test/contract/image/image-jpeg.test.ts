import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validateImage } from '../../../contract/image/image';
import { cutOff } from 'sample-photos/damage';
import { makeJpeg } from 'sample-photos/jpeg';
import {
  insertAfter,
  join,
  mapFirst,
  marker,
  replaceData,
  replaceFromFrame,
  sampleParts,
  segment,
  setBytes,
  without,
} from './jpeg-segments';
import { crc32 } from 'node:zlib';

const { application0, baselineFrame, endOfImage, huffmanTables, quantizationTables, scan, startOfImage } = marker;

const text = (latin1: string): Buffer => Buffer.from(latin1, 'latin1');
const xmp = segment(0xe1, text('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>'));
const adobe = segment(0xee, text('Adobe\0d\0\0\0\0\x01'));
const comment = segment(0xfe, text('Made by hand'));
const restartInterval = segment(0xdd, [0, 16]);

/** Inserts bytes into the entropy-coded data. Decoders can continue after a restart marker. */
const inScan = (...inserted: number[]): Buffer =>
  mapFirst(undefined, (data) => Buffer.concat([data.subarray(0, 999), Buffer.from(inserted), data.subarray(999)]));

const dataOf = (code: number): Buffer => {
  const found = sampleParts().find((part) => part.marker === code);
  if (found === undefined) throw new RangeError('The sample photo has no such segment');
  return found.bytes.subarray(4);
};

const tableData = dataOf(huffmanTables);
const components = (...list: [id: number, sampling: number, table: number][]): number[] => [
  list.length,
  ...list.flat(),
];
const frame = (
  code: number,
  precision = 8,
  ofComponents = components([1, 0x11, 0], [2, 0x11, 1], [3, 0x11, 1]),
): Buffer => segment(code, [precision, 0, 16, 0, 16, ...ofComponents]);
const entropyCoded = Buffer.from([0x12, 0xff, 0x00, 0x34]);
const scanOf = (ids: readonly number[], parameters: readonly number[], tables = 0): Buffer =>
  Buffer.concat([segment(scan, [ids.length, ...ids.flatMap((id) => [id, tables]), ...parameters]), entropyCoded]);
const dcScan = scanOf([1, 2, 3], [0, 0, 0x01]);
const acScans = [1, 2, 3].map((id) => scanOf([id], [1, 63, 0]));
const dcRefinement = scanOf([1, 2, 3], [0, 0, 0x10], 0x33);
const sequential = [0, 63, 0];
const lossless = [1, 0, 0];

/** The sample photo without a height in its frame header. */
const withoutHeight = setBytes(baselineFrame, { 1: 0, 2: 0 });
const withLineCount = (lines: Buffer): Buffer =>
  Buffer.concat([withoutHeight.subarray(0, -2), lines, withoutHeight.subarray(-2)]);

/** A DHT segment of one table: how many codes of 1 to 16 bits there are, and their symbols. */
const huffmanTable = (name: number, counts: readonly number[], symbols: readonly number[]): Buffer =>
  segment(huffmanTables, [name, ...counts, ...Array<number>(16 - counts.length).fill(0), ...symbols]);

const detailOf = (bytes: Uint8Array): string | undefined => {
  const fault = validateImage(bytes, crc32);
  if (fault !== undefined) expect(fault.reason).toBe('image-damaged');
  return fault?.detail;
};

describe('validateImage for a JPEG', () => {
  it.each([
    ['a restart marker in its scan', inScan(0xff, 0xd0)],
    ['a fill byte before a restart marker in its scan', inScan(0xff, 0xff, 0xd0)],
    ['a run of fill bytes before a restart marker', inScan(...Array<number>(500).fill(0xff), 0xd7)],
    ['a fill byte before a stuffed zero', inScan(0xff, 0xff, 0x00)],
    ['a run of fill bytes before a stuffed zero', inScan(...Array<number>(500).fill(0xff), 0x00)],
    ['fill bytes before its end', insertAfter(undefined, [0xff, 0xff, 0xff])],
    ['fill bytes before a segment', insertAfter(quantizationTables, [0xff, 0xff])],
    ['bytes after its entropy-coded data', insertAfter(undefined, [0x55, 0xff, 0x00, 0x55])],
    ['a restart marker between segments', insertAfter(quantizationTables, [0xff, 0xd3])],
    ['a TEM marker between segments', insertAfter(quantizationTables, [0xff, 0x01])],
  ])('accepts %s', (_, bytes) => {
    expect(detailOf(bytes)).toBeUndefined();
  });

  it.each([
    ['one zero byte after APP0', application0, [0]],
    ['ten bytes after APP0', application0, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
    ['?> after an XMP segment', application0, [...xmp, ...text('?>')]],
    ['FF 00 00 02 after APP14', application0, [...adobe, 0xff, 0x00, 0x00, 0x02]],
    ['00 E1 in place of FF E1', application0, [0x00, ...xmp.subarray(1)]],
    ['FF 00 several times after a comment', application0, [...comment, 0xff, 0x00, 0xff, 0xff, 0x00, 0x41]],
    ['a line end after a comment', application0, [...comment, ...text('\r\n')]],
    ['a line end after an APP segment between two scans', undefined, [...xmp, ...text('\r\n')]],
  ])('accepts stray bytes: %s', (_, code, inserted) => {
    expect(detailOf(insertAfter(code, inserted))).toBeUndefined();
  });

  it.each([
    ['after the start of image', startOfImage],
    ['after a quantization table', quantizationTables],
    ['after the frame header', baselineFrame],
    ['after a Huffman table', huffmanTables],
  ])('rejects stray bytes %s, a sign of changed line endings', (_, code) => {
    expect(detailOf(insertAfter(code, [0xff, 0x00, 0x0d]))).toBe(
      'The JPEG has bytes between its segments that belong to none',
    );
  });

  it('rejects a JPEG whose line feeds were replaced by CR LF', () => {
    const mangled = Buffer.from(join(sampleParts()).toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
    expect(detailOf(mangled)).toBeDefined();
  });

  it.each([
    ['an APP segment of length 0', insertAfter(application0, [0xff, 0xe5, 0, 0])],
    ['a comment of length 1', insertAfter(application0, [0xff, 0xfe, 0, 1])],
    ['an unnecessary DNL segment', insertAfter(undefined, segment(0xdc, [2, 0x80]))],
    [
      'a thumbnail with a separate end marker',
      insertAfter(application0, segment(0xe1, [...join(sampleParts()).subarray(0, 500), 0xff, 0xd9])),
    ],
    ['no APP segment at all', without(application0)],
    ['an Adobe segment', insertAfter(application0, adobe)],
    ['a restart interval', insertAfter(baselineFrame, restartInterval)],
    [
      'empty segments of tables',
      insertAfter(application0, [...segment(quantizationTables, []), ...segment(huffmanTables, [])]),
    ],
    [
      'quantization tables of 16 bits',
      insertAfter(application0, segment(quantizationTables, [0x12, ...Array<number>(128).fill(1)])),
    ],
    ['no Huffman tables, like frames of Motion JPEG', without(huffmanTables)],
    ['an unusable Huffman table that no scan uses', insertAfter(huffmanTables, huffmanTable(3, [3], [1, 2, 3]))],
    ['conditions for arithmetic coding', insertAfter(application0, segment(0xcc, [0x00, 0x10, 0x1f, 0x05]))],
    [
      'components that share an ID',
      replaceFromFrame(
        frame(0xc0, 8, components([1, 0x11, 0], [1, 0x11, 1], [1, 0x11, 1])),
        scanOf([1, 1, 1], sequential),
      ),
    ],
  ])('accepts a JPEG with %s', (_, bytes) => {
    expect(detailOf(bytes)).toBeUndefined();
  });

  it.each([
    ['extended sequential', [frame(0xc1), scanOf([1, 2, 3], sequential)]],
    ['sequential with one scan for each component', [frame(0xc0), ...[1, 2, 3].map((id) => scanOf([id], sequential))]],
    ['sequential with odd scan parameters, which decoders ignore', [frame(0xc0), scanOf([1, 2, 3], [1, 5, 0x21])]],
    ['progressive', [frame(0xc2), dcScan, ...acScans, dcRefinement]],
    ['lossless', [frame(0xc3), scanOf([1, 2, 3], lossless)]],
    ['lossless with 16 bits a sample', [frame(0xc3, 16), scanOf([1, 2, 3], lossless)]],
    ['sequential with arithmetic coding', [frame(0xc9), scanOf([1, 2, 3], sequential, 0xff)]],
    ['progressive with arithmetic coding', [frame(0xca), scanOf([1, 2, 3], [0, 0, 0], 0xff)]],
    ['sequential with 12 bits a sample', [frame(0xc1, 12), scanOf([1, 2, 3], sequential)]],
    ['grey', [frame(0xc0, 8, components([1, 0x11, 0])), scanOf([1], sequential)]],
    [
      'CMYK',
      [
        frame(0xc0, 8, components([1, 0x22, 0], [2, 0x11, 1], [3, 0x11, 1], [4, 0x22, 0])),
        scanOf([1, 2, 3, 4], sequential),
      ],
    ],
    [
      'with halved colours',
      [frame(0xc0, 8, components([1, 0x22, 0], [2, 0x11, 1], [3, 0x11, 1])), scanOf([1, 2, 3], sequential)],
    ],
  ])('accepts a JPEG that is coded %s', (_, parts) => {
    expect(detailOf(replaceFromFrame(...parts))).toBeUndefined();
  });

  it.each([
    ['coding', 'differential sequential', [frame(0xc5), scanOf([1, 2, 3], sequential)]],
    ['coding', 'differential lossless', [frame(0xc7), scanOf([1, 2, 3], lossless)]],
    ['coding', 'lossless with arithmetic coding', [frame(0xcb), scanOf([1, 2, 3], lossless)]],
    ['coding', 'differential progressive with arithmetic coding', [frame(0xce), dcScan]],
    ['bits', 'with 9 bits a sample', [frame(0xc1, 9), scanOf([1, 2, 3], sequential)]],
    ['bits', 'lossless with 17 bits a sample', [frame(0xc3, 17), scanOf([1, 2, 3], lossless)]],
    [
      'components',
      'with eleven components',
      [frame(0xc0, 8, components(...Array.from({ length: 11 }, (_, id): [number, number, number] => [id, 0x11, 0])))],
    ],
    ['sampling', 'with a sampling factor of 0', [frame(0xc0, 8, components([1, 0x01, 0])), scanOf([1], sequential)]],
    ['sampling', 'with a sampling factor of 5', [frame(0xc0, 8, components([1, 0x15, 0])), scanOf([1], sequential)]],
    [
      'sampling',
      'with sampling factors of 3 and 2',
      [frame(0xc0, 8, components([1, 0x31, 0], [2, 0x21, 1])), scanOf([1, 2], sequential)],
    ],
    [
      'sampling',
      'with eleven blocks in a unit',
      [frame(0xc0, 8, components([1, 0x33, 0], [2, 0x11, 1], [3, 0x11, 1])), scanOf([1, 2, 3], sequential)],
    ],
    ['parameters', 'progressive with DC and AC in one scan', [frame(0xc2), scanOf([1, 2, 3], sequential)]],
    ['parameters', 'progressive with AC of three components in one scan', [frame(0xc2), scanOf([1, 2, 3], [1, 63, 0])]],
    ['parameters', 'progressive with coefficient 64', [frame(0xc2), scanOf([1], [1, 64, 0])]],
    ['parameters', 'progressive with coefficients from last to first', [frame(0xc2), scanOf([1], [9, 5, 0])]],
    ['parameters', 'progressive with two bits in a refinement', [frame(0xc2), scanOf([1], [1, 63, 0x20])]],
    ['parameters', 'progressive from bit 14 on', [frame(0xca), scanOf([1], [0, 0, 14])]],
    ['parameters', 'lossless with predictor 0', [frame(0xc3), scanOf([1, 2, 3], [0, 0, 0])]],
    ['parameters', 'lossless with more bits shifted than it has', [frame(0xc3), scanOf([1, 2, 3], [1, 0, 8])]],
    ['Huffman', 'with a missing DC table', [frame(0xc0), scanOf([1, 2, 3], sequential, 0x20)]],
    ['Huffman', 'with a missing AC table', [frame(0xc0), scanOf([1, 2, 3], sequential, 0x03)]],
    ['Huffman', 'with a table of an impossible number', [frame(0xc0), scanOf([1, 2, 3], sequential, 0x40)]],
    [
      'Huffman',
      'with too many codes of one bit',
      [huffmanTable(0, [3], [1, 2, 3]), frame(0xc0), scanOf([1, 2, 3], sequential)],
    ],
    [
      'Huffman',
      'with a code of only ones',
      [huffmanTable(0x10, [1, 2], [1, 2, 3]), frame(0xc0), scanOf([1, 2, 3], sequential)],
    ],
    [
      'Huffman',
      'with a difference of 16 bits',
      [huffmanTable(0, [1], [16]), frame(0xc0), scanOf([1, 2, 3], sequential)],
    ],
    [
      'quantization',
      'with a missing quantization table',
      [frame(0xc0, 8, components([1, 0x11, 2])), scanOf([1], sequential)],
    ],
    [
      'quantization',
      'with a quantization table of an impossible number',
      [frame(0xc0, 8, components([1, 0x11, 7])), scanOf([1], sequential)],
    ],
    ['two frame headers', 'twice', [frame(0xc0), frame(0xc0), scanOf([1, 2, 3], sequential)]],
    ['two frame headers', 'both sequential and progressive', [frame(0xc0), scanOf([1, 2, 3], sequential), frame(0xc2)]],
    ['components', 'with a scan of an unknown component', [frame(0xc0), scanOf([1, 2, 9], sequential)]],
    ['components', 'with one component twice in a scan', [frame(0xc0), scanOf([1, 1], sequential)]],
    ['components', 'with components out of order in a scan', [frame(0xc0), scanOf([3, 2, 1], sequential)]],
    ['before its frame', 'with a scan before its frame header', [scanOf([1, 2, 3], sequential), frame(0xc0)]],
    ['before its picture', 'without a scan', [frame(0xc0)]],
  ])('says “%s” when it rejects a JPEG that is coded %s', (named, _, parts) => {
    const detail = detailOf(replaceFromFrame(...parts));
    const words: Record<string, string> = {
      coding: 'coded',
      Huffman: 'Huffman table',
      quantization: 'quantization table',
    };
    expect(detail).toContain(words[named] ?? named);
  });

  it('rejects a progressive JPEG without Huffman tables, because only baseline JPEG has standard tables', () => {
    const progressive = replaceFromFrame(frame(0xc2), dcScan, ...acScans);
    const tablesAt = progressive.indexOf(segment(huffmanTables, tableData));
    const without = Buffer.concat([
      progressive.subarray(0, tablesAt),
      progressive.subarray(tablesAt + tableData.length + 4),
    ]);
    expect(detailOf(without)).toBe('The JPEG has a scan without a usable Huffman table');
  });

  it.each([
    ['quantization tables', quantizationTables],
    ['frame header', baselineFrame],
    ['Huffman tables', huffmanTables],
    ['scan header', scan],
  ])('rejects a JPEG with a byte too few or too many in its %s', (name, code) => {
    const shorter = detailOf(replaceData(code, (data) => data.subarray(0, -1)));
    const longer = detailOf(replaceData(code, (data) => [...data, 0]));
    expect([shorter, longer]).toEqual([expect.stringContaining(name), expect.stringContaining(name)]);
  });

  it.each([
    ['a restart interval of three bytes', insertAfter(application0, segment(0xdd, [0, 1, 2])), 'restart interval'],
    [
      'half a pair of arithmetic conditions',
      insertAfter(application0, segment(0xcc, [0, 1, 0])),
      'conditions of the wrong length',
    ],
    [
      'impossible arithmetic conditions',
      insertAfter(application0, segment(0xcc, [0, 0x01])),
      'impossible arithmetic coding',
    ],
    [
      'an impossible number of arithmetic conditions',
      insertAfter(application0, segment(0xcc, [0x20, 0x10])),
      'impossible arithmetic coding',
    ],
    [
      'an impossible quantization table',
      insertAfter(application0, segment(quantizationTables, [4, ...Array<number>(64).fill(1)])),
      'quantization table of an impossible number',
    ],
    [
      'an impossible Huffman table',
      insertAfter(application0, huffmanTable(0x20, [1], [0])),
      'Huffman table of an impossible number',
    ],
    ['an empty frame header', replaceData(baselineFrame, () => []), 'frame header'],
    ['no components', replaceData(baselineFrame, (data) => [...data.subarray(0, 5), 0]), 'without colour components'],
    ['a count of 0 components', setBytes(baselineFrame, { 5: 0 }), 'without colour components'],
    ['no width', setBytes(baselineFrame, { 3: 0, 4: 0 }), 'no width'],
    ['a width that decoders don’t allow', setBytes(baselineFrame, { 3: 0xff, 4: 0xff }), '65500'],
    ['no height', withoutHeight, 'no height'],
    ['no height, because its DNL segment is too long', withLineCount(segment(0xdc, [0, 16, 0])), 'no height'],
    ['a scan without components', replaceData(scan, () => [0, 0, 63, 0]), 'scan header'],
    ['two start markers', insertAfter(startOfImage, [0xff, 0xd8]), 'second start'],
    [
      'another JPEG in place of its end marker',
      Buffer.concat([join(sampleParts()).subarray(0, -2), join(sampleParts())]),
      'second start',
    ],
    ['an unknown marker', insertAfter(application0, segment(0x02, [1])), 'no common decoder knows'],
    ['an unknown marker (JPG)', insertAfter(application0, segment(0xc8, [1])), 'no common decoder knows'],
    ['an unknown marker (JPG0)', insertAfter(application0, segment(0xf0, [1])), 'no common decoder knows'],
    ['an impossible segment length', insertAfter(application0, [0xff, 0xdb, 0, 1]), 'impossible length'],
    ['no end marker', without(endOfImage), 'cut off'],
    ['zeros in place of its end marker', Buffer.concat([without(endOfImage), Buffer.alloc(5_000)]), 'cut off'],
    ['half an end marker', join(sampleParts()).subarray(0, -1), 'cut off'],
  ])('rejects a JPEG with %s', (_, bytes, detail) => {
    expect(detailOf(bytes)).toContain(detail);
  });

  it('accepts a JPEG whose height is in a DNL segment after its scan', () => {
    expect(detailOf(withLineCount(segment(0xdc, [0, 16])))).toBeUndefined();
  });

  it('accepts a JPEG that is cut off in a segment after its only scan, because decoders show the whole picture', () => {
    const picture = without(endOfImage);
    expect(detailOf(Buffer.concat([picture, xmp.subarray(0, -1)]))).toBeUndefined();
    expect(detailOf(Buffer.concat([picture, xmp]))).toBeUndefined();
    expect(detailOf(Buffer.concat([picture, Buffer.from([0xff, 0xe1])]))).toBeUndefined();
  });

  it('rejects a progressive JPEG that is cut off between its scans', () => {
    const progressive = replaceFromFrame(frame(0xc2), dcScan, ...acScans, xmp);
    expect(detailOf(progressive.subarray(0, -3))).toContain('cut off');
  });

  it('rejects a JPEG that is cut off at any byte', () => {
    const jpeg = makeJpeg({ bytes: 40_000, seed: 1 });
    fc.assert(
      fc.property(fc.integer({ min: 3, max: jpeg.length - 1 }), (keptBytes) => {
        expect(detailOf(cutOff(jpeg, keptBytes))).toBeDefined();
      }),
    );
  });
});
