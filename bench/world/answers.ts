import type { IncomingMessage } from 'node:http';
import { checksumHeaders, computeChecksum } from '../../local/s3/checksums';
import { makeJpeg } from '../../local/sample-photos/jpeg';
import type { Service } from './network';

/** An answer that stands before its request does. */
interface CannedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body?: Buffer;
}

const photos = new Map<string, Promise<CannedAnswer>>();

/**
 * HeadObject and GetObject of a photo whose key begins with its size in bytes. As S3 does with an object that was put without
 * a checksum, it gives its CRC64NVME to those who ask for checksums.
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
  const body = makeJpeg({ bytes, seed: 1 });
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

/** Of every photo. */
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
const written: CannedAnswer = { status: 200, headers: { etag: '"claim"', 'content-length': 0 } };

/** What each service answers to everything else: what a photo that goes its way is answered. */
export const simpleAnswers: Readonly<Record<Service, (request: IncomingMessage) => CannedAnswer>> = {
  s3: ({ method }) => (method === 'GET' ? noTags : written),
  secretsManager: () => secret,
  eventBridge: () => published,
  sqs: () => hidden,
  complyCube: () => livePhoto,
};

function json(value: unknown, headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' }) {
  const body = Buffer.from(JSON.stringify(value));
  return { status: 200, headers: { ...headers, 'content-length': body.length }, body };
}
