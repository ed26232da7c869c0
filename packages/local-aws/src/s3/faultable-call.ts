import { S3Error } from './errors';
import { findObject } from './objects/find-object';
import type { S3Call } from './call';
import type { S3Context } from './operation';

/** A request, as described to fault injection. */
export interface FaultableCall {
  /** S3's name of the operation: `PutObject`. */
  readonly operation: string;
  readonly bucket?: string;
  readonly key?: string;
  /** From the signature, which is not verified. It identifies the caller. */
  readonly accessKeyId?: string;
}

/** Describes a request for fault injection. */
export function describeCall({ bucketName, key, headers, query }: S3Call, operation: string): FaultableCall {
  const signature = headers.get('authorization') ?? query.get('X-Amz-Credential') ?? '';
  const [, accessKeyId] = /(?:Credential=|^)([^/,\s]+)\//.exec(signature) ?? [];
  return {
    operation,
    ...(bucketName !== '' && { bucket: bucketName }),
    ...(key !== '' && { key }),
    ...(accessKeyId !== undefined && { accessKeyId }),
  };
}

/** The tags of the object version that a request names; none if it does not exist. */
export function existingTags(call: S3Call, { buckets }: S3Context): ReadonlyMap<string, string> {
  try {
    return new Map(findObject(call, buckets.get(call.bucketName)).tags.map(({ key, value }) => [key, value]));
  } catch (error) {
    if (error instanceof S3Error) return new Map();
    throw error;
  }
}
