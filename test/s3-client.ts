import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';

/** Makes an SDK client for a local S3, without retries. */
export function s3Client({ url }: { readonly url: string }, config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
    ...config,
  });
}
