/** The minimum: GET, POST and PUTTAG, signed by hand, with a prepared body. No SDK, no check, no claim, no event, no log. */
import { createHash, createHmac } from 'node:crypto';
import { Agent, request } from 'node:https';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readMessage } from '../../contract/object-events';

const agent = new Agent({ keepAlive: true });
const { AWS_ENDPOINT_URL_S3: s3Url = '', COMPLYCUBE_BASE_URL: baseUrl = '' } = process.env;
const { AWS_ACCESS_KEY_ID: accessKeyId = '', AWS_SECRET_ACCESS_KEY: secretAccessKey = '' } = process.env;
const { AWS_SESSION_TOKEN: sessionToken = '' } = process.env;
const bodies = new Map<number, Buffer>();
const tags = '<Tagging><TagSet><Tag><Key>complycube-status</Key><Value>uploaded</Value></Tag></TagSet></Tagging>';
const tagsMd5 = createHash('md5').update(tags).digest('base64');

type Headers = Readonly<Record<string, string | number>>;

function call(url: URL, method: string, headers: Headers, body?: Buffer | string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${method} was answered ${response.statusCode}`));
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => resolve(bytes));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** The headers of a signed request to S3 (S3 API reference, "Signature calculations for the authorization header"). */
function signed(url: URL, method: string, body = ''): Headers {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const bodyHash = sha256(body);
  const names = 'host;x-amz-content-sha256;x-amz-date;x-amz-security-token';
  const headers = `host:${url.host}\nx-amz-content-sha256:${bodyHash}\nx-amz-date:${time}\nx-amz-security-token:${sessionToken}\n`;
  const canonical = [method, url.pathname, url.searchParams.toString(), headers, names, bodyHash].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const signature = createHmac('sha256', signingKey(scope)).update(toSign).digest('hex');
  return {
    'x-amz-content-sha256': bodyHash,
    'x-amz-date': time,
    'x-amz-security-token': sessionToken,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const signingKeys = new Map<string, Buffer>();

function signingKey(scope: string): Buffer {
  const known = signingKeys.get(scope);
  if (known !== undefined) return known;
  let key = Buffer.from(`AWS4${secretAccessKey}`);
  for (const part of scope.split('/')) key = createHmac('sha256', key).update(part).digest();
  signingKeys.set(scope, key);
  return key;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** A body with the same length as a photo's. */
function bodyFor(bytes: number): Buffer {
  const known = bodies.get(bytes);
  if (known !== undefined) return known;
  const body = Buffer.from(JSON.stringify({ clientId: 'client', data: Buffer.alloc(bytes).toString('base64') }));
  bodies.set(bytes, body);
  return body;
}

/** Processes the photos of a batch in parallel. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const locations = Records.flatMap(({ body }) => readMessage(body).photos);
  await Promise.all(
    locations.map(async ({ bucket, key }) => {
      const photo = new URL(`${s3Url}/${bucket}/${key}`);
      const body = bodyFor(await call(photo, 'GET', signed(photo, 'GET')));
      const headers = { 'content-length': body.length, 'content-type': 'application/json' };
      await call(new URL(`${baseUrl}/livePhotos`), 'POST', headers, body);
      const tagging = new URL(`${photo.href}?tagging=`);
      await call(tagging, 'PUT', { ...signed(tagging, 'PUT', tags), 'content-md5': tagsMd5 }, tags);
    }),
  );
  return { batchItemFailures: [] };
}
