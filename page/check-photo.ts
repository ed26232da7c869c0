import { validateImage } from '../contract/image/image';
import { validateSize } from '../contract/photo-rules';
import { type Rejected, reject } from '../contract/outcome';
import { crc32 } from './crc32';
import type { PhotoContentType } from './page-state';

/** A photo that may be sent. */
export interface CheckedPhoto {
  readonly bytes: Blob;
  /** By its content: what its name ends with says nothing. */
  readonly contentType: PhotoContentType;
}

/**
 * Checks a photo before its upload by the function's own rules: its size, and whether its content is one whole JPEG or PNG.
 * ComplyCube may still object to it.
 */
export async function checkPhoto(photo: Blob): Promise<CheckedPhoto | Rejected> {
  const wrongSize = validateSize(photo.size);
  if (wrongSize !== undefined) return wrongSize;
  const bytes = await photo.arrayBuffer().then(
    (buffer) => new Uint8Array(buffer),
    () => undefined,
  );
  // A file that was moved or changed since it was chosen.
  if (bytes === undefined) return reject('image-damaged', 'The browser can’t read the file');
  return validateImage(bytes, crc32) ?? { bytes: photo, contentType: bytes[0] === 0xff ? 'image/jpeg' : 'image/png' };
}
