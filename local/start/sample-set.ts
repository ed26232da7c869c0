import type { RejectionReason } from '../../contract/outcome';
import { metadataNames, photoSize } from '../../contract/photo-rules';
import { appendTrailingBytes, cutOff, flipByteInPngChunk } from 'sample-photos/damage';
import type { PhotoToPut } from './photo-run';
import { makeJpeg } from 'sample-photos/jpeg';
import { makeNotAPhoto } from 'sample-photos/not-a-photo';
import { makePng } from 'sample-photos/png';

/** A client that exists at the stand-in. */
export const sampleClientId = '5eb1276d96be4a0008713af5';
/** A client that does not exist at the stand-in. */
export const unknownClientId = '000000000000000000000000';
/** A client whose photos the stand-in refuses, like ComplyCube refuses a photo with two faces. */
export const refusedClientId = '5eb1276d96be4a00087face2';

/**
 * Makes photos for each possible outcome, with keys of every kind.
 * @param clientIdMetadata the name of the metadata that holds the client ID.
 */
export function makeSampleSet(clientIdMetadata: string = metadataNames.clientId): PhotoToPut[] {
  const ofClient = (id: string): PhotoToPut['metadata'] => ({ [clientIdMetadata]: id });
  const known = ofClient(sampleClientId);
  const jpeg = makeJpeg({ bytes: 60_000, seed: 1 });
  const png = makePng({ bytes: 90_000, seed: 2 });
  const uploaded = (key: string, bytes: Buffer, more: Partial<PhotoToPut> = {}): PhotoToPut => ({
    key,
    bytes,
    metadata: known,
    expected: 'uploaded',
    ...more,
  });
  const rejected = (expected: RejectionReason, bytes: Buffer, more: Partial<PhotoToPut> = {}): PhotoToPut => ({
    key: `rejected/${expected}.jpg`,
    bytes,
    metadata: known,
    expected,
    ...more,
  });
  return [
    uploaded('portraits/smallest.jpg', makeJpeg({ bytes: photoSize.minBytes, seed: 3 })),
    uploaded('portraits/half a megabyte.jpg', makeJpeg({ bytes: 500_000, seed: 4 })),
    uploaded('portraits/almost 4 MB.jpg', makeJpeg({ bytes: 3_990_000, seed: 5 })),
    uploaded('portraits/small.png', makePng({ bytes: 40_000, seed: 6 })),
    uploaded('portraits/large.png', makePng({ bytes: 2_500_000, seed: 7 })),
    uploaded('keys/one+one & 100% of it.jpg', jpeg),
    uploaded('keys/José Ñandú.jpg', jpeg),
    uploaded('keys/写真/山田さん.png', png),
    uploaded('content/really a PNG.jpg', png),
    uploaded('content/with a video after it.jpg', appendTrailingBytes(jpeg, 200_000)),
    uploaded('metadata/without liveness check.jpg', jpeg, {
      metadata: { ...known, [metadataNames.performLivenessCheck]: 'false' },
    }),
    uploaded('tags/with a tag of the app’s.jpg', jpeg, { tags: { team: 'onboarding' } }),
    rejected('client-id-missing', jpeg, { metadata: {} }),
    rejected('client-id-malformed', jpeg, { metadata: ofClient('not an ID') }),
    rejected('liveness-flag-malformed', jpeg, { metadata: { ...known, [metadataNames.performLivenessCheck]: 'yes' } }),
    rejected('too-small', jpeg.subarray(0, photoSize.minBytes - 1)),
    rejected('too-large', makeJpeg({ bytes: photoSize.maxBytes + 1, seed: 8 })),
    rejected('not-jpeg-or-png', makeNotAPhoto('heic', 80_000)),
    rejected('image-damaged', cutOff(jpeg, 50_000)),
    rejected('image-damaged', flipByteInPngChunk(png), { key: 'rejected/image-damaged.png' }),
    rejected('client-unknown', jpeg, { metadata: ofClient(unknownClientId) }),
    rejected('refused-by-complycube', jpeg, { metadata: ofClient(refusedClientId) }),
    rejected('tag-limit-reached', jpeg, {
      tags: Object.fromEntries(Array.from({ length: 9 }, (_, at) => [`app-tag-${at + 1}`, 'set'])),
    }),
  ];
}
