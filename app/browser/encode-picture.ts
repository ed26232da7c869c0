import { photoSize } from '../../contract/photo-rules';

/** A picture that was encoded as a JPEG. */
export interface EncodedPicture {
  readonly photo: Blob;
  readonly width: number;
  readonly height: number;
  /** The picture's size before, with its orientation applied. */
  readonly originalWidth: number;
  readonly originalHeight: number;
  /** The JPEG quality, from 0 to 1. */
  readonly quality: number;
}

/**
 * The longest edge of an encoded photo. A face that fills a third of a selfie is then more than 800 pixels high, and the JPEG has
 * about 1 MB. All browsers have canvases of this size: Safari on iOS allows 16 megapixels.
 */
const maxEdgePixels = 2_560;

/** In order of preference. The last one is for noise: every other picture is small enough before. */
const qualities = [0.92, 0.8, 0.6, 0.3];

/**
 * Encodes a picture as a JPEG of 34 KB to 4 MB without metadata. Makes it smaller if necessary, never larger. Transparent parts become
 * white. Runs in a worker or in the page.
 * @param picture a file that the browser can decode, of which the first frame is used, or a decoded picture, which is closed.
 * @returns undefined if the browser can't decode the file. The photo is smaller than 34 KB if the picture has too few pixels.
 */
export async function encodePicture(
  picture: Blob | ImageBitmap,
  onProgress: (share: number) => void,
): Promise<EncodedPicture | undefined> {
  // By default the orientation in the file's metadata is applied.
  const bitmap = picture instanceof Blob ? await createImageBitmap(picture).catch(() => undefined) : picture;
  if (bitmap === undefined) return undefined;
  onProgress(0.5);
  const { width: originalWidth, height: originalHeight } = bitmap;
  const scale = Math.min(1, maxEdgePixels / Math.max(originalWidth, originalHeight));
  const width = Math.max(1, Math.round(originalWidth * scale));
  const height = Math.max(1, Math.round(originalHeight * scale));
  const canvas = drawOnWhite(bitmap, width, height);
  bitmap.close();
  onProgress(0.7);
  let quality = 1;
  let photo: Blob | undefined;
  for (quality of qualities) {
    photo = await toJpeg(canvas, quality);
    if (photo.size <= photoSize.maxBytes) break;
  }
  if (photo === undefined || photo.size < photoSize.minBytes) photo = await toJpeg(canvas, (quality = 1));
  return { photo, width, height, originalWidth, originalHeight, quality };
}

type AnyCanvas = OffscreenCanvas | HTMLCanvasElement;

function drawOnWhite(bitmap: ImageBitmap, width: number, height: number): AnyCanvas {
  const canvas: AnyCanvas =
    'OffscreenCanvas' in globalThis
      ? new OffscreenCanvas(width, height)
      : Object.assign(document.createElement('canvas'), { width, height });
  // Not null: the canvas has no context of another kind.
  const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D | CanvasRenderingContext2D;
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

async function toJpeg(canvas: AnyCanvas, quality: number): Promise<Blob> {
  const type = 'image/jpeg';
  const photo =
    'convertToBlob' in canvas
      ? await canvas.convertToBlob({ type, quality })
      : await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality));
  if (photo === null) throw new Error('The browser encoded no JPEG');
  return photo;
}
