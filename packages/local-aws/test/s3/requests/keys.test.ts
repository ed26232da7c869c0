import { afterAll, beforeAll, describe, it, expect } from '@jest/globals';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { type LocalS3, startS3 } from '../../../src/s3/server';
import { codeOf, s3Client, send } from '../s3-requests';

let s3: LocalS3;
let client: S3Client;
const sentKeys: string[] = [];

beforeAll(async () => {
  s3 = await startS3({
    sendToQueue: (_, body) => {
      const { Records = [] } = JSON.parse(body) as { Records?: { s3: { object: { key: string } } }[] };
      sentKeys.push(...Records.map((record) => record.s3.object.key));
      return Promise.resolve();
    },
  });
  client = s3Client(s3);
  await s3.createBucket('photos', { notifications: [{ queueArn: 'queue', events: ['s3:ObjectCreated:*'] }] });
});

afterAll(async () => {
  client.destroy();
  await s3.close();
});

const Bucket = 'photos';
const awkwardKeys = [
  'a b',
  'a+b',
  'a%20b',
  '%',
  'a&b=c?d#e',
  "it's (1)!*~",
  '/',
  '//a//b/',
  './a/../b',
  'é日本語😀',
  'e\u0301',
  'a<b>"c"',
  '__proto__',
];

describe('a key', () => {
  it.each(awkwardKeys)('is stored, listed and sent in events unchanged: %j', async (Key) => {
    await roundTrip(Key);
  });

  it('is stored, listed and sent in events unchanged, for any key', async () => {
    const keyArbitrary = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
      .filter((key) => Buffer.byteLength(key) <= 1024);
    await fc.assert(fc.asyncProperty(keyArbitrary, roundTrip), { numRuns: 60 });
  });

  async function roundTrip(Key: string): Promise<void> {
    const Body = `of ${Key}`;
    await client.send(new PutObjectCommand({ Bucket, Key, Body }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe(Body);
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents?.map((object) => object.Key)).toEqual([Key]);
    // The decoding that the user guide recommends.
    expect(decodeURIComponent((sentKeys.at(-1) ?? '').replace(/\+/g, ' '))).toBe(Key);
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
  }

  it('has up to 1,024 bytes of UTF-8', async () => {
    const path = (key: string) => `/photos/${encodeURIComponent(key)}`;
    expect((await send(s3, 'PUT', path('é'.repeat(512)), {}, 'x')).status).toBe(200);
    const answer = await send(s3, 'PUT', path('é'.repeat(512) + 'a'), {}, 'x');
    expect([answer.status, codeOf(answer)]).toEqual([400, 'KeyTooLongError']);
    await send(s3, 'DELETE', path('é'.repeat(512)));
  });

  it.each(['/photos/%zz', '/photos/%E9', '/photos/%', '/%ff/a', '*', 'http://elsewhere/photos/a'])(
    'is not readable from the path %s, which is refused',
    async (path) => {
      const answer = await send(s3, 'GET', path);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'InvalidURI']);
    },
  );
});
