import { request, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http';
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { LocalS3 } from '../../src/s3/server';

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
