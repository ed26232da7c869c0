import { type Rejected, reject } from './outcome';

/** The user metadata that an app sets on a photo object (HTTP headers `x-amz-meta-…`). */
export const metadataNames = {
  /** The default. A stack can have another name (`clientIdMetadata`). */
  clientId: 'client-id',
  performLivenessCheck: 'perform-liveness-check',
  livePhoto: 'live-photo',
} as const;

/** Whether the app marks an object that is no live photo, such as a document in the same bucket. In any case, as with `Skip`. */
export function isMarkedToSkip(metadata: Readonly<Record<string, string>>): boolean {
  return metadata[metadataNames.livePhoto]?.trim().toLowerCase() === 'skip';
}

/**
 * Size limits of the image in bytes. ComplyCube documents "34 KB to 4 MB", but not whether a KB is 1,000 or 1,024 bytes. It certainly
 * refuses photos outside these limits. Within them ComplyCube decides.
 */
export const photoSize = { minBytes: 34_000, maxBytes: 4_194_304 } as const;

/** The body of `POST /v1/livePhotos` without the image (ComplyCube's "Upload a live photo"). */
export interface LivePhotoRequest {
  readonly clientId: string;
  /** Default: ComplyCube's own, true. */
  readonly performLivenessCheck?: boolean | undefined;
}

/** Rejects a size that ComplyCube certainly refuses. */
export function validateSize(bytes: number): Rejected<'too-small' | 'too-large'> | undefined {
  if (bytes < photoSize.minBytes) {
    return reject('too-small', `The photo has ${bytes} bytes; ComplyCube accepts ${photoSize.minBytes} and more`);
  }
  if (bytes > photoSize.maxBytes) {
    return reject('too-large', `The photo has ${bytes} bytes; ComplyCube accepts at most ${photoSize.maxBytes}`);
  }
  return undefined;
}

/** Whether a text is a well-formed ComplyCube client ID. */
export function isClientId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/** The settings of a stack that decide how metadata is read. */
export interface MetadataSettings {
  /** The name of the metadata that holds the client ID. */
  readonly clientIdMetadata: string;
  /** Applies to objects without the flag. Undefined: ComplyCube's default. */
  readonly performLivenessCheck: boolean | undefined;
}

/**
 * Parses the object's metadata.
 * @param metadata S3 user metadata. Names are in lower case, as S3 returns them.
 */
export function parseMetadata(
  metadata: Readonly<Record<string, string>>,
  { clientIdMetadata, performLivenessCheck }: MetadataSettings,
): LivePhotoRequest | Rejected {
  const clientId = metadata[clientIdMetadata];
  const flag = metadata[metadataNames.performLivenessCheck];
  if (clientId === undefined || clientId === '') {
    return reject('client-id-missing', `The object has no ${clientIdMetadata} metadata`);
  }
  if (!isClientId(clientId)) {
    return reject('client-id-malformed', `${clientIdMetadata} must be 1 to 64 of A-Z a-z 0-9 _ -`);
  }
  if (flag === undefined) return { clientId, performLivenessCheck };
  if (flag !== 'true' && flag !== 'false') {
    return reject('liveness-flag-malformed', `${metadataNames.performLivenessCheck} must be true or false`);
  }
  return { clientId, performLivenessCheck: flag === 'true' };
}
