import type { PhotoCheck, PreparedPhoto } from '../../app/browser';
import type { PhotoContentType } from '../page-state';

/** A photo that can be sent. */
export interface ReadyPhoto {
  readonly bytes: Blob;
  readonly contentType: PhotoContentType;
  /** SHA-256 in hex, to recognize the same photo. */
  readonly digest: string;
}

/**
 * Makes a photo ready.
 * @param checked a refused photo is sent as a JPEG: its bytes decide about its outcome, not its type.
 */
export async function readyPhoto(bytes: Blob, checked: PhotoCheck | PreparedPhoto): Promise<ReadyPhoto> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await bytes.arrayBuffer()));
  return {
    bytes,
    contentType: checked.status === 'refused' ? 'image/jpeg' : checked.contentType,
    digest: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
  };
}
