import { guessFormat, validateImage } from '../../contract/image/image';
import { crc32 } from './crc32';

/** What a file contains: a whole JPEG or PNG, or why it is none. */
export type Content =
  | { readonly contentType: 'image/jpeg' | 'image/png' }
  | {
      readonly reason: 'not-jpeg-or-png' | 'image-damaged' | 'file-unreadable';
      readonly detail: string;
      readonly isHeic?: boolean;
    };

/** Checks a file of any size by its content. Runs in a worker or in the page. */
export async function checkContent(file: Blob): Promise<Content> {
  const buffer = await file.arrayBuffer().catch(() => undefined);
  if (buffer === undefined) return { reason: 'file-unreadable', detail: 'The browser can’t read the file' };
  const bytes = new Uint8Array(buffer);
  const rejected = validateImage(bytes, crc32);
  if (rejected !== undefined) return { ...rejected, isHeic: guessFormat(bytes) === 'HEIC' };
  return { contentType: bytes[0] === 0xff ? 'image/jpeg' : 'image/png' };
}
