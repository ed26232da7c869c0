/** Options of a photo. The same options make the same bytes; for a PNG, only with the same build of Node. */
export interface SamplePhotoOptions {
  /** The exact size of the file. Minimum: about 12,000. */
  bytes: number;
  /** Each seed draws another fictional face. */
  seed: number;
}

/** How to draw a portrait for files of a certain size, so that the encoded picture fills most of the file. */
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
 * Computes the size of the padding for an encoded picture.
 * @throws RangeError if it is less than `atLeast`, the minimum size of a padding.
 */
export function paddingBytes(wantedBytes: number, encodedBytes: number, atLeast: number): number {
  const padding = wantedBytes - encodedBytes;
  if (padding < atLeast) throw new RangeError(`The portrait alone takes ${encodedBytes} of ${wantedBytes} bytes`);
  return padding;
}
