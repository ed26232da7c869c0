import { withUrl } from './with-url';

/**
 * Loads a file as an image element. That reads the picture's size in every format of the browser, without decoding its pixels.
 * @returns undefined if the browser can't open the file, or the page's Content-Security-Policy forbids images from `blob:`.
 */
export async function loadImage(file: Blob): Promise<HTMLImageElement | undefined> {
  return withUrl(file, async (url) => {
    const image = new Image();
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
      image.src = url;
    });
    return image;
  });
}
