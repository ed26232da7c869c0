import { type Rejected, reject } from './outcome';

/** The user metadata that an app writes on a photo object (`x-amz-meta-…` on the wire). */
export const metadataNames = {
  clientId: 'client-id',
  performLivenessCheck: 'perform-liveness-check',
} as const;

/**
 * The sizes that ComplyCube may take, in bytes of the image itself. It documents "34 KB to 4 MB" and not whether a KB
 * is 1,000 or 1,024 bytes: outside of these bounds a photo is surely refused, inside of them ComplyCube decides.
 */
export const photoSize = { minBytes: 34_000, maxBytes: 4_194_304 } as const;

/** What `POST /v1/livePhotos` takes beside the image (ComplyCube's "Upload a live photo"). */
export interface LivePhotoRequest {
  readonly clientId: string;
  /** Left out: ComplyCube's default, true. */
  readonly performLivenessCheck?: boolean | undefined;
}

/** Rejects a size that ComplyCube surely refuses. */
export function validateSize(bytes: number): Rejected | undefined {
  if (bytes < photoSize.minBytes) {
    return reject('too-small', `The photo has ${bytes} bytes; ComplyCube takes ${photoSize.minBytes} and more`);
  }
  if (bytes > photoSize.maxBytes) {
    return reject('too-large', `The photo has ${bytes} bytes; ComplyCube takes ${photoSize.maxBytes} and fewer`);
  }
  return undefined;
}

/** Whether a text has the form of a ComplyCube client ID. */
export function isClientId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/**
 * Reads what the app wrote on the object.
 * @param metadata S3 user metadata, names in lower case as S3 gives them.
 * @param defaultLivenessCheck for objects that do not say; undefined leaves it to ComplyCube.
 */
export function parseMetadata(
  metadata: Readonly<Record<string, string>>,
  defaultLivenessCheck?: boolean,
): LivePhotoRequest | Rejected {
  const clientId = metadata[metadataNames.clientId];
  const flag = metadata[metadataNames.performLivenessCheck];
  if (clientId === undefined || clientId === '') {
    return reject('client-id-missing', `The object has no ${metadataNames.clientId} metadata`);
  }
  if (!isClientId(clientId)) {
    return reject('client-id-malformed', `${metadataNames.clientId} must be 1 to 64 of A-Z a-z 0-9 _ -`);
  }
  if (flag === undefined) return { clientId, performLivenessCheck: defaultLivenessCheck };
  if (flag !== 'true' && flag !== 'false') {
    return reject('liveness-flag-malformed', `${metadataNames.performLivenessCheck} must be true or false`);
  }
  return { clientId, performLivenessCheck: flag === 'true' };
}
