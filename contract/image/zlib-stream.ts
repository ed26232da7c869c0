/**
 * Whether a zlib stream is complete (RFC 1950 and 1951). Used only for the rare PNG without an end chunk.
 *
 * Decodes the symbols but writes no data, so the time is linear in the size of the stream and no memory is needed for the picture,
 * whatever its size. CRCs of the chunks protect the data itself.
 * @param pieces the stream. Other bytes may follow.
 */
export function isWholeZlibStream(pieces: readonly Uint8Array[]): boolean {
  const stream = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    stream.set(piece, end);
    end += piece.length;
  }
  if (!isZlibHeader(stream[0], stream[1])) return false;
  const bits = new Bits(stream, headerBytes);
  let isLast = false;
  while (!isLast) {
    isLast = bits.read(1) === 1;
    if (!skipBlock(bits)) return false;
  }
  return bits.left() >= checksumBytes;
}

const headerBytes = 2;
const checksumBytes = 4;

/** The bits of a stream, lowest first. After the end of the stream, all bits are 0, which begin no valid block. */
class Bits {
  private bit: number;

  constructor(
    private readonly bytes: Uint8Array,
    from: number,
  ) {
    this.bit = from * 8;
  }

  /** The next bits, at least 16, without reading them. */
  peek(): number {
    const { bytes } = this;
    const at = this.bit >> 3;
    return ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)) >> (this.bit & 7);
  }

  /** @param count at most 16. */
  read(count: number): number {
    const value = this.peek() & ((1 << count) - 1);
    this.bit += count;
    return value;
  }

  /** Skips the rest of a byte that is read in part, and whole bytes. */
  skip(bytes: number): void {
    this.bit = (((this.bit + 7) >> 3) + bytes) * 8;
  }

  /** The number of whole bytes that are left. Negative after the end. */
  left(): number {
    return this.bytes.length - ((this.bit + 7) >> 3);
  }
}

/** @returns whether the block is valid. It may continue after the end of the stream. */
function skipBlock(bits: Bits): boolean {
  const type = bits.read(2);
  if (type === 0) {
    bits.skip(0);
    const length = bits.read(16);
    const isLength = bits.read(16) === (length ^ 0xffff);
    bits.skip(length);
    return isLength;
  }
  if (type === 1) return skipSymbols(bits, fixedLiterals, fixedDistances);
  if (type === 3) return false;
  const literals = bits.read(5) + 257;
  const distances = bits.read(5) + 1;
  const lengths = readLengths(bits, literals + distances);
  return (
    lengths !== undefined && skipSymbols(bits, makeCode(lengths.slice(0, literals)), makeCode(lengths.slice(literals)))
  );
}

const endOfBlock = 256;
const maxLiteral = 285;
const maxDistance = 29;

function skipSymbols(bits: Bits, literals: Code, distances: Code): boolean {
  for (;;) {
    const literal = readSymbol(bits, literals);
    if (literal === undefined || literal > maxLiteral) return false;
    if (literal < endOfBlock) continue;
    if (literal === endOfBlock) return true;
    bits.read(literal === maxLiteral ? 0 : Math.max(0, (literal - 261) >> 2));
    const distance = readSymbol(bits, distances);
    if (distance === undefined || distance > maxDistance) return false;
    bits.read(Math.max(0, (distance >> 1) - 1));
  }
}

/** The order in which a block has the lengths of the code of its code lengths (RFC 1951, 3.2.7). */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Reads the lengths of a block's codes. @returns undefined if they are invalid. */
function readLengths(bits: Bits, count: number): number[] | undefined {
  const ofLengths: number[] = [];
  for (const place of lengthOrder.slice(0, bits.read(4) + 4)) ofLengths[place] = bits.read(3);
  const code = makeCode(ofLengths);
  const lengths: number[] = [];
  while (lengths.length < count) {
    const symbol = readSymbol(bits, code);
    if (symbol === undefined) return undefined;
    if (symbol < 16) lengths.push(symbol);
    else if (symbol === 16) lengths.push(...repeated(lengths.at(-1) ?? 0, 3 + bits.read(2)));
    else lengths.push(...repeated(0, symbol === 17 ? 3 + bits.read(3) : 11 + bits.read(7)));
  }
  return lengths.length === count ? lengths : undefined;
}

function repeated(length: number, times: number): number[] {
  return new Array<number>(times).fill(length);
}

/** A canonical Huffman code (RFC 1951, 3.2.2). */
interface Code {
  /** How many codes have one bit, two bits and so on. */
  readonly counts: readonly number[];
  /** In the order of their codes. */
  readonly symbols: readonly number[];
}

const maxBits = 15;

/** @param lengths of the codes of all symbols, in bits. 0 or none: the symbol is not used. */
function makeCode(lengths: readonly number[]): Code {
  const counts = new Array<number>(maxBits).fill(0);
  const used = lengths.map((length, symbol) => ({ length, symbol })).filter(({ length }) => length > 0);
  for (const { length } of used) counts[length - 1] = (counts[length - 1] ?? 0) + 1;
  return { counts, symbols: used.sort((a, b) => a.length - b.length).map(({ symbol }) => symbol) };
}

/** @returns undefined if the bits are no symbol's code, or only the checksum can be left. */
function readSymbol(bits: Bits, { counts, symbols }: Code): number | undefined {
  if (bits.left() < checksumBytes) return undefined;
  let next = bits.peek();
  let length = 0;
  /** The distance to the first code of the same length, and the place of that code's symbol. */
  let offset = 0;
  let place = 0;
  for (const count of counts) {
    length++;
    offset = offset * 2 + (next & 1);
    next >>= 1;
    if (offset < count) {
      bits.read(length);
      return symbols[place + offset];
    }
    offset -= count;
    place += count;
  }
  return undefined;
}

/** The codes of blocks without own codes (RFC 1951, 3.2.6). */
const fixedLiterals = makeCode([...repeated(8, 144), ...repeated(9, 112), ...repeated(7, 24), ...repeated(8, 8)]);
const fixedDistances = makeCode(repeated(5, 30));

/** Whether two bytes begin a zlib stream that a PNG may contain: deflate, without a preset dictionary (RFC 1950, 2.2). */
export function isZlibHeader(method: number | undefined, flags: number | undefined): boolean {
  if (method === undefined || flags === undefined) return false;
  return (method & 15) === 8 && method >> 4 <= 7 && (method * 256 + flags) % 31 === 0 && (flags & 0x20) === 0;
}
