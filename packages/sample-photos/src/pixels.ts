import { decode, encode } from 'jpeg-js';

/** Pixels in rows from the top, four bytes each: red, green, blue, alpha. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** @param quality 1 to 100. */
export function encodeJpeg({ width, height, data }: Pixels, quality: number): Buffer {
  return encode({ width, height, data }, quality).data;
}

export function decodeJpeg(jpeg: Buffer): Pixels {
  return decode(jpeg, { useTArray: true, maxMemoryUsageInMB: 2_000, maxResolutionInMP: 100 });
}
