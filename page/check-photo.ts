import { validateImage } from '../contract/image/image';
import { validateSize } from '../contract/photo-rules';
import { type Rejected, reject } from '../contract/outcome';
import { crc32 } from '../app/browser/crc32';
import type { PhotoContentType } from './page-state';

/** A photo that passed the check. */
export interface CheckedPhoto {
  readonly bytes: Blob;
  /** Detected from the content. The file name's extension is ignored. */
  readonly contentType: PhotoContentType;
}

/**
 * Checks a photo before the upload with the function's own rules: its size, and whether it is a complete JPEG or PNG.
 * ComplyCube can still refuse it.
 */
export async function checkPhoto(photo: Blob): Promise<CheckedPhoto | Rejected> {
  const wrongSize = validateSize(photo.size);
  if (wrongSize !== undefined) return wrongSize;
  const bytes = await photo.arrayBuffer().then(
    (buffer) => new Uint8Array(buffer),
    () => undefined,
  );
  // The file was moved or changed after it was chosen.
  if (bytes === undefined) return reject('image-damaged', 'The browser can’t read the file');
  return validateImage(bytes, crc32) ?? { bytes: photo, contentType: bytes[0] === 0xff ? 'image/jpeg' : 'image/png' };
}
