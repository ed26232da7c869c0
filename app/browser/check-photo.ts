import { type RejectedImage, validateImage } from '../../contract/image/image';
import { validateSize } from '../../contract/photo-rules';
import { crc32 } from './crc32';
import { type PhotoTexts, refuse, type RefusedPhoto } from './refused-photo';

/** Options of {@link checkPhoto}. */
export interface CheckOptions {
  /** Replace the texts for people. */
  readonly texts?: PhotoTexts;
}

/** A photo that the function accepts. */
export interface FinePhoto {
  readonly status: 'fine';
  /** Detected from the content. The file's name and type are ignored. */
  readonly contentType: 'image/jpeg' | 'image/png';
}

/** The result of {@link checkPhoto}. */
export type PhotoCheck = FinePhoto | RefusedPhoto;

/**
 * Checks a photo before the upload with the function's own rules: 34 KB to 4 MB, and a whole JPEG or PNG. ComplyCube can still refuse
 * it, for example because it shows no face.
 */
export async function checkPhoto(photo: Blob, { texts }: CheckOptions = {}): Promise<PhotoCheck> {
  const wrongSize = validateSize(photo.size);
  if (wrongSize !== undefined) return refuse(wrongSize, texts);
  const checked = await checkContent(photo);
  return checked.status === 'fine' ? checked : refuse(checked, texts);
}

/** Checks a file of any size by its content. */
export async function checkContent(
  photo: Blob,
): Promise<
  | FinePhoto
  | RejectedImage
  | { readonly status: 'unreadable'; readonly reason: 'file-unreadable'; readonly detail: string }
> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await photo.arrayBuffer());
  } catch {
    return { status: 'unreadable', reason: 'file-unreadable', detail: 'The browser can’t read the file' };
  }
  const rejected = validateImage(bytes, crc32);
  return rejected ?? { status: 'fine', contentType: bytes[0] === 0xff ? 'image/jpeg' : 'image/png' };
}
