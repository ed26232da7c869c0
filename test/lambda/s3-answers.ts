import { type GetObjectCommandOutput, NoSuchKey, S3ServiceException } from '@aws-sdk/client-s3';
import { Readable } from 'node:stream';
import { photoLocation } from './events';

/** What the SDK's GetObject gives for a photo object; `contentLength` may lie. */
export function s3Photo(
  bytes: Buffer,
  {
    metadata = {},
    tagCount,
    contentLength = bytes.length,
    eTag = photoLocation.eTag,
    body = Readable.from(chunksOf(bytes)),
  }: S3PhotoOptions = {},
): GetObjectCommandOutput & { Body: Readable } {
  const Body = body as Readable & NonNullable<GetObjectCommandOutput['Body']>;
  return {
    Body,
    ContentLength: contentLength,
    Metadata: metadata,
    TagCount: tagCount,
    ETag: `"${eTag}"`,
    $metadata: {},
  };
}

interface S3PhotoOptions {
  readonly metadata?: Record<string, string>;
  readonly tagCount?: number;
  readonly contentLength?: number;
  /** Without quotes. Default: the test events'. */
  readonly eTag?: string;
  /** Default: one that sends the bytes. */
  readonly body?: Readable;
}

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

/** An error answer of S3. */
export function s3Failure(httpStatusCode: number, name: string): S3ServiceException {
  const $fault = httpStatusCode < 500 ? 'client' : 'server';
  if (name === 'NoSuchKey') return new NoSuchKey({ message: name, $metadata: { httpStatusCode } });
  return new S3ServiceException({ name, message: name, $fault, $metadata: { httpStatusCode } });
}
