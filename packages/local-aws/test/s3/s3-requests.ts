import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { afterEach, beforeEach } from '@jest/globals';
import { type LocalS3, type LocalS3Options, startS3 } from '../../src/s3/server';

type Buckets = Readonly<Record<string, Parameters<LocalS3['createBucket']>[1]>>;

/** Starts a local S3 with these buckets before each test of a file. @returns the current test's server and its client. */
export function useS3(buckets: Buckets, options: LocalS3Options = {}): LocalS3 & { readonly client: S3Client } {
  const s3 = {} as LocalS3 & { client: S3Client };
  beforeEach(async () => {
    Object.assign(s3, await startS3(options));
    s3.client = s3Client(s3, options.accessKey && { credentials: options.accessKey });
    for (const [name, settings] of Object.entries(buckets)) await s3.createBucket(name, settings);
  });
  afterEach(async () => {
    s3.client.destroy();
    await s3.close();
  });
  return s3;
}

/** Makes an SDK client for a local S3, without retries. */
export function s3Client(s3: Pick<LocalS3, 'url'>, config: S3ClientConfig = {}): S3Client {
  return new S3Client({
    endpoint: s3.url,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
    ...config,
  });
}

/** A server's response. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly text: string;
}

/** Sends a raw request, for requests and responses that an SDK can't send or show. */
export async function send(
  s3: LocalS3,
  method: string,
  path: string,
  headers: OutgoingHttpHeaders = {},
  body?: string,
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(s3.url, { method, path, headers, agent: false }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const received = Buffer.concat(chunks);
        const status = incoming.statusCode ?? 0;
        resolve({ status, headers: incoming.headers, body: received, text: received.toString('utf8') });
      });
    });
    outgoing.on('error', reject);
    // With a string, Node would also write the headers in its encoding.
    outgoing.end(body === undefined ? undefined : Buffer.from(body));
  });
}

/** The `Code` of an error's XML. */
export function codeOf(answer: RawAnswer): string | undefined {
  return /<Code>(.*?)<\/Code>/.exec(answer.text)?.[1];
}
