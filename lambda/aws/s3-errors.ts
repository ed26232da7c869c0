import { S3ServiceException } from '@aws-sdk/client-s3';
import { RetryLaterError } from '../retry-later-error';

/**
 * Whether S3 itself answered with one of these error codes (S3 API reference, "List of error codes"). The status is not enough: a
 * proxy may also answer 403 or 404.
 */
export function isS3Error(error: unknown, ...codes: string[]): boolean {
  return error instanceof S3ServiceException && codes.includes(error.name);
}

/** Creates the error for a failed request to S3. */
export function s3Failure(operation: string, cause: unknown): RetryLaterError {
  if (cause instanceof RetryLaterError) return cause;
  if (isS3Error(cause, 'InvalidObjectState')) {
    return new RetryLaterError('object-archived', `S3 ${operation}: the object is archived and must be restored`, {
      cause,
    });
  }
  return new RetryLaterError('s3-failed', `S3 ${operation} failed`, { cause });
}
