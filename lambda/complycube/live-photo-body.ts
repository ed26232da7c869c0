import type { LivePhotoRequest } from '../../contract/photo-rules';
import type { ArrivingImage } from '../photo/arriving-image';
import type { HttpBody } from './http-body';

/** Bytes of the image in each chunk. A multiple of 3, so that base64 needs no padding between chunks. */
const slabBytes = 48 * 1024;
/** Bytes to encode at once, also a multiple of 3. V8 stores larger strings separately, which costs ten times more. */
const pieceBytes = 24 * 1024;

/**
 * Encodes the JSON body of `POST /v1/livePhotos` while the image arrives. The image is base64 without line breaks.
 *
 * The bytes equal those of `JSON.stringify`. The last slab is sent only after the whole image was checked, so a request with a
 * damaged image is never completed. Then the image is released, so that no bytes are held while ComplyCube inspects the photo.
 */
export function encodeLivePhoto(
  request: LivePhotoRequest,
  image: Pick<ArrivingImage, 'length' | 'until' | 'fault' | 'release'>,
): HttpBody {
  const [before, after] = JSON.stringify({ ...request, data: '' }).split('""') as [string, string];
  const lengthFor = (imageBytes: number): number => before.length + Math.ceil(imageBytes / 3) * 4 + 2 + after.length;
  const bytes = lengthFor(image.length);
  async function* chunks(): AsyncGenerator<Buffer> {
    const slab = Buffer.allocUnsafeSlow(lengthFor(slabBytes));
    let start = `${before}"`;
    for (let at = 0; ; at += slabBytes) {
      const end = Math.min(at + slabBytes, image.length);
      const isLast = end === image.length;
      const arrived = await image.until(end);
      if (isLast && (await image.fault()) !== undefined) return;
      yield fill(slab, start, arrived.subarray(at, end), isLast ? `"${after}` : '');
      if (isLast) return;
      start = '';
    }
  }
  const ready = async (): Promise<void> => {
    await image.until(slabBytes);
  };
  const release = (): void => {
    image.release();
  };
  return { bytes, ready, chunks, release };
}

/** Writes JSON and an image's base64 into a slab. @returns the filled part of the slab. */
function fill(slab: Buffer, before: string, image: Buffer, after: string): Buffer {
  // The length above counts one byte for each character.
  let at = slab.write(before, 'latin1');
  for (let from = 0; from < image.length; from += pieceBytes) {
    at += slab.write(image.toString('base64', from, from + pieceBytes), at, 'latin1');
  }
  at += slab.write(after, at, 'latin1');
  return slab.subarray(0, at);
}
