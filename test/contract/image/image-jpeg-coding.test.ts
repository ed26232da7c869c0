import { describe, expect, it } from '@jest/globals';
import { detailOf } from './detail-of';
import {
  components,
  frame,
  huffmanTable,
  insertAfter,
  marker,
  replaceFromFrame,
  sampleParts,
  scanOf,
  segment,
  setBytes,
} from './jpeg-segments';

const { application0, baselineFrame, huffmanTables, quantizationTables } = marker;

const dcScan = scanOf([1, 2, 3], [0, 0, 0x01]);
const acScans = [1, 2, 3].map((id) => scanOf([id], [1, 63, 0]));
const dcRefinement = scanOf([1, 2, 3], [0, 0, 0x10], [0x33, 0x33, 0x33]);
const sequential = [0, 63, 0];
const lossless = [1, 0, 0];
const sequentialScan = scanOf([1, 2, 3], sequential);

/** A list of components with the IDs 1, 2 and so on. */
const many = (count: number): number[] =>
  components(...Array.from({ length: count }, (_, index): [number, number, number] => [index + 1, 0x11, 0]));

describe('validateImage for the coding of a JPEG', () => {
  it.each([
    ['extended sequential', [frame(0xc1), sequentialScan]],
    ['sequential with one scan for each component', [frame(0xc0), ...[1, 2, 3].map((id) => scanOf([id], sequential))]],
    ['sequential with odd scan parameters, which decoders ignore', [frame(0xc0), scanOf([1, 2, 3], [1, 5, 0x21])]],
    ['progressive', [frame(0xc2), dcScan, ...acScans, dcRefinement]],
    ['lossless', [frame(0xc3), scanOf([1, 2, 3], lossless)]],
    ['sequential with arithmetic coding', [frame(0xc9), scanOf([1, 2, 3], sequential, [0xff, 0xff, 0xff])]],
    ['progressive with arithmetic coding', [frame(0xca), scanOf([1, 2, 3], [0, 0, 0], [0xff, 0xff, 0xff])]],
    ['sequential with 12 bits a sample', [frame(0xc1, 12), sequentialScan]],
    ['grey', [frame(0xc0, 8, many(1)), scanOf([1], sequential)]],
    ['with a component of 4 × 4 blocks in its own scan', [frame(0xc0, 8, [1, 1, 0x44, 0]), scanOf([1], sequential)]],
    [
      'with components that share an ID',
      [frame(0xc0, 8, components([1, 0x11, 0], [1, 0x11, 1], [1, 0x11, 1])), scanOf([1, 1, 1], sequential)],
    ],
    ['with halved colours', [frame(0xc0, 8, components([1, 0x22, 0], [2, 0x11, 1], [3, 0x11, 1])), sequentialScan]],
  ])('accepts a JPEG that is coded %s', (_, parts) => {
    expect(detailOf(replaceFromFrame(...parts))).toBeUndefined();
  });

  // Each refers to its own table 3, which the JPEG does not define (ITU-T T.81, G.1.2 and H.1.2).
  it.each([
    ['an AC table in a scan of DC', [frame(0xc2), scanOf([1, 2, 3], [0, 0, 0], [0x03, 0x03, 0x03])]],
    ['a DC table in a scan of AC', [frame(0xc2), dcScan, scanOf([1], [1, 63, 0], [0x30])]],
    ['a DC table in a refinement of AC', [frame(0xc2), ...acScans, scanOf([1], [1, 63, 0x10], [0x30])]],
    ['an AC table in lossless coding', [frame(0xc3), scanOf([1, 2, 3], lossless, [0x03, 0x03, 0x03])]],
    ['a quantization table in lossless coding', [frame(0xc3, 8, [1, 1, 0x11, 3]), scanOf([1], lossless)]],
  ])('accepts a JPEG without a table that decoders do not need: %s', (_, parts) => {
    expect(detailOf(replaceFromFrame(...parts))).toBeUndefined();
  });

  it.each([
    ['no common decoder', 'differential sequential', [frame(0xc5), sequentialScan]],
    ['no common decoder', 'differential lossless', [frame(0xc7), scanOf([1, 2, 3], lossless)]],
    ['no common decoder', 'lossless with arithmetic coding', [frame(0xcb), scanOf([1, 2, 3], lossless)]],
    ['no common decoder', 'differential progressive with arithmetic coding', [frame(0xce), dcScan]],
    ['bits', 'with 9 bits a sample', [frame(0xc1, 9), sequentialScan]],
    [
      'sampling',
      'with horizontal sampling factors of 3 and 2',
      [frame(0xc0, 8, components([1, 0x31, 0], [2, 0x21, 1])), scanOf([1, 2], sequential)],
    ],
    [
      'sampling',
      'with vertical sampling factors of 3 and 2',
      [frame(0xc0, 8, components([1, 0x13, 0], [2, 0x12, 1])), scanOf([1, 2], sequential)],
    ],
    ['parameters', 'progressive with DC and AC in one scan', [frame(0xc2), scanOf([1], sequential)]],
    ['parameters', 'progressive with AC of three components in one scan', [frame(0xc2), scanOf([1, 2, 3], [1, 63, 0])]],
    ['parameters', 'progressive with two bits in a refinement', [frame(0xc2), scanOf([1], [1, 63, 0x20])]],
    ['parameters', 'lossless with a last coefficient', [frame(0xc3), scanOf([1, 2, 3], [1, 1, 0])]],
    ['parameters', 'lossless with a refinement', [frame(0xc3), scanOf([1, 2, 3], [1, 0, 0x10])]],
    ['Huffman table', 'with a missing DC table', [frame(0xc0), scanOf([1, 2, 3], sequential, [0, 0x20, 0])]],
    ['Huffman table', 'with a missing AC table', [frame(0xc0), scanOf([1, 2, 3], sequential, [0, 0, 0x03])]],
    ['Huffman table', 'with an impossible table', [frame(0xc0), scanOf([1, 2, 3], sequential, [0x40, 0, 0])]],
    ['Huffman table', 'progressive with a missing DC table', [frame(0xc2), scanOf([1], [0, 0, 0], [0x30])]],
    ['Huffman table', 'progressive with a missing AC table', [frame(0xc2), scanOf([1], [1, 63, 0], [0x03])]],
    ['Huffman table', 'progressive with a refinement without a table', [frame(0xc2), scanOf([1], [1, 63, 0x10], [3])]],
    ['Huffman table', 'lossless with a missing DC table', [frame(0xc3), scanOf([1], lossless, [0x30])]],
    ['Huffman table', 'with too many codes of one bit', [huffmanTable(0, [3], [1, 2, 3]), frame(0xc0), sequentialScan]],
    ['Huffman table', 'with a code of only ones', [huffmanTable(0x10, [1, 2], [1, 2, 3]), frame(0xc0), sequentialScan]],
    ['quantization table', 'with a missing table', [frame(0xc0, 8, [1, 1, 0x11, 2]), scanOf([1], sequential)]],
    ['quantization table', 'with an impossible table', [frame(0xc0, 8, [1, 1, 0x11, 7]), scanOf([1], sequential)]],
    ['two frame headers', 'twice', [frame(0xc0), frame(0xc0), sequentialScan]],
    ['two frame headers', 'both sequential and progressive', [frame(0xc0), sequentialScan, frame(0xc2)]],
    ['do not match', 'with a scan of an unknown component', [frame(0xc0), scanOf([1, 2, 9], sequential)]],
    ['do not match', 'with its first component twice in a scan', [frame(0xc0), scanOf([1, 1], sequential)]],
    ['do not match', 'with its last component twice in a scan', [frame(0xc0), scanOf([3, 3], sequential)]],
    ['do not match', 'with components out of order in a scan', [frame(0xc0), scanOf([3, 2, 1], sequential)]],
    ['do not match', 'with five components in a scan', [frame(0xc0, 8, many(5)), scanOf([1, 2, 3, 4, 5], sequential)]],
    ['do not match', 'with a scan of its fifth component', [frame(0xc0, 8, many(5)), scanOf([5], sequential)]],
    ['before its frame', 'with a scan before its frame header', [sequentialScan, frame(0xc0)]],
    ['before its picture', 'without a scan', [frame(0xc0)]],
  ])('says “%s” when it rejects a JPEG that is coded %s', (named, _, parts) => {
    expect(detailOf(replaceFromFrame(...parts))).toContain(named);
  });

  it('rejects a progressive JPEG without Huffman tables, because only baseline JPEG has standard tables', () => {
    const progressive = replaceFromFrame(frame(0xc2), dcScan, ...acScans).toString('latin1');
    const tables =
      sampleParts()
        .find((part) => part.marker === huffmanTables)
        ?.bytes.toString('latin1') ?? '';
    expect(detailOf(Buffer.from(progressive.replace(tables, ''), 'latin1'))).toBe(
      'The JPEG has a scan without a usable Huffman table',
    );
  });
});

