import { S3Error } from '../errors';
import { decodeWords, encodeWord } from '../requests/mail-safe-words';

/** An object's metadata. */
export interface ObjectMetadata {
  /** Headers that are stored and returned, such as `content-type`. */
  readonly system: readonly (readonly [header: string, value: string])[];
  /** The `x-amz-meta-…` headers, without that prefix. */
  readonly user: readonly (readonly [name: string, value: string])[];
}

/** The headers of system-defined metadata that a client can set. */
export const systemMetadataHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;

const userMetadataPrefix = 'x-amz-meta-';

// Total size of names and values (S3 user guide, "Working with object metadata").
const maxUserMetadataBytes = 2048;

/**
 * Reads an object's metadata from request headers.
 * @throws S3Error MetadataTooLarge if the user metadata exceeds 2 KB.
 */
export function parseObjectMetadata(headers: ReadonlyMap<string, string>): ObjectMetadata {
  const user = [...headers]
    .filter(([header]) => header.startsWith(userMetadataPrefix))
    .map(([header, value]) => [header.slice(userMetadataPrefix.length), decodeWords(value)] as const);
  const bytes = user.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > maxUserMetadataBytes) {
    throw new S3Error('MetadataTooLarge', {
      details: { Size: String(bytes), MaxSizeAllowed: String(maxUserMetadataBytes) },
    });
  }
  const system = systemMetadataHeaders.flatMap((header) => {
    const value = systemValue(headers, header);
    return value === '' ? [] : [[header, value] as const];
  });
  return { system, user };
}

function systemValue(headers: ReadonlyMap<string, string>, header: (typeof systemMetadataHeaders)[number]): string {
  const value = headers.get(header) ?? '';
  if (header === 'content-type') return value === '' ? 'binary/octet-stream' : value;
  if (header !== 'content-encoding') return value;
  // aws-chunked is the encoding of the transfer, not of the object.
  const encodings = value.split(',').map((encoding) => encoding.trim());
  return encodings.filter((encoding) => encoding !== 'aws-chunked').join(',');
}

/** Response headers with an object's metadata. */
export function metadataHeaders({ system, user }: ObjectMetadata): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...system,
    ...user.map(([name, value]) => [`${userMetadataPrefix}${name}`, encodeWord(value)] as const),
  ]);
}
