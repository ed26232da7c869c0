import type { Frame, FrameComponent } from './jpeg-frame';
import type { JpegTables } from './jpeg-tables';

/** The most components in a scan, and blocks in a unit of an interleaved scan (ITU-T T.81, B.2.3). */
const maxScanComponents = 4;
const maxUnitBlocks = 10;

interface ScanComponent {
  readonly component: FrameComponent;
  readonly dcTable: number;
  readonly acTable: number;
}

/** A scan header (SOS; ITU-T T.81, B.2.3). */
interface Scan {
  readonly components: readonly ScanComponent[];
  readonly firstCoefficient: number;
  readonly lastCoefficient: number;
  readonly previousBit: number;
  readonly bit: number;
}

/**
 * Checks that a decoder can begin a scan with the tables defined so far.
 * @param segment without marker and length.
 * @param scanned the components of earlier scans. This scan's components are added.
 * @returns a description of the fault, if there is one.
 */
export function findScanFault(
  segment: DataView,
  frame: Frame,
  tables: JpegTables,
  scanned: Set<FrameComponent>,
): string | undefined {
  const scan = readScan(segment, frame);
  if (typeof scan === 'string') return scan;
  const blocks = scan.components.reduce((sum, { component }) => sum + component.blocks, 0);
  if (scan.components.length > 1 && blocks > maxUnitBlocks) return 'The JPEG has impossible sampling factors';
  if (!hasPossibleParameters(scan, frame)) return 'The JPEG has a scan with impossible parameters';
  for (const { component } of scan.components) {
    if (frame.process !== 'lossless' && !tables.hasQuantization(component.quantizationTable)) {
      return 'The JPEG has a scan without its quantization table';
    }
    scanned.add(component);
  }
  if (!frame.isArithmetic && !hasHuffmanTables(scan, frame, tables)) {
    return 'The JPEG has a scan without a usable Huffman table';
  }
  return undefined;
}

function readScan(segment: DataView, frame: Frame): Scan | string {
  const count = (segment.byteLength - 4) / 2;
  if (count < 1 || segment.getUint8(0) !== count) return 'The JPEG has a scan header of the wrong length';
  const parametersAt = 1 + 2 * count;
  const components: ScanComponent[] = [];
  for (let at = 1; at < parametersAt; at += 2) {
    const id = segment.getUint8(at);
    // Some encoders give several components the same ID. libjpeg takes them in order, and requires the frame header's order.
    // A scan has at most four components.
    const candidates = frame.components.slice(components.length, maxScanComponents);
    const component = candidates.find((candidate) => candidate.id === id);
    if (component === undefined || components.some((taken) => taken.component === component)) {
      return 'The JPEG has a scan whose components do not match its frame header';
    }
    const names = segment.getUint8(at + 1);
    components.push({ component, dcTable: names >> 4, acTable: names & 15 });
  }
  const bits = segment.getUint8(parametersAt + 2);
  return {
    components,
    firstCoefficient: segment.getUint8(parametersAt),
    lastCoefficient: segment.getUint8(parametersAt + 1),
    previousBit: bits >> 4,
    bit: bits & 15,
  };
}

/** Decoders ignore the parameters of a sequential scan, because only one value is possible. */
function hasPossibleParameters(scan: Scan, { process, precisionBits }: Frame): boolean {
  const { firstCoefficient, lastCoefficient, previousBit, bit } = scan;
  if (process === 'sequential') return true;
  if (process === 'lossless') {
    const isPredictor = firstCoefficient >= 1 && firstCoefficient <= 7;
    return isPredictor && lastCoefficient === 0 && previousBit === 0 && bit < precisionBits;
  }
  const isDc = firstCoefficient === 0 && lastCoefficient === 0;
  const isAc = firstCoefficient > 0 && firstCoefficient <= lastCoefficient && lastCoefficient <= 63;
  if (!isDc && !(isAc && scan.components.length === 1)) return false;
  return bit <= 13 && (previousBit === 0 || bit === previousBit - 1);
}

function hasHuffmanTables(
  { components, firstCoefficient, previousBit }: Scan,
  frame: Frame,
  tables: JpegTables,
): boolean {
  const needsDc = frame.process === 'progressive' ? firstCoefficient === 0 && previousBit === 0 : true;
  const needsAc = frame.process === 'progressive' ? firstCoefficient > 0 : frame.process === 'sequential';
  const maxDcSymbol = frame.process === 'lossless' ? 16 : 15;
  return components.every(
    ({ dcTable, acTable }) =>
      (!needsDc || tables.hasUsableDc(dcTable, maxDcSymbol)) && (!needsAc || tables.hasUsableAc(acTable)),
  );
}
