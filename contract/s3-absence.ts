/**
 * Whether S3 itself answered that an object does not exist: no such key or version, or the version is a delete marker (S3 API
 * reference, "List of error codes"). The status is not enough: a proxy may also answer 404.
 */
export function isS3Absence(error: unknown): boolean {
  const isServiceException = error instanceof Error && '$fault' in error && '$metadata' in error;
  return isServiceException && ['NoSuchKey', 'NoSuchVersion', 'MethodNotAllowed'].includes(error.name);
}
