import { findEndOfData, isRestart } from './jpeg-data';
import { type Frame, type FrameComponent, readFrame } from './jpeg-frame';
import { findScanFault } from './jpeg-scan';
import { findArithmeticConditioningFault, JpegTables } from './jpeg-tables';

/** JPEG markers: the byte after 0xFF (ITU-T T.81, table B.1). */
const marker = {
  temporary: 0x01,
  huffmanTables: 0xc4,
  arithmeticConditioning: 0xcc,
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  quantizationTables: 0xdb,
  numberOfLines: 0xdc,
  restartInterval: 0xdd,
  application0: 0xe0,
  application15: 0xef,
  comment: 0xfe,
};

/**
 * Walks through the segments of a JPEG to the end of its first image. Follows libjpeg, which Pillow, sharp and Chromium use.
 *
 * Stricter than libjpeg in one point: stray bytes are allowed only after APPn and COM segments, where cameras and editors leave them.
 * Elsewhere they are a sign of damage, such as changed line endings. Nothing is decoded, so damage inside the entropy-coded data is
 * not detected.
 * @param bytes must begin with FF D8.
 * @returns a description of the fault for a person. Undefined: the image is whole.
 */
export function findJpegFault(bytes: Uint8Array): string | undefined {
  const walk = new JpegWalk(bytes);
  for (;;) {
    const end = walk.step();
    if (end !== undefined) return end.fault;
  }
}

/** How a walk ended: at the end of the image, or at a fault. */
interface WalkEnd {
  readonly fault?: string;
}

const whole: WalkEnd = {};

class JpegWalk {
  private readonly view: DataView;
  private readonly tables = new JpegTables();
  private frame: Frame | undefined;
  /** The picture's height, from the frame header or a DNL segment after the first scan (B.2.5). */
  private lineCount = 0;
  private scans = 0;
  private readonly scannedComponents = new Set<FrameComponent>();
  /** One scan had all components, and a marker followed. Decoders then show the picture even if the file is cut off later. */
  private isPictureComplete = false;
  private mayMeetStrayBytes = false;
  private at = 2;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Walks over one marker and its segment. @returns undefined when the walk continues. */
  step(): WalkEnd | undefined {
    if (this.mayMeetStrayBytes) this.skipStrayBytes();
    this.mayMeetStrayBytes = false;
    if (this.at < this.bytes.length && this.bytes[this.at] !== 0xff) return strayBytes;
    // Any number of fill bytes may precede a marker (B.1.1.2).
    while (this.bytes[this.at] === 0xff) this.at++;
    const code = this.bytes[this.at];
    this.at++;
    if (code === undefined) return this.cutOff('The JPEG is cut off before its end-of-image marker');
    if (code === 0x00) return strayBytes;
    if (code === marker.temporary || isRestart(code)) return undefined;
    if (code === marker.startOfImage) return { fault: 'The JPEG has a second start inside its image' };
    if (code === marker.endOfImage) return this.endOfImage();
    return this.walkSegment(code);
  }

  /** Skips to the next marker, like libjpeg. FF 00 is not a marker. */
  private skipStrayBytes(): void {
    for (;;) {
      const found = this.bytes.indexOf(0xff, this.at);
      this.at = found === -1 ? this.bytes.length : found;
      let codeAt = this.at;
      while (this.bytes[codeAt] === 0xff) codeAt++;
      if (this.bytes[codeAt] !== 0x00) return;
      this.at = codeAt + 1;
    }
  }

  private walkSegment(code: number): WalkEnd | undefined {
    if (this.at + 2 > this.bytes.length) return this.cutOff('The JPEG is cut off within a segment');
    const length = this.view.getUint16(this.at);
    // The length includes its own two bytes. In segments that decoders skip, they treat a smaller length as 2.
    if (length < 2 && !isSkipped(code)) return { fault: 'The JPEG has a segment of impossible length' };
    const end = this.at + Math.max(length, 2);
    if (end > this.bytes.length) return this.cutOff('The JPEG is cut off within a segment');
    const from = this.at + 2;
    this.at = end;
    if (isSkipped(code)) {
      this.mayMeetStrayBytes = code !== marker.numberOfLines;
      const isLineCount = code === marker.numberOfLines && this.scans > 0 && length === 4;
      if (isLineCount) this.lineCount ||= this.view.getUint16(from);
      return undefined;
    }
    const segment = new DataView(this.bytes.buffer, this.bytes.byteOffset + from, end - from);
    const fault = code === marker.startOfScan ? this.walkScan(segment) : this.readSegment(code, segment);
    return fault === undefined ? undefined : { fault };
  }

  private readSegment(code: number, segment: DataView): string | undefined {
    switch (code) {
      case marker.quantizationTables:
        return this.tables.readQuantization(segment);
      case marker.huffmanTables:
        return this.tables.readHuffman(segment);
      case marker.arithmeticConditioning:
        return findArithmeticConditioningFault(segment);
      case marker.restartInterval:
        return segment.byteLength === 2 ? undefined : 'The JPEG has a restart interval of the wrong length';
    }
    // Every other segment must be a frame header. `readFrame` rejects markers that no decoder knows.
    const frame = readFrame(code, segment);
    if (typeof frame === 'string') return frame;
    if (this.frame !== undefined) return 'The JPEG has two frame headers';
    this.frame = frame;
    this.lineCount = frame.height;
    return undefined;
  }

  private walkScan(segment: DataView): string | undefined {
    const { frame } = this;
    if (frame === undefined) return 'The JPEG has a scan before its frame header';
    if (frame.process === 'sequential') this.tables.addStandardHuffman();
    const fault = findScanFault(segment, frame, this.tables, this.scannedComponents);
    if (fault !== undefined) return fault;
    this.scans++;
    this.at = findEndOfData(this.bytes, this.at);
    this.isPictureComplete =
      this.scans === 1 &&
      frame.process !== 'progressive' &&
      this.scannedComponents.size === frame.components.length &&
      this.at < this.bytes.length;
    return undefined;
  }

  private endOfImage(): WalkEnd {
    if (this.scans === 0) return { fault: 'The JPEG ends before its picture' };
    if (this.lineCount === 0) return { fault: 'The JPEG has a picture of no height' };
    return whole;
  }

  private cutOff(fault: string): WalkEnd {
    return this.isPictureComplete ? this.endOfImage() : { fault };
  }
}

const strayBytes: WalkEnd = { fault: 'The JPEG has bytes between its segments that belong to none' };

/** Whether decoders skip a segment: APPn, COM, and DNL, which few decoders use. */
function isSkipped(code: number): boolean {
  return (
    (code >= marker.application0 && code <= marker.application15) ||
    code === marker.comment ||
    code === marker.numberOfLines
  );
}
