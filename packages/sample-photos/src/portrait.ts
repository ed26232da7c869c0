import { noiseBytes } from './noise';

/** Options of a drawn portrait and the format of its pixels. */
export interface PortraitOptions {
  /** Each seed draws another fictional face. */
  seed: number;
  widthPixels: number;
  heightPixels: number;
  /** 3: red, green, blue. 4: and an opaque alpha. */
  channels: 3 | 4;
  /** Maximum change of a pixel's brightness by film grain, 0 to 127. 0: no grain. */
  grain: number;
}

/** Pixels in rows from the top, `channels` bytes each. */
interface Picture extends PortraitOptions {
  pixels: Uint8ClampedArray;
}

type Colour = readonly [red: number, green: number, blue: number];

const backgrounds: readonly Colour[] = [
  [196, 214, 222],
  [214, 205, 190],
  [190, 206, 186],
  [205, 196, 216],
];
const skins: readonly Colour[] = [
  [245, 214, 188],
  [226, 180, 142],
  [190, 138, 98],
  [128, 84, 58],
];
const hairs: readonly Colour[] = [
  [44, 34, 30],
  [98, 64, 40],
  [168, 120, 66],
  [150, 146, 144],
];
const clothes: readonly Colour[] = [
  [58, 82, 120],
  [126, 58, 64],
  [62, 104, 88],
  [88, 84, 92],
];
const irises: readonly Colour[] = [
  [86, 60, 40],
  [70, 104, 134],
  [84, 112, 74],
];

/**
 * Draws a head and shoulders of ellipses in front of a plain wall. It is nobody's face.
 * @returns the pixels in rows from the top, `channels` bytes each.
 */
export function drawPortrait(options: PortraitOptions): Uint8ClampedArray {
  const { seed, widthPixels, heightPixels, channels } = options;
  const picture: Picture = { ...options, pixels: new Uint8ClampedArray(widthPixels * heightPixels * channels) };
  const choices = noiseBytes(`face ${seed}`, 8);
  const choose = (from: readonly Colour[], at: number): Colour => from[(choices[at] ?? 0) % from.length] ?? [0, 0, 0];
  const skin = choose(skins, 1);
  const hair = choose(hairs, 2);

  fillWall(picture, choose(backgrounds, 0));
  drawFigure(picture, skin, hair, choose(clothes, 3), 0.9 + (choices[5] ?? 0) / 1275);
  drawFace(picture, skin, hair, choose(irises, 4));
  if (options.grain > 0) addGrain(picture);
  return picture.pixels;
}

function drawFigure(picture: Picture, skin: Colour, hair: Colour, cloth: Colour, hairSize: number): void {
  fillEllipse(picture, 0.5, 0.44, 0.29 * hairSize, 0.3 * hairSize, hair);
  fillEllipse(picture, 0.5, 1.07, 0.44, 0.33, cloth);
  fillEllipse(picture, 0.5, 0.75, 0.12, 0.11, shade(skin, 0.82));
  for (const side of [-1, 1]) fillEllipse(picture, 0.5 + side * 0.225, 0.5, 0.035, 0.05, shade(skin, 0.9));
  fillEllipse(picture, 0.5, 0.49, 0.22, 0.245, skin);
  fillEllipse(picture, 0.5, 0.275, 0.17, 0.06, hair);
}

function drawFace(picture: Picture, skin: Colour, hair: Colour, iris: Colour): void {
  for (const side of [-1, 1]) {
    const eye = 0.5 + side * 0.09;
    fillEllipse(picture, eye, 0.405, 0.055, 0.011, shade(hair, 0.9));
    fillEllipse(picture, eye, 0.46, 0.044, 0.022, [246, 244, 240]);
    fillEllipse(picture, eye, 0.46, 0.024, 0.019, iris);
    fillEllipse(picture, eye, 0.46, 0.011, 0.009, [20, 18, 18]);
    fillEllipse(picture, eye + 0.008, 0.454, 0.005, 0.004, [255, 255, 255]);
    fillEllipse(picture, 0.5 + side * 0.13, 0.555, 0.04, 0.024, blend(skin, [214, 96, 90], 0.18));
  }
  fillEllipse(picture, 0.5, 0.535, 0.024, 0.036, shade(skin, 0.9));
  fillEllipse(picture, 0.5, 0.52, 0.02, 0.036, skin);
  // A skin-coloured ellipse over a red one leaves a smile.
  fillEllipse(picture, 0.5, 0.615, 0.085, 0.036, [176, 78, 78]);
  fillEllipse(picture, 0.5, 0.597, 0.095, 0.032, skin);
}

