import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { S3Error } from '../errors';

/** An object's checksum: the algorithm and the base64 of the whole body's checksum. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}

/** A supported checksum algorithm, with its name in `x-amz-checksum-algorithm`. */
export type ChecksumAlgorithm = keyof typeof algorithms;

interface Algorithm {
  readonly digestBytes: number;
  digest(bytes: Buffer): Uint8Array | Promise<Uint8Array>;
}

const algorithms = {
  CRC32: { digestBytes: 4, digest: digestCrc32 },
  CRC32C: { digestBytes: 4, digest: (bytes) => digestWith(new Crc32c(), bytes) },
  CRC64NVME: { digestBytes: 8, digest: (bytes) => digestWith(new Crc64Nvme(), bytes) },
  SHA1: { digestBytes: 20, digest: (bytes) => createHash('sha1').update(bytes).digest() },
  SHA256: { digestBytes: 32, digest: (bytes) => createHash('sha256').update(bytes).digest() },
} as const satisfies Record<string, Algorithm>;

function digestCrc32(bytes: Buffer): Buffer {
  const digest = Buffer.alloc(4);
  digest.writeUInt32BE(crc32(bytes));
  return digest;
}

function digestWith(
  hash: { update(data: Uint8Array): void; digest(): Promise<Uint8Array> },
  bytes: Buffer,
): Promise<Uint8Array> {
  hash.update(bytes);
  return hash.digest();
}

/** Computes a checksum. S3's default is CRC64NVME. */
export async function computeChecksum(bytes: Buffer, algorithm: ChecksumAlgorithm = 'CRC64NVME'): Promise<Checksum> {
  const digest = await algorithms[algorithm].digest(bytes);
  return { algorithm, value: Buffer.from(digest).toString('base64') };
}

/** Response headers with an object's checksum. */
export function checksumHeaders({ algorithm, value }: Checksum): Readonly<Record<string, string>> {
  return { [checksumHeader(algorithm)]: value, 'x-amz-checksum-type': 'FULL_OBJECT' };
}

function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

// Headers with this prefix that contain no checksum.
const descriptions = ['x-amz-checksum-algorithm', 'x-amz-checksum-mode', 'x-amz-checksum-type'];

/**
 * Finds the body's declared checksum in headers or trailers.
 * @throws S3Error InvalidRequest for more than one, or one of the wrong length; NotImplemented for an unsupported algorithm.
 */
export function findChecksum(headers: ReadonlyMap<string, string>): Checksum | undefined {
  const names = [...headers.keys()].filter((name) => isChecksumHeader(name));
  const [name] = names;
  if (name === undefined) return undefined;
  if (names.length > 1) {
    throw new S3Error('InvalidRequest', {
      message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    });
  }
  const algorithm = (Object.keys(algorithms) as ChecksumAlgorithm[]).find((known) => checksumHeader(known) === name);
  if (algorithm === undefined) throw new S3Error('NotImplemented', { details: { Header: name } });
  const value = headers.get(name) ?? '';
  const digest = Buffer.from(value, 'base64');
  if (digest.length !== algorithms[algorithm].digestBytes || digest.toString('base64') !== value) {
    throw new S3Error('InvalidRequest', { message: `Value for ${name} header is invalid.` });
  }
  return { algorithm, value };
}

/** Whether a header or trailer contains a checksum. */
export function isChecksumHeader(name: string): boolean {
  return name.startsWith('x-amz-checksum-') && !descriptions.includes(name);
}

/**
 * Compares the body with its declared checksum.
 * @throws S3Error BadDigest if they differ.
 */
export async function verifyChecksum(bytes: Buffer, declared: Checksum): Promise<void> {
  const computed = await computeChecksum(bytes, declared.algorithm);
  if (computed.value !== declared.value) {
    throw new S3Error('BadDigest', {
      message: `The ${declared.algorithm} you specified did not match the calculated checksum.`,
    });
  }
}
