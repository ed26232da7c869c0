import { GetObjectCommand, NoSuchKey, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { RetryLaterError } from '../retry-later-error';
import { isS3Error, s3Failure } from './s3-errors';

/** Of concurrent writes with one of these conditions, S3 accepts only one (S3 user guide, "Conditional requests"). */
export type WriteCondition = { readonly IfNoneMatch: '*' } | { readonly IfMatch: string };

/** The condition that an object is still as it was read. @param eTag undefined: it did not exist. */
export function unchangedSince(eTag: string | undefined): WriteCondition {
  return eTag === undefined ? { IfNoneMatch: '*' } : { IfMatch: eTag };
}

/**
 * @param condition undefined: an existing object is replaced.
 * @returns the new ETag. Undefined: another delivery was first.
 */
export async function writeJson(
  s3: S3Client,
  { Bucket, Key, content }: { readonly Bucket: string; readonly Key: string; readonly content: object },
  condition: WriteCondition | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const command = new PutObjectCommand({
    ...{ Bucket, Key, Body: JSON.stringify(content), ContentType: 'application/json' },
    ...condition,
  });
  try {
    const { ETag } = await s3.send(command, { abortSignal: signal });
    if (ETag === undefined) throw new RetryLaterError('s3-failed', 'S3 PutObject gave no ETag');
    return ETag;
  } catch (error) {
    if (isLostRace(error)) return undefined;
    throw s3Failure('PutObject', error);
  }
}

/** @returns undefined when there is no such object. */
export async function readJson(
  s3: S3Client,
  object: { readonly Bucket: string; readonly Key: string },
  signal: AbortSignal,
): Promise<{ readonly content: unknown; readonly eTag: string } | undefined> {
  try {
    const { Body, ETag } = await s3.send(new GetObjectCommand(object), { abortSignal: signal });
    if (Body === undefined || ETag === undefined) throw new RetryLaterError('s3-failed', 'S3 GetObject gave no object');
    return { content: JSON.parse(await Body.transformToString()), eTag: ETag };
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw s3Failure('GetObject', error);
  }
}

/**
 * 412: another delivery was first. 409: another delivery is writing now. 404: the object to match is gone (S3 API reference,
 * PutObject and DeleteObject).
 */
export function isLostRace(error: unknown): boolean {
  return isS3Error(error, 'PreconditionFailed', 'ConditionalRequestConflict', 'NoSuchKey');
}