const sized = (width: number, height: number): Buffer =>
  setBytes(baselineFrame, { 1: height >> 8, 2: height & 255, 3: width >> 8, 4: width & 255 });
const sequentialOf = (...list: Parameters<typeof components>): Buffer =>
  replaceFromFrame(
    frame(0xc0, 8, components(...list)),
    scanOf(
      list.map(([id]) => id),
      sequential,
    ),
  );
const losslessOf = (precision: number, parameters = lossless): Buffer =>
  replaceFromFrame(frame(0xc3, precision), scanOf([1, 2, 3], parameters));
const progressiveOf = (parameters: readonly number[]): Buffer => replaceFromFrame(frame(0xc2), scanOf([1], parameters));
const withTable = (table: Buffer, inScan = 0, coding = frame(0xc0)): Buffer =>
  replaceFromFrame(table, coding, scanOf([1, 2, 3], coding[1] === 0xc3 ? lossless : sequential, [inScan]));
const withQuantization = (table: number): Buffer =>
  replaceFromFrame(
    segment(quantizationTables, [table, ...Array<number>(64).fill(1)]),
    frame(0xc0, 8, [1, 1, 0x11, table]),
    scanOf([1], sequential),
  );
const zeros = (count: number): number[] => Array<number>(count).fill(0);
const ones = (count: number): number[] => Array<number>(count).fill(1);

