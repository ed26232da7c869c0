import { createCipheriv, createHash } from 'node:crypto';

/**
 * Makes pseudorandom bytes. The same seed gives the same bytes on every machine.
 *
 * They are a cipher's key stream: 4 MB take a few milliseconds, and deflate cannot compress them.
 */
export function noiseBytes(seed: string, bytes: number): Buffer {
  const key = createHash('sha256').update(seed).digest().subarray(0, 16);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(bytes));
}
