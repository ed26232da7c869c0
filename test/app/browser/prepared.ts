import type { PreparedPhoto } from '../../../app/browser/index';
import type { BrowserPage } from './browser-page';

/** Which picture {@link prepare} prepares. */
export type Picture =
  /** A file of {@link BrowserPage.serve}. */
  | { readonly file: string }
  /** Noise that the browser draws and encodes. */
  | { readonly width: number; readonly height: number; readonly type: string };

/** What {@link prepare} observed. */
export interface Prepared {
  readonly result: Omit<PreparedPhoto, 'photo'>;
  /** Whether the result is the same object as the file. */
  readonly isSame: boolean;
  readonly bytes: Buffer;
  /** The colours in the corners, clockwise from the top left: red, green and blue. */
  readonly corners: readonly (readonly number[])[];
  /** The shares that were reported. */
  readonly progress: readonly number[];
  /** The slow functions that the page called meanwhile. Those of a worker are not among them. */
  readonly slowCalls: readonly string[];
}

/** Prepares a picture in the page. */
export async function prepare({ page }: BrowserPage, picture: Picture, stripMetadata = false): Promise<Prepared> {
  const { base64, ...observed } = await page.evaluate(
    async ([source, isStripped]) => {
      const file =
        'file' in source
          ? await window.load(source.file)
          : await window.draw(source.width, source.height).convertToBlob({ type: source.type, quality: 0.9 });
      const progress: number[] = [];
      const slowCalls: string[] = [];
      const readFile = file.arrayBuffer.bind(file);
      const canvas = OffscreenCanvas.prototype;
      const encode = Object.getOwnPropertyDescriptor(canvas, 'convertToBlob') ?? {};
      const decode = createImageBitmap;
      file.arrayBuffer = () => {
        slowCalls.push('read');
        return readFile();
      };
      canvas.convertToBlob = function (this: OffscreenCanvas, options) {
        slowCalls.push('encode');
        return (encode.value as typeof canvas.convertToBlob).call(this, options);
      };
      window.createImageBitmap = (image: ImageBitmapSource) => {
        slowCalls.push('decode');
        return decode(image);
      };
      const prepared = await window.livePhotos.preparePhoto(file, {
        stripMetadata: isStripped,
        onProgress: (share) => progress.push(share),
      });
      Object.defineProperty(canvas, 'convertToBlob', encode);
      window.createImageBitmap = decode;
      if (prepared.status === 'refused') {
        return { result: prepared, isSame: false, base64: '', corners: [], progress, slowCalls };
      }
      const { photo, ...result } = prepared;
      const bitmap = await createImageBitmap(photo);
      const { width, height } = bitmap;
      const context = new OffscreenCanvas(width, height).getContext('2d');
      context?.drawImage(bitmap, 0, 0);
      const corners = [
        [0.05, 0.05],
        [0.95, 0.05],
        [0.95, 0.95],
        [0.05, 0.95],
      ].map(([x = 0, y = 0]) => [...(context?.getImageData(x * width, y * height, 1, 1).data ?? [])].slice(0, 3));
      return { result, isSame: photo === file, base64: await window.toBase64(photo), corners, progress, slowCalls };
    },
    [picture, stripMetadata] as const,
  );
  return { ...observed, bytes: Buffer.from(base64, 'base64') };
}
