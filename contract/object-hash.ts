import { createHash } from 'node:crypto';

/** The SHA-256 of `bucket/key`, in hexadecimal digits. Claims and the evidence of erasures name photo objects by it. */
export function objectHash({ bucket, key }: { readonly bucket: string; readonly key: string }): string {
  return createHash('sha256').update(`${bucket}/${key}`).digest('hex');
}
