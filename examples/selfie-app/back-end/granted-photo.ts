import { seal, unseal } from './seal';

/** A photo that the back end has granted. */
interface GrantedPhoto {
  readonly clientId: string;
  /** The key of the photo object. */
  readonly photoKey: string;
}

/**
 * The ID of a granted photo for the page. It contains the key and a signature, so that nobody can ask for a key of their choice. A
 * back end with a database can store the keys of each person instead.
 */
export function photoIdOf(photo: GrantedPhoto, key: string): string {
  return seal(photo, 'photo', key);
}

/** @returns the key of the photo object. Undefined if the photo was not granted, or to somebody else. */
export function photoKeyOf(photoId: string, clientId: string, key: string): string | undefined {
  const photo = unseal(photoId, 'photo', key) as GrantedPhoto | undefined;
  return photo?.clientId === clientId ? photo.photoKey : undefined;
}
