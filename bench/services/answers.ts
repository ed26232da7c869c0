import type { IncomingMessage } from 'node:http';
import { checksumHeaders, computeChecksum } from 'local-aws/s3/requests/checksums';
import { photoBytes, redeliveredVersionId } from '../events';
import { makeCameraPhoto } from '../photo';
import type { Service } from './network';

/** An answer that is prepared before its request arrives. */
interface CannedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: Buffer;
}

/** Whether a request is HeadObject or GetObject of a photo. */
export function isOfPhoto(service: Service, { method, url = '' }: IncomingMessage): boolean {
  return service === 's3' && method !== 'PUT' && url.startsWith('/photos/') && !url.includes('tagging');
}

const photos = new Map<string, Promise<CannedAnswer>>();

/**
 * Answers HeadObject and GetObject of a photo. The key begins with the size in bytes. S3 adds a CRC64NVME to objects that were put
 * without a checksum, and returns it only if the request enables checksums.
 */
export function openPhoto({ url = '', headers }: IncomingMessage): Promise<CannedAnswer> {
  const bytes = Number(/^\/[^/]+\/(\d+)/.exec(url)?.[1]);
  const hasChecksum = headers['x-amz-checksum-mode'] === 'ENABLED';
  const name = `${bytes} ${hasChecksum}`;
  const answer = photos.get(name) ?? makePhoto(bytes, hasChecksum);
  photos.set(name, answer);
  return answer;
}

async function makePhoto(bytes: number, hasChecksum: boolean): Promise<CannedAnswer> {
  const body = makeCameraPhoto(bytes);
  const headers = {
    'content-length': bytes,
    'content-type': 'image/jpeg',
    etag: photoETag,
    'last-modified': 'Mon, 23 Nov 2026 10:00:00 GMT',
    'x-amz-meta-client-id': '5eb1276d96be4a0008713af5',
    'x-amz-version-id': 'version-1',
    ...(hasChecksum && checksumHeaders(await computeChecksum(body))),
  };
  return { status: 200, headers, body };
}

const photoETag = '"d41d8cd98f00b204e9800998ecf8427e"';

const amzJson = { 'content-type': 'application/x-amz-json-1.1' };
const secret = json({ ARN: 'arn:secret', Name: 'api-key', SecretString: 'test_bench' }, amzJson);
const published = json({ FailedEntryCount: 0, Entries: [{ EventId: 'event-1' }] }, amzJson);
const hidden = json({}, amzJson);
const livePhoto = json({ id: '5eb1b5f231778a0008d1c3f6', clientId: '5eb1276d96be4a0008713af5' });
const noTags: CannedAnswer = {
  status: 200,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from('<?xml version="1.0" encoding="UTF-8"?><Tagging><TagSet></TagSet></Tagging>'),
};
const claimed: CannedAnswer = {
  status: 412,
  headers: { 'content-type': 'application/xml' },
  body: Buffer.from('<Error><Code>PreconditionFailed</Code><Message>The claim exists</Message></Error>'),
};
const written: CannedAnswer = { status: 200, headers: { etag: '"claim"', 'content-length': 0 } };

/** Answers all other requests of a photo that is uploaded. */
export const simpleAnswers: Readonly<Record<Service, (request: IncomingMessage) => CannedAnswer>> = {
  s3: ({ method, url = '', headers }) => {
    const isClaimedBefore = url.startsWith('/claims/') && url.includes(`/${redeliveredVersionId}-`);
    if (isClaimedBefore && headers['if-none-match'] !== undefined) return claimed;
    if (isClaimedBefore && method === 'GET') return endedClaim();
    return method === 'GET' ? noTags : written;
  },
  secretsManager: () => secret,
  eventBridge: () => published,
  sqs: () => hidden,
  complyCube: ({ method, url = '' }) => {
    if (method !== 'GET') return livePhoto;
    return url.endsWith('/download') ? download() : livePhotoPage();
  },
};

/** The expired claim of a delivery that ended before the photo was tagged. */
function endedClaim(): CannedAnswer {
  const { bucket, key, eTag } = { bucket: 'photos', key: `${photoBytes.large}.jpg`, eTag: photoETag.slice(1, -1) };
  const claimedAt = new Date(Date.now() - 120_000).toISOString();
  const record = { claimedAt, leaseUntil: claimedAt, attempt: 1, holder: 'another' };
  const { headers, ...answer } = json({ bucket, key, versionId: redeliveredVersionId, eTag, ...record });
  return { ...answer, headers: { ...headers, etag: '"claim"' } };
}

function livePhotoPage(): CannedAnswer {
  const item = { id: '5eb1b5f231778a0008d1c3f6', size: photoBytes.large, createdAt: new Date().toISOString() };
  return json({ page: 1, pageSize: 100, totalItems: 1, pages: 1, items: [item] });
}

let downloadAnswer: CannedAnswer | undefined;

function download(): CannedAnswer {
  const data = (): string => makeCameraPhoto(photoBytes.large).toString('base64');
  downloadAnswer ??= json({ fileName: 'photo.jpg', contentType: 'image/jpg', data: data() });
  return downloadAnswer;
}

function json(value: unknown, headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' }) {
  const body = Buffer.from(JSON.stringify(value));
  return { status: 200, headers: { ...headers, 'content-length': body.length }, body };
}
