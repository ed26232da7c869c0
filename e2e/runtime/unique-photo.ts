import { randomInt } from 'node:crypto';
import { makeJpeg } from 'sample-photos/jpeg';
import { metadataNames } from '../../contract/photo-rules';
import type { PhotoToPut } from '../../local/start/photo-run';
import { sampleClientId } from '../../local/start/sample-set';

/**
 * A photo with a new size and new bytes. After an unknown outcome, the function downloads each live photo of the same size, and takes
 * one with the same bytes for that of this photo.
 */
export function uniquePhoto(key: string): PhotoToPut {
  const bytes = makeJpeg({ bytes: randomInt(100_000, 200_000), seed: randomInt(2 ** 32) });
  return { key, bytes, metadata: { [metadataNames.clientId]: sampleClientId }, expected: 'uploaded' };
}
