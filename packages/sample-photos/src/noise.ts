import { createCipheriv, createHash } from 'node:crypto';

/**
 * Makes bytes that look random and are the same for the same seed, on every machine.
 *
 * A cipher's key stream rather than a generator of our own: 4 MB take a few milliseconds, and deflate cannot shrink it.
 */
export function noiseBytes(seed: string, bytes: number): Buffer {
  const key = createHash('sha256').update(seed).digest().subarray(0, 16);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(bytes));
}
