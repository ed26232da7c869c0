import { S3Error } from '../errors';
import { decodeWords, encodeWord } from '../requests/mail-safe-words';

/** What a client says of an object besides its bytes and tags. */
export interface ObjectMetadata {
  /** Headers kept as they are and given back, such as `content-type`. */
  readonly system: readonly (readonly [header: string, value: string])[];
  /** The `x-amz-meta-…` headers, without that prefix. */
  readonly user: readonly (readonly [name: string, value: string])[];
}

/** The headers that S3 keeps with an object as its system-defined metadata and lets the client choose. */
export const systemMetadataHeaders = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
] as const;

const userMetadataPrefix = 'x-amz-meta-';

// S3's user guide, "Working with object metadata": the sum of the bytes of names and values.
const maxUserMetadataBytes = 2048;

/**
 * Takes an object's metadata from the headers of the request that stores it.
 * @throws S3Error MetadataTooLarge beyond 2 KB of user metadata.
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
  // aws-chunked is how the body travelled, not what it is.
  const encodings = value.split(',').map((encoding) => encoding.trim());
  return encodings.filter((encoding) => encoding !== 'aws-chunked').join(',');
}

/** The headers that give an object's metadata back. */
export function metadataHeaders({ system, user }: ObjectMetadata): Readonly<Record<string, string>> {
  return Object.fromEntries([
    ...system,
    ...user.map(([name, value]) => [`${userMetadataPrefix}${name}`, encodeWord(value)] as const),
  ]);
}
