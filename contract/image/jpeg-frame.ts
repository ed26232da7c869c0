/** How a frame's picture is coded. */
export type FrameProcess = 'sequential' | 'progressive' | 'lossless';

/** One component of a picture: brightness or a colour. */
export interface FrameComponent {
  readonly id: number;
  /** Blocks in each unit of an interleaved scan: horizontal × vertical sampling factor. */
  readonly blocks: number;
  readonly quantizationTable: number;
}

/** The content of a frame header (SOFn; ITU-T T.81, B.2.2). */
export interface Frame {
  readonly process: FrameProcess;
  readonly isArithmetic: boolean;
  readonly precisionBits: number;
  /** In lines. 0 if a DNL segment after the first scan must define it. */
  readonly height: number;
  readonly components: readonly FrameComponent[];
}

/** The frame types that libjpeg-turbo decodes. All others are differential (hierarchical), or lossless with arithmetic coding. */
const decodableFrames: Readonly<Record<number, Pick<Frame, 'process' | 'isArithmetic'> | undefined>> = {
  0xc0: { process: 'sequential', isArithmetic: false },
  0xc1: { process: 'sequential', isArithmetic: false },
  0xc2: { process: 'progressive', isArithmetic: false },
  0xc3: { process: 'lossless', isArithmetic: false },
  0xc9: { process: 'sequential', isArithmetic: true },
  0xca: { process: 'progressive', isArithmetic: true },
};

/** libjpeg's own limits (`JPEG_MAX_DIMENSION`, `MAX_COMPONENTS`). */
const maxPixels = 65_500;
const maxComponents = 10;
/** ITU-T T.81, table B.2. */
const maxSamplingFactor = 4;

/**
 * Reads a frame header.
 * @param segment without marker and length.
 * @returns the frame, or a description of the fault if no decoder can decode such a frame.
 */
export function readFrame(code: number, segment: DataView): Frame | string {
  const coding = decodableFrames[code];
  if (coding === undefined) return 'The JPEG has a segment that no common decoder supports';
  if (segment.byteLength < 6) return 'The JPEG has a frame header of the wrong length';
  const precisionBits = segment.getUint8(0);
  const height = segment.getUint16(1);
  const width = segment.getUint16(3);
  const count = segment.getUint8(5);
  if (width === 0) return 'The JPEG has a picture of no width';
  if (count === 0) return 'The JPEG has a picture without colour components';
  if (segment.byteLength !== 6 + 3 * count) return 'The JPEG has a frame header of the wrong length';
  if (Math.max(width, height) > maxPixels) return `The JPEG is wider or higher than ${maxPixels} pixels`;
  if (count > maxComponents) return 'The JPEG has more colour components than any decoder supports';
  if (!isPrecision(precisionBits, coding.process)) return `The JPEG has an impossible ${precisionBits} bits a sample`;
  const components = readComponents(segment, count);
  return typeof components === 'string' ? components : { ...coding, precisionBits, height, components };
}

/** @returns the components, or a description of the fault if no decoder supports the sampling factors. */
function readComponents(segment: DataView, count: number): FrameComponent[] | string {
  const sampled = Array.from({ length: count }, (_, index) => {
    const sampling = segment.getUint8(7 + 3 * index);
    return {
      id: segment.getUint8(6 + 3 * index),
      horizontal: sampling >> 4,
      vertical: sampling & 15,
      quantizationTable: segment.getUint8(8 + 3 * index),
    };
  });
  const widest = Math.max(...sampled.map(({ horizontal }) => horizontal));
  const highest = Math.max(...sampled.map(({ vertical }) => vertical));
  // Decoders enlarge a component by whole numbers only. A factor of 0 divides no number.
  const isDecodable = sampled.every(
    ({ horizontal, vertical }) => widest % horizontal === 0 && highest % vertical === 0,
  );
  if (!isDecodable || Math.max(widest, highest) > maxSamplingFactor) return 'The JPEG has impossible sampling factors';
  return sampled.map(({ id, horizontal, vertical, quantizationTable }) => ({
    id,
    blocks: horizontal * vertical,
    quantizationTable,
  }));
}

function isPrecision(bits: number, process: FrameProcess): boolean {
  return process === 'lossless' ? bits >= 2 && bits <= 16 : bits === 8 || bits === 12;
}
