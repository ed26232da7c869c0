import { describe, expect, it } from '@jest/globals';
import { isWholeZlibStream } from '../../../contract/image/zlib-stream';

/** A zlib stream of one block. @param bits in the order in which decoders read them. */
const streamOf = (...bits: string[]): Buffer => {
  const bytes = bits.join('').match(/.{1,8}/g) ?? [];
  const checksum = [0, 0, 0, 1];
  return Buffer.from([0x78, 0x9c, ...bytes.map((byte) => parseInt(reversed(byte), 2)), ...checksum]);
};
const reversed = (bits: string): string => Array.from(bits).reverse().join('');
/** Numbers have their lowest bit first, codes their highest. */
const number = (value: number, bits: number): string => reversed(value.toString(2).padStart(bits, '0'));

const last = '1';
const [fixed, dynamic, reserved] = [number(1, 2), number(2, 2), number(3, 2)];

/** The order of the lengths of the code of code lengths (RFC 1951, 3.2.7). */
const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** How many literals and distances have a length, then the code in which their lengths follow. */
const header = (literals: number, distances: number, lengths: Readonly<Record<number, number>>): string =>
  [
    number(literals - 257, 5),
    number(distances - 1, 5),
    number(order.length - 4, 4),
    ...order.map((symbol) => number(lengths[symbol] ?? 0, 3)),
  ].join('');

/** A code of two symbols: the length 1, and the repetition of 0 (symbol 18). */
const simple = { 1: 1, 18: 1 };
const one = '0';
const zeros = (count: number): string => `1${number(count - 11, 7)}`;
/** No byte has a code. */
const noBytes = zeros(138) + zeros(118);

/** Fixed codes (RFC 1951, 3.2.6). */
const fixedEnd = '0000000';
const fixedDistance = '00000';

describe('isWholeZlibStream for a block', () => {
  it.each([
    ['of only an end', [last, dynamic, header(257, 1, simple), noBytes, one, one, '0']],
    [
      'with the longest distance, 29',
      [last, dynamic, header(258, 30, simple), noBytes, one, one, zeros(29), one, '1', '0', number(0, 13), '0'],
    ],
    ['with the longest length, 285', [last, fixed, '11000101', fixedDistance, fixedEnd]],
  ])('accepts a block %s', (_, bits) => {
    const stream = streamOf(...bits);
    expect(isWholeZlibStream([stream])).toBe(true);
    expect(isWholeZlibStream([stream.subarray(0, -1)])).toBe(false);
  });

  // Each block would be valid without its fault.
  it.each([
    ['of the reserved type', [last, reserved, header(257, 1, simple), noBytes, one, one, '0']],
    [
      'with the distance 30',
      [last, dynamic, header(258, 31, simple), noBytes, one, one, zeros(30), one, '1', '0', number(0, 14), '0'],
    ],
    ['with the length 286', [last, fixed, '11000110', number(0, 6), fixedDistance, fixedEnd]],
    ['with a bit that is no literal', [last, dynamic, header(257, 2, simple), noBytes, one, one, one, '1', '0']],
    [
      'with a bit that is no distance',
      [last, dynamic, header(258, 1, simple), noBytes, one, one, one, '1', '1', '0', '0'],
    ],
    ['with more code lengths than it has codes', [last, dynamic, header(257, 1, simple), noBytes, one, zeros(11), '0']],
    [
      'with bits that are no code length',
      // The lengths' codes are 00 and 01.
      [last, dynamic, header(257, 1, { 1: 2, 18: 2 }), number(127, 7), `01${number(107, 7)}`, '00', '00', '0'],
    ],
  ])('rejects a block %s', (_, bits) => {
    expect(isWholeZlibStream([streamOf(...bits)])).toBe(false);
  });
});

describe('isWholeZlibStream for a header', () => {
  const rest = streamOf(last, fixed, fixedEnd).subarray(2);

  it.each([
    ['of the fastest compression', [0x78, 0x01]],
    ['of the best compression', [0x78, 0xda]],
    ['of the smallest window', [0x08, 0x1d]],
  ])('accepts a header %s', (_, bytes) => {
    expect(isWholeZlibStream([Buffer.from(bytes), rest])).toBe(true);
  });

  // The check bits of all but the first are right (RFC 1950, 2.2).
  it.each([
    ['with wrong check bits', [0x78, 0x9d]],
    ['of another method than deflate', [0x79, 0x18]],
    ['of a window above 32 KB', [0x88, 0x1c]],
    ['of a preset dictionary', [0x78, 0x20]],
  ])('rejects a header %s', (_, bytes) => {
    expect(isWholeZlibStream([Buffer.from(bytes), rest])).toBe(false);
  });

  it('rejects a stream that ends in its header', () => {
    expect([[], [0x78], [0x78, 0x9c]].map((bytes) => isWholeZlibStream([Buffer.from(bytes)]))).toEqual([
      false,
      false,
      false,
    ]);
  });
});