describe('validateImage for a JPEG at a limit', () => {
  // libjpeg: JPEG_MAX_DIMENSION, MAX_COMPONENTS, NUM_QUANT_TBLS, NUM_HUFF_TBLS. The others: ITU-T T.81, B.2.2 to B.2.4, C.2 and H.1.
  it.each([
    ['65,500 columns', sized(65_500, 16), sized(65_501, 16), '65500'],
    ['65,500 lines', sized(16, 65_500), sized(16, 65_501), '65500'],
    [
      'ten components',
      replaceFromFrame(frame(0xc0, 8, many(10)), sequentialScan),
      replaceFromFrame(frame(0xc0, 8, many(11)), sequentialScan),
      'colour components',
    ],
    ['the horizontal sampling factor 1', sequentialOf([1, 0x11, 0]), sequentialOf([1, 0x01, 0]), 'sampling'],
    ['the horizontal sampling factor 4', sequentialOf([1, 0x41, 0]), sequentialOf([1, 0x51, 0]), 'sampling'],
    ['the vertical sampling factor 1', sequentialOf([1, 0x11, 0]), sequentialOf([1, 0x10, 0]), 'sampling'],
    ['the vertical sampling factor 4', sequentialOf([1, 0x14, 0]), sequentialOf([1, 0x15, 0]), 'sampling'],
    [
      'ten blocks in a unit of three components',
      sequentialOf([1, 0x22, 0], [2, 0x22, 0], [3, 0x12, 0]),
      sequentialOf([1, 0x33, 0], [2, 0x11, 0], [3, 0x11, 0]),
      'sampling',
    ],
    ['two bits in lossless coding', losslessOf(2), losslessOf(1), 'bits'],
    ['16 bits in lossless coding', losslessOf(16), losslessOf(17), 'bits'],
    ['predictor 1', losslessOf(8, [1, 0, 0]), losslessOf(8, [0, 0, 0]), 'parameters'],
    ['predictor 7', losslessOf(8, [7, 0, 0]), losslessOf(8, [8, 0, 0]), 'parameters'],
    ['samples shifted to one bit', losslessOf(8, [1, 0, 7]), losslessOf(8, [1, 0, 8]), 'parameters'],
    ['a scan of only DC', progressiveOf([0, 0, 0]), progressiveOf([0, 1, 0]), 'parameters'],
    ['a scan of one AC coefficient', progressiveOf([1, 1, 0]), progressiveOf([1, 0, 0]), 'parameters'],
    ['a scan up to coefficient 63', progressiveOf([1, 63, 0]), progressiveOf([1, 64, 0]), 'parameters'],
    ['a scan from bit 13 on', progressiveOf([0, 0, 13]), progressiveOf([0, 0, 14]), 'parameters'],
    [
      'a difference of 15 bits',
      withTable(huffmanTable(0, [1], [15])),
      withTable(huffmanTable(0, [1], [16])),
      'usable Huffman table',
    ],
    [
      'a difference of 16 bits in lossless coding',
      withTable(huffmanTable(0, [1], [16]), 0, frame(0xc3)),
      withTable(huffmanTable(0, [1], [17]), 0, frame(0xc3)),
      'usable Huffman table',
    ],
    [
      'a code of 16 bits with a zero',
      withTable(huffmanTable(0x10, ones(16), ones(16))),
      withTable(huffmanTable(0x10, [...ones(15), 2], ones(17))),
      'usable Huffman table',
    ],
    [
      'a DC table of number 3',
      withTable(huffmanTable(0x03, [1], [1]), 0x30),
      withTable(huffmanTable(0x04, [1], [1])),
      'Huffman table of an impossible number',
    ],
    [
      'an AC table of number 3',
      withTable(huffmanTable(0x13, [1], [1]), 0x03),
      withTable(huffmanTable(0x14, [1], [1])),
      'Huffman table of an impossible number',
    ],
    [
      'a Huffman table without codes that no scan uses',
      insertAfter(huffmanTables, huffmanTable(3, [], [])),
      insertAfter(huffmanTables, segment(huffmanTables, zeros(16))),
      'Huffman tables of the wrong length',
    ],
    [
      'a Huffman table of 256 codes',
      insertAfter(huffmanTables, huffmanTable(3, [...zeros(14), 1, 255], zeros(256))),
      insertAfter(huffmanTables, huffmanTable(3, [...zeros(14), 2, 255], zeros(257))),
      'Huffman tables of the wrong length',
    ],
    ['a quantization table of number 3', withQuantization(3), withQuantization(4), 'impossible number'],
    [
      'equal bounds of arithmetic coding',
      insertAfter(application0, segment(0xcc, [0, 0x11])),
      insertAfter(application0, segment(0xcc, [0, 0x12])),
      'arithmetic coding',
    ],
  ])('accepts %s, and rejects one step beyond', (_, atLimit, beyond, detail) => {
    expect([atLimit, beyond].map(detailOf)).toEqual([undefined, expect.stringContaining(detail)]);
  });
});
