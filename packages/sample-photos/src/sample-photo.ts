/** Which photo to make; the same options make the same bytes (a PNG's, with the same build of Node). */
export interface SamplePhotoOptions {
  /** The exact size of the file; 12,000 is about the smallest a drawn portrait fits into, and there is no largest. */
  bytes: number;
  /** Each seed draws another fictional face. */
  seed: number;
}

/** How to draw a portrait whose encoded picture fills a good part of a file from a certain size on. */
export interface PicturePlan {
  /** The plan is for files of this size and larger. */
  fromBytes: number;
  widthPixels: number;
  heightPixels: number;
  grain: number;
}

/**
 * Chooses the last plan that fits a file of this size. Plans are sorted by size.
 * @throws RangeError if the file is smaller than every plan allows.
 */
export function choosePlan<Plan extends PicturePlan>(plans: readonly Plan[], bytes: number): Plan {
  const plan = plans.findLast(({ fromBytes }) => bytes >= fromBytes);
  if (plan === undefined) throw new RangeError(`No portrait can be drawn into ${bytes} bytes`);
  return plan;
}

/**
 * Counts the bytes that padding must add to an encoded picture.
 * @throws RangeError if that is less than the `atLeast` bytes that the smallest padding takes.
 */
export function paddingBytes(wantedBytes: number, encodedBytes: number, atLeast: number): number {
  const padding = wantedBytes - encodedBytes;
  if (padding < atLeast) throw new RangeError(`The portrait alone takes ${encodedBytes} of ${wantedBytes} bytes`);
  return padding;
}
