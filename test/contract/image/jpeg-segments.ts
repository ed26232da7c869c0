import { makeJpeg } from 'sample-photos/jpeg';

/** A part of a JPEG: a marker with its segment, a scan's entropy-coded data, or the end-of-image marker. */
export interface JpegPart {
  /** The marker's byte; undefined for entropy-coded data. */
  readonly marker: number | undefined;
  readonly bytes: Buffer;
}

/** The markers that tests change. */
export const marker = {
  baselineFrame: 0xc0,
  huffmanTables: 0xc4,
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  scan: 0xda,
  quantizationTables: 0xdb,
  application0: 0xe0,
} as const;

/** Writes a segment: marker, length and data. */
export function segment(code: number, data: Iterable<number>): Buffer {
  const bytes = Buffer.from([0xff, code, 0, 0, ...data]);
  bytes.writeUInt16BE(bytes.length - 2, 2);
  return bytes;
}

const photo = makeJpeg({ bytes: 34_000, seed: 1 });

/** Splits one of the project's own sample photos, a baseline JPEG with one scan, into its parts. */
export function sampleParts(): JpegPart[] {
  const parts: JpegPart[] = [{ marker: marker.startOfImage, bytes: photo.subarray(0, 2) }];
  for (let at = 2; ;) {
    const code = photo.readUInt8(at + 1);
    const end = at + 2 + photo.readUInt16BE(at + 2);
    parts.push({ marker: code, bytes: photo.subarray(at, end) });
    at = end;
    if (code !== marker.scan) continue;
    parts.push({ marker: undefined, bytes: photo.subarray(at, -2) });
    parts.push({ marker: marker.endOfImage, bytes: photo.subarray(-2) });
    return parts;
  }
}

/** Joins parts to a JPEG. */
export function join(parts: readonly JpegPart[]): Buffer {
  return Buffer.concat(parts.map(({ bytes }) => bytes));
}

/** Inserts bytes after the first part with a marker. */
export function insertAfter(code: number | undefined, inserted: Iterable<number>, parts = sampleParts()): Buffer {
  return mapFirst(
    code,
    (bytes) => Buffer.concat([bytes, inserted instanceof Buffer ? inserted : Buffer.from([...inserted])]),
    parts,
  );
}

/** Replaces the parts from the frame header on, up to the end-of-image marker. */
export function replaceFromFrame(...replacement: readonly Buffer[]): Buffer {
  const parts = sampleParts();
  const frameAt = parts.findIndex((part) => part.marker === marker.baselineFrame);
  const tables = parts.find((part) => part.marker === marker.huffmanTables)?.bytes ?? Buffer.alloc(0);
  return Buffer.concat([join(parts.slice(0, frameAt)), tables, ...replacement, Buffer.from([0xff, 0xd9])]);
}

/** Replaces the data of the first segment with a marker, and sets its length to fit. */
export function replaceData(code: number, change: (data: Buffer) => Iterable<number>, parts = sampleParts()): Buffer {
  return mapFirst(code, (bytes) => segment(code, change(bytes.subarray(4))), parts);
}

/** Changes bytes in the data of the first segment with a marker. @param changes values by position. */
export function setBytes(code: number, changes: Readonly<Record<number, number>>): Buffer {
  return replaceData(code, (data) => data.map((byte, at) => changes[at] ?? byte));
}

/** Removes all parts with a marker. */
export function without(code: number, parts = sampleParts()): Buffer {
  return join(parts.filter((part) => part.marker !== code));
}

/** Changes the bytes of the first part with a marker. */
export function mapFirst(
  code: number | undefined,
  change: (bytes: Buffer) => Buffer,
  parts: readonly JpegPart[] = sampleParts(),
): Buffer {
  const first = parts.findIndex((part) => part.marker === code);
  return join(parts.map((part, index) => (index === first ? { ...part, bytes: change(part.bytes) } : part)));
}

/** A list of components for {@link frame}: id, sampling factors, and number of the quantization table. */
export function components(...list: [id: number, sampling: number, table: number][]): number[] {
  return [list.length, ...list.flat()];
}

/** A frame header of 16 × 16 pixels. */
export function frame(
  code: number,
  precision = 8,
  ofComponents = components([1, 0x11, 0], [2, 0x11, 1], [3, 0x11, 1]),
): Buffer {
  return segment(code, [precision, 0, 16, 0, 16, ...ofComponents]);
}

/**
 * A scan with some entropy-coded data.
 * @param parameters the first and last coefficient, and the bits.
 * @param tables the Huffman tables of each component: DC × 16 + AC.
 */
export function scanOf(ids: readonly number[], parameters: readonly number[], tables = ids.map(() => 0)): Buffer {
  const ofComponents = ids.flatMap((id, index) => [id, tables[index] ?? 0]);
  const entropyCoded = Buffer.from([0x12, 0xff, 0x00, 0x34]);
  return Buffer.concat([segment(marker.scan, [ids.length, ...ofComponents, ...parameters]), entropyCoded]);
}

/** A DHT segment of one table: how many codes of 1 to 16 bits there are, and their symbols. */
export function huffmanTable(name: number, counts: readonly number[], symbols: readonly number[]): Buffer {
  return segment(marker.huffmanTables, [name, ...counts, ...Array<number>(16 - counts.length).fill(0), ...symbols]);
}
