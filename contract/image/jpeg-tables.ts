/** Tables of each kind that a JPEG may define: DC Huffman, AC Huffman and quantization tables (libjpeg accepts 0 to 3). */
const maxTables = 4;
const coefficients = 64;
const codeLengths = 16;

/** The properties of a Huffman table that decide whether it can be used. */
interface HuffmanTable {
  /** Its code lengths form a prefix code in which no code is all ones (ITU-T T.81, annex C). */
  readonly isPrefixCode: boolean;
  readonly largestSymbol: number;
}

/** The DC and AC tables 0 and 1 of ITU-T T.81, annex K.3. Decoders know them without a definition. */
const standardTable: HuffmanTable = { isPrefixCode: true, largestSymbol: 11 };
const acTable = 0x10;

/** The tables that a JPEG has defined so far. */
export class JpegTables {
  private readonly quantization = new Set<number>();
  /** Keys as in a segment: the class (0x00 for DC, 0x10 for AC) plus the number. */
  private readonly huffman = new Map<number, HuffmanTable>();

  /** Reads a DQT segment (B.2.4.1). @returns a description of the fault, if there is one. */
  readQuantization(segment: DataView): string | undefined {
    let at = 0;
    while (at < segment.byteLength) {
      const head = segment.getUint8(at);
      const table = head & 15;
      if (table >= maxTables) return 'The JPEG has a quantization table of an impossible number';
      at += 1 + (head >> 4 === 0 ? coefficients : 2 * coefficients);
      this.quantization.add(table);
    }
    return at === segment.byteLength ? undefined : 'The JPEG has quantization tables of the wrong length';
  }

  /** Reads a DHT segment (B.2.4.2). @returns a description of the fault, if there is one. */
  readHuffman(segment: DataView): string | undefined {
    let at = 0;
    while (segment.byteLength - at > codeLengths) {
      const name = segment.getUint8(at);
      const symbolsAt = at + 1 + codeLengths;
      const symbols = countSymbols(segment, at + 1);
      if (symbols > 256 || symbolsAt + symbols > segment.byteLength) {
        return 'The JPEG has Huffman tables of the wrong length';
      }
      if ((name & ~acTable) >= maxTables) return 'The JPEG has a Huffman table of an impossible number';
      this.huffman.set(name, {
        isPrefixCode: isPrefixCode(segment, at + 1),
        largestSymbol: largestByte(segment, symbolsAt, symbols),
      });
      at = symbolsAt + symbols;
    }
    return at === segment.byteLength ? undefined : 'The JPEG has Huffman tables of the wrong length';
  }

  /** Adds the standard Huffman tables that a baseline JPEG, such as a frame of Motion JPEG, does not define. */
  addStandardHuffman(): void {
    for (const name of [0, 1, acTable, acTable + 1]) {
      if (!this.huffman.has(name)) this.huffman.set(name, standardTable);
    }
  }

  /** Whether a quantization table is defined. */
  hasQuantization(table: number): boolean {
    return this.quantization.has(table);
  }

  /** Whether a DC table is defined and can be used. @param maxSymbol the maximum number of bits of a difference. */
  hasUsableDc(table: number, maxSymbol: number): boolean {
    const found = this.huffman.get(table);
    return found !== undefined && found.isPrefixCode && found.largestSymbol <= maxSymbol;
  }

  /** Whether an AC table is defined and can be used. */
  hasUsableAc(table: number): boolean {
    const found = this.huffman.get(acTable + table);
    return found !== undefined && found.isPrefixCode;
  }
}

/** Checks a DAC segment (B.2.4.3), which configures arithmetic coding. @returns a description of the fault, if there is one. */
export function findArithmeticConditioningFault(segment: DataView): string | undefined {
  if (segment.byteLength % 2 !== 0) return 'The JPEG has arithmetic coding conditions of the wrong length';
  for (let at = 0; at < segment.byteLength; at += 2) {
    const name = segment.getUint8(at);
    const value = segment.getUint8(at + 1);
    const isDc = name < acTable;
    if (name >= 2 * acTable || (isDc && (value & 15) > value >> 4)) {
      return 'The JPEG has impossible arithmetic coding conditions';
    }
  }
  return undefined;
}

function countSymbols(segment: DataView, countsAt: number): number {
  let symbols = 0;
  for (let at = countsAt; at < countsAt + codeLengths; at++) symbols += segment.getUint8(at);
  return symbols;
}

function isPrefixCode(segment: DataView, countsAt: number): boolean {
  let nextCode = 0;
  for (let bits = 1; bits <= codeLengths; bits++) {
    nextCode += segment.getUint8(countsAt + bits - 1);
    if (nextCode >= 2 ** bits) return false;
    nextCode *= 2;
  }
  return true;
}

function largestByte(segment: DataView, from: number, count: number): number {
  let largest = 0;
  for (let at = from; at < from + count; at++) largest = Math.max(largest, segment.getUint8(at));
  return largest;
}
