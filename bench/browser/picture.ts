import type { Pixels } from 'sample-photos/pixels';

/** Scales a picture by averaging the area of each new pixel: the reference for {@link similarityDb}. */
export function scale({ width, height, data }: Pixels, toWidth: number, toHeight: number): Pixels {
  const across = scaleRows(data, width, height, toWidth);
  const turned = transpose(across, toWidth, height);
  const down = scaleRows(turned, height, toWidth, toHeight);
  return { width: toWidth, height: toHeight, data: Uint8Array.from(transpose(down, toHeight, toWidth), Math.round) };
}

function scaleRows(data: ArrayLike<number>, width: number, height: number, toWidth: number): Float32Array {
  const scaled = new Float32Array(toWidth * height * 4);
  const step = width / toWidth;
  for (let x = 0; x < toWidth; x++) {
    const from = x * step;
    const to = Math.min(width, from + step);
    for (let at = Math.floor(from); at < to; at++) {
      const share = (Math.min(at + 1, to) - Math.max(at, from)) / step;
      for (let y = 0; y < height; y++) {
        for (let channel = 0; channel < 4; channel++) {
          const target = (y * toWidth + x) * 4 + channel;
          scaled[target] = (scaled[target] ?? 0) + share * (data[(y * width + at) * 4 + channel] ?? 0);
        }
      }
    }
  }
  return scaled;
}

function transpose(data: Float32Array, width: number, height: number): Float32Array {
  const turned = new Float32Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      turned.set(data.subarray((y * width + x) * 4, (y * width + x) * 4 + 4), (x * height + y) * 4);
  }
  return turned;
}

/** The peak signal-to-noise ratio of two pictures of the same size, over red, green and blue, in dB. Higher is better. */
export function similarityDb(one: Pixels, other: Pixels): number {
  if (one.width !== other.width || one.height !== other.height)
    throw new RangeError('The pictures have different sizes');
  let squares = 0;
  one.data.forEach((level, at) => {
    if (at % 4 !== 3) squares += (level - (other.data[at] ?? 0)) ** 2;
  });
  return 10 * Math.log10(255 ** 2 / (squares / (one.width * one.height * 3)));
}
