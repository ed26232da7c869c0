/**
 * Whether an error is S3's own answer that an object does not exist: no such key or version, or a delete marker that was named by
 * its version (S3 API reference, "List of error codes"). The status alone proves nothing: a proxy answers 404 too.
 */
export function isS3Absence(error: unknown): boolean {
  const isServiceException = error instanceof Error && '$fault' in error && '$metadata' in error;
  return isServiceException && ['NoSuchKey', 'NoSuchVersion', 'MethodNotAllowed'].includes(error.name);
}
