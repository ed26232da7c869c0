import { S3ServiceException } from '@aws-sdk/client-s3';
import { RetryLaterError } from '../retry-later-error';

/**
 * Whether an error is S3's own answer with one of these codes (S3 API reference, "List of error codes"). The status alone
 * proves nothing: a proxy in between answers 403 or 404 too.
 */
export function isS3Error(error: unknown, ...codes: string[]): boolean {
  return error instanceof S3ServiceException && codes.includes(error.name);
}

/** The error for a failed request to S3: the message is retried. */
export function s3Failure(operation: string, cause: unknown): RetryLaterError {
  if (cause instanceof RetryLaterError) return cause;
  if (isS3Error(cause, 'InvalidObjectState')) {
    return new RetryLaterError('object-archived', `S3 ${operation}: the object is archived and must be restored`, {
      cause,
    });
  }
  return new RetryLaterError('s3-failed', `S3 ${operation} failed`, { cause });
}
