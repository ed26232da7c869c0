import { encode } from 'jpeg-js';
import { noiseBytes } from './noise';
import { drawPortrait } from './portrait';
import { choosePlan, paddingBytes, type PicturePlan, type SamplePhotoOptions } from './sample-photo';

interface JpegPlan extends PicturePlan {
  quality: number;
}

const plans: readonly JpegPlan[] = [
  { fromBytes: 12_000, widthPixels: 240, heightPixels: 320, grain: 0, quality: 80 },
  { fromBytes: 34_000, widthPixels: 480, heightPixels: 640, grain: 0, quality: 80 },
  { fromBytes: 220_000, widthPixels: 480, heightPixels: 640, grain: 12, quality: 95 },
  { fromBytes: 800_000, widthPixels: 720, heightPixels: 960, grain: 12, quality: 100 },
];

/** Start of image, then the JFIF segment, which must be the first (JFIF 1.02): FF D8, FF E0 and its 16 bytes. */
const startBytes = 20;

/** Size of a segment's marker and length, and the maximum size of a segment with them: its length has 16 bits. */
const segmentOverheadBytes = 4;
const largestSegmentBytes = 65_537;

/**
 * Makes a JPEG of a drawn portrait with exactly `bytes` bytes.
 *
 * The picture is padded with noise in APP15 segments, which viewers skip. The noise contains sequences that look like
 * markers, including the end of the image, so a reader must follow the lengths of the segments.
 * @throws RangeError if the portrait does not fit.
 */
export function makeJpeg({ bytes, seed }: SamplePhotoOptions): Buffer {
  const { widthPixels, heightPixels, grain, quality } = choosePlan(plans, bytes);
  const pixels = drawPortrait({ seed, widthPixels, heightPixels, grain, channels: 4 });
  const picture = encode({ width: widthPixels, height: heightPixels, data: pixels }, quality).data;
  const padding = paddingBytes(bytes, picture.length, segmentOverheadBytes);
  return Buffer.concat([
    picture.subarray(0, startBytes),
    ...paddingSegments(padding, seed),
    picture.subarray(startBytes),
  ]);
}

/** Splits evenly, so that the last segment is not too short for its marker and length. */
function paddingSegments(bytes: number, seed: number): Buffer[] {
  const noise = noiseBytes(`jpeg padding ${seed}`, bytes);
  const count = Math.ceil(bytes / largestSegmentBytes);
  return Array.from({ length: count }, (_, index) => {
    const segment = noise.subarray(Math.floor((bytes * index) / count), Math.floor((bytes * (index + 1)) / count));
    segment.set([0xff, 0xef]);
    segment.writeUInt16BE(segment.length - 2, 2);
    return segment;
  });
}