function fillWall(picture: Picture, colour: Colour): void {
  const { widthPixels, heightPixels } = picture;
  for (let y = 0; y < heightPixels; y++) {
    fillRun(picture, y * widthPixels, (y + 1) * widthPixels, shade(colour, 1.08 - (0.3 * y) / heightPixels));
  }
}

/** Positions and radii are fractions of the height, so that a face keeps its shape. x = 0.5 is the picture's centre. */
function fillEllipse(picture: Picture, x: number, y: number, radiusX: number, radiusY: number, colour: Colour): void {
  const { widthPixels, heightPixels } = picture;
  const centreX = widthPixels / 2 + (x - 0.5) * heightPixels;
  const centreY = y * heightPixels;
  const top = Math.max(0, Math.floor(centreY - radiusY * heightPixels));
  const bottom = Math.min(heightPixels, Math.ceil(centreY + radiusY * heightPixels));
  for (let row = top; row < bottom; row++) {
    const distance = (row + 0.5 - centreY) / (radiusY * heightPixels);
    if (Math.abs(distance) >= 1) continue;
    const halfWidth = radiusX * heightPixels * Math.sqrt(1 - distance * distance);
    const left = Math.max(0, centreX - halfWidth);
    const right = Math.min(widthPixels, centreX + halfWidth);
    const firstWhole = Math.ceil(left);
    const firstAfter = Math.floor(right);
    const start = row * widthPixels;
    blendPixel(picture, start + firstWhole - 1, colour, firstWhole - left);
    fillRun(picture, start + firstWhole, start + firstAfter, colour);
    blendPixel(picture, start + firstAfter, colour, right - firstAfter);
  }
}

/** Fills the pixels from `start` to before `end`. Each copy doubles the filled part, which is faster than single pixels. */
function fillRun({ pixels, channels }: Picture, start: number, end: number, colour: Colour): void {
  if (start >= end) return;
  const first = start * channels;
  const bytes = (end - start) * channels;
  pixels.set(colour, first);
  if (channels === 4) pixels[first + 3] = 255;
  for (let filled = channels; filled < bytes; filled *= 2) {
    pixels.copyWithin(first + filled, first, first + Math.min(filled, bytes - filled));
  }
}

/** Blends a fraction of a colour, 0 to 1, into a pixel, for soft edges. */
function blendPixel({ pixels, channels }: Picture, pixel: number, colour: Colour, part: number): void {
  if (part <= 0) return;
  colour.forEach((to, channel) => {
    const at = pixel * channels + channel;
    const from = pixels[at] ?? 0;
    pixels[at] = from + (to - from) * part;
  });
}

function addGrain({ pixels, widthPixels, heightPixels, channels, seed, grain }: Picture): void {
  const noise = noiseBytes(`grain ${seed}`, widthPixels * heightPixels);
  let at = 0;
  for (const byte of noise) {
    const change = ((byte - 127.5) / 127.5) * grain;
    pixels[at] = (pixels[at] ?? 0) + change;
    pixels[at + 1] = (pixels[at + 1] ?? 0) + change;
    pixels[at + 2] = (pixels[at + 2] ?? 0) + change;
    at += channels;
  }
}

function shade([red, green, blue]: Colour, factor: number): Colour {
  return [red * factor, green * factor, blue * factor];
}

function blend(from: Colour, to: Colour, part: number): Colour {
  const mix = (a: number, b: number) => a + (b - a) * part;
  return [mix(from[0], to[0]), mix(from[1], to[1]), mix(from[2], to[2])];
}
