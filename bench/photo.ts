import { makeJpeg } from 'sample-photos/jpeg';

/**
 * Makes a JPEG that consists almost completely of entropy-coded data, like a camera's. The sample photos of the local pipeline are
 * mostly padding, which the image check skips.
 */
export function makeCameraPhoto(bytes: number): Buffer {
  const picture = withoutPadding(makeJpeg({ bytes: 34_000, seed: 1 }));
  const endBytes = 2;
  const startOfScan = picture.lastIndexOf(Buffer.from([0xff, 0xda]));
  // The scan header is a marker and a length, which includes itself (ITU-T T.81, B.2.3).
  const scanAt = startOfScan + 2 + picture.readUInt16BE(startOfScan + 2);
  const scan = picture.subarray(scanAt, -endBytes);
  const photo = Buffer.alloc(bytes, scan);
  picture.copy(photo, 0, 0, scanAt);
  picture.copy(photo, bytes - endBytes, picture.length - endBytes);
  return photo;
}

/** Removes the APP15 segments, which follow the start of image and the JFIF segment. */
function withoutPadding(picture: Buffer): Buffer {
  const paddingAt = 20;
  let tablesAt = paddingAt;
  while (picture[tablesAt + 1] === 0xef) tablesAt += 2 + picture.readUInt16BE(tablesAt + 2);
  return Buffer.concat([picture.subarray(0, paddingAt), picture.subarray(tablesAt)]);
}
