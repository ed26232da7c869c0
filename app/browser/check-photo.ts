import { validateImage } from '../../contract/image/image';
import { validateSize } from '../../contract/photo-rules';
import { crc32 } from './crc32';
import { refuse, type RefusedPhoto } from './refused-photo';
import type { Texts } from './texts';

/** Options of {@link checkPhoto}. */
export interface CheckOptions {
  /** Replace the texts for people. */
  readonly texts?: Texts;
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
  return wrongSize === undefined ? checkContent(photo, texts) : refuse(wrongSize.reason, wrongSize.detail, texts);
}

/** Checks a photo of any size by its content. */
export async function checkContent(photo: Blob, texts: Texts | undefined): Promise<PhotoCheck> {
  const buffer = await photo.arrayBuffer().catch(() => undefined);
  if (buffer === undefined) return refuse('file-unreadable', 'The browser can’t read the file', texts);
  const bytes = new Uint8Array(buffer);
  const rejected = validateImage(bytes, crc32);
  if (rejected !== undefined) return refuse(rejected.reason, rejected.detail, texts);
  return { status: 'fine', contentType: bytes[0] === 0xff ? 'image/jpeg' : 'image/png' };
}
