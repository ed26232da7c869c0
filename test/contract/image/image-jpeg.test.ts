import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cutOff } from 'sample-photos/damage';
import { makeJpeg } from 'sample-photos/jpeg';
import { detailOf } from './detail-of';
import {
  frame,
  huffmanTable,
  insertAfter,
  join,
  mapFirst,
  marker,
  replaceData,
  replaceFromFrame,
  sampleParts,
  scanOf,
  segment,
  setBytes,
  without,
} from './jpeg-segments';

const { application0, baselineFrame, endOfImage, huffmanTables, quantizationTables, scan, startOfImage } = marker;

const text = (latin1: string): Buffer => Buffer.from(latin1, 'latin1');
const xmp = segment(0xe1, text('http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>'));
const adobe = segment(0xee, text('Adobe\0d\0\0\0\0\x01'));
const comment = segment(0xfe, text('Made by hand'));
const restartInterval = segment(0xdd, [0, 16]);

const whole = join(sampleParts());

/** Inserts bytes into the entropy-coded data. Decoders can continue after a restart marker. */
const inScan = (...inserted: number[]): Buffer =>
  mapFirst(undefined, (data) => Buffer.concat([data.subarray(0, 999), Buffer.from(inserted), data.subarray(999)]));

/** The sample photo without a height in its frame header. */
const withoutHeight = setBytes(baselineFrame, { 1: 0, 2: 0 });
const withLineCount = (...lines: Buffer[]): Buffer =>
  Buffer.concat([withoutHeight.subarray(0, -2), ...lines, withoutHeight.subarray(-2)]);
const lineCount = segment(0xdc, [0, 16]);

const strayBytes = 'The JPEG has bytes between its segments that belong to none';
const sequential = [0, 63, 0];
/** A frame header of one component without a height. */
const frameWithoutHeight = segment(baselineFrame, [8, 0, 0, 0, 16, 1, 1, 0x11, 0]);

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
    expect(detailOf(insertAfter(code, [0xff, 0x00, 0x0d]))).toBe(strayBytes);
  });

  it('rejects a comment without its FF, and a byte after a DNL segment', () => {
    expect(detailOf(insertAfter(quantizationTables, comment.subarray(1)))).toBe(strayBytes);
    expect(detailOf(withLineCount(lineCount, Buffer.from([0x0d])))).toBe(strayBytes);
  });

  it('rejects a JPEG whose line feeds were replaced by CR LF', () => {
    const mangled = Buffer.from(whole.toString('latin1').replaceAll('\n', '\r\n'), 'latin1');
    expect(detailOf(mangled)).toBeDefined();
  });

  it.each([
    ['an APP segment of length 0', insertAfter(application0, [0xff, 0xe5, 0, 0])],
    ['a comment of length 1', insertAfter(application0, [0xff, 0xfe, 0, 1])],
    ['an unnecessary DNL segment', insertAfter(undefined, segment(0xdc, [2, 0x80]))],
    [
      'a thumbnail with a separate end marker',
      insertAfter(application0, segment(0xe1, [...whole.subarray(0, 500), 0xff, 0xd9])),
    ],
    ['no APP segment at all', without(application0)],
    ['an APP15 segment', insertAfter(application0, segment(0xef, [1, 2]))],
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
    [
      'conditions for arithmetic coding',
      insertAfter(application0, segment(0xcc, [0x00, 0x10, 0x10, 0x05, 0x1f, 0x05])),
    ],
  ])('accepts a JPEG with %s', (_, bytes) => {
    expect(detailOf(bytes)).toBeUndefined();
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
    ['no height, because its DNL segment has none', withLineCount(segment(0xdc, [0, 0])), 'no height'],
    [
      'no height, because its DNL segment is too early',
      replaceFromFrame(frameWithoutHeight, lineCount, scanOf([1], sequential)),
      'no height',
    ],
    ['no height, but an APP segment as long as DNL', withLineCount(segment(0xe1, [0, 16])), 'no height'],
    ['a scan without components', replaceData(scan, () => [0, 0, 63, 0]), 'scan header'],
    ['an empty scan header', replaceData(scan, () => []), 'scan header'],
    ['two start markers', insertAfter(startOfImage, [0xff, 0xd8]), 'second start'],
    ['another JPEG in place of its end marker', Buffer.concat([whole.subarray(0, -2), whole]), 'second start'],
    ['an unknown marker', insertAfter(application0, segment(0x02, [1])), 'no common decoder'],
    ['an unknown marker (JPG)', insertAfter(application0, segment(0xc8, [1])), 'no common decoder'],
    ['an unknown marker (JPG0)', insertAfter(application0, segment(0xf0, [1])), 'no common decoder'],
    ['an impossible segment length', insertAfter(application0, [0xff, 0xdb, 0, 1]), 'impossible length'],
    ['nothing after its first marker', whole.subarray(0, 4), 'cut off within a segment'],
    ['half a segment', whole.subarray(0, 10), 'cut off within a segment'],
    [
      'an empty restart interval at its end',
      Buffer.concat([whole.subarray(0, 2), segment(0xdd, [])]),
      'restart interval',
    ],
    ['no end marker', without(endOfImage), 'cut off before its end'],
    ['zeros in place of its end marker', Buffer.concat([without(endOfImage), Buffer.alloc(5_000)]), 'cut off before'],
    ['half an end marker', whole.subarray(0, -1), 'cut off before its end'],
  ])('rejects a JPEG with %s', (_, bytes, detail) => {
    expect(detailOf(bytes)).toContain(detail);
  });

  it('accepts a JPEG whose height is in a DNL segment after its scan', () => {
    expect(detailOf(withLineCount(lineCount))).toBeUndefined();
  });

  it('accepts a JPEG that is cut off in a segment after its only scan, because decoders show the whole picture', () => {
    const picture = without(endOfImage);
    expect(detailOf(Buffer.concat([picture, xmp.subarray(0, -1)]))).toBeUndefined();
    expect(detailOf(Buffer.concat([picture, xmp]))).toBeUndefined();
    expect(detailOf(Buffer.concat([picture, xmp, text('?>')]))).toBeUndefined();
    expect(detailOf(Buffer.concat([picture, Buffer.from([0xff, 0xe1])]))).toBeUndefined();
  });

  // libjpeg reads all scans before it shows the picture.
  it.each([
    ['the DC scan of a progressive picture', [frame(0xc2), scanOf([1, 2, 3], [0, 0, 0])]],
    ['one component', [frame(0xc0), scanOf([1], sequential)]],
    ['one component after another', [frame(0xc0), ...[1, 2, 3].map((id) => scanOf([id], sequential))]],
  ])('rejects a JPEG of several scans that is cut off in a segment after %s', (_, parts) => {
    expect(detailOf(replaceFromFrame(...parts, xmp).subarray(0, -3))).toContain('cut off');
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
