import { makeJpeg } from 'sample-photos/jpeg';

const pictures = new Map<number, Buffer>();

/** The number of the picture with these bytes. */
export function pictureOf(bytes: Buffer): number | undefined {
  return [...pictures].find(([, picture]) => picture.equals(bytes))?.[0];
}

/** The bytes of a picture. */
export function pictureBytes(picture: number): Buffer {
  const bytes = pictures.get(picture) ?? makeJpeg({ bytes: 34_000, seed: picture });
  pictures.set(picture, bytes);
  return bytes;
}
