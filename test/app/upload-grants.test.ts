import {
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createUploadGrant, type UploadGrant, type UploadGrantOptions } from '../../app/upload-grants';
import { photoSize } from '../../contract/photo-rules';
import { type LocalS3, startS3 } from 'local-aws/s3/server';
import { s3Client } from '../s3-client';
import { type FieldChanges, type FormAnswer, postForm } from './posted-form';

const accessKey = { accessKeyId: 'back-end', secretAccessKey: 'secret' };
const bucket = 'photos';
const photo = Buffer.alloc(photoSize.minBytes, 'photo');
let server: LocalS3;
let s3: S3Client;
let sent: string[];

beforeEach(async () => {
  sent = [];
  server = await startS3({ accessKey, sendToQueue: (_, body) => Promise.resolve(void sent.push(body)) });
  await server.createBucket(bucket, {
    isVersioned: true,
    notifications: [{ queueArn: 'queue', events: ['s3:ObjectCreated:*'] }],
  });
  s3 = s3Client(server, { credentials: accessKey });
});

afterEach(async () => {
  jest.useRealTimers();
  s3.destroy();
  await server.close();
});

const grantOf = (options: Partial<UploadGrantOptions> = {}): Promise<UploadGrant> =>
  createUploadGrant({ s3, bucket, clientId: 'client-1', ...options });

async function storedKeys(): Promise<(string | undefined)[]> {
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
  return Versions.map(({ Key }) => Key);
}

/** S3's answer to a granted form that was changed. Checks that no object was stored. */
async function refusalOf(
  changes: FieldChanges,
  { file = photo, ...options }: Partial<UploadGrantOptions> & { file?: Buffer } = {},
): Promise<Pick<FormAnswer, 'status' | 'code' | 'message'>> {
  const { status, code, message } = await postForm(await grantOf(options), file, changes);
  expect(await storedKeys()).toEqual([]);
  return { status, code, message };
}

const denied = (why: string): object => ({
  status: 403,
  code: 'AccessDenied',
  message: expect.stringContaining(`Invalid according to Policy: ${why}`),
});

describe('an upload grant', () => {
  it('lets the app store a photo with the client ID and the liveness flag', async () => {
    const grant = await grantOf({ performLivenessCheck: false, contentType: 'image/png' });
    expect((await postForm(grant, photo)).status).toBe(204);
    const object = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: grant.key }));
    expect(object).toMatchObject({
      ContentLength: photo.length,
      ContentType: 'image/png',
      Metadata: { 'client-id': 'client-1', 'perform-liveness-check': 'false' },
      ServerSideEncryption: 'AES256',
    });
  });

  it('has no liveness flag by default, so that the stack’s setting applies', async () => {
    const grant = await grantOf();
    await postForm(grant, photo);
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: grant.key }));
    expect(Metadata).toEqual({ 'client-id': 'client-1' });
  });

  it('has the client ID in the metadata that the stack reads', async () => {
    const grant = await grantOf({ clientIdMetadata: 'user-id' });
    await postForm(grant, photo);
    const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: grant.key }));
    expect(Metadata).toEqual({ 'user-id': 'client-1' });
    const changed = { ...grant, fields: { ...grant.fields, 'x-amz-meta-user-id': 'client-2' } };
    expect((await postForm(changed, photo)).status).toBe(403);
  });

  it('returns the version of the photo object in the answer and in the event', async () => {
    const { headers } = await postForm(await grantOf(), photo);
    await server.close();
    const [, event = '{}'] = sent;
    expect(JSON.parse(event)).toMatchObject({
      Records: [
        { eventName: 'ObjectCreated:Post', s3: { object: { versionId: headers.get('x-amz-version-id') as string } } },
      ],
    });
  });

  it('has a key with the prefix and a random UUID', async () => {
    const keys = await Promise.all(
      Array.from({ length: 20 }, async () => (await grantOf({ keyPrefix: 'photos/' })).key),
    );
    for (const key of keys) expect(key).toMatch(/^photos\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(new Set(keys).size).toBe(20);
  });

  it('has a key with the stack’s key prefix, or with the chosen one of several', async () => {
    const keyPrefixes = ['selfies/', 'imports/'];
    expect((await grantOf({ keyPrefixes })).key).toMatch(/^selfies\/[0-9a-f-]{36}$/);
    expect((await grantOf({ keyPrefixes, keyPrefix: 'imports/2026/' })).key).toMatch(/^imports\/2026\/[0-9a-f-]{36}$/);
    expect((await grantOf({ keyPrefixes: [] })).key).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('never has the client ID in its key or its URL', async () => {
    const { key, url } = await grantOf();
    expect(key + url).not.toContain('client-1');
  });

  it.each([photoSize.minBytes, photoSize.maxBytes])('accepts a photo of %d bytes', async (bytes) => {
    expect((await postForm(await grantOf(), Buffer.alloc(bytes))).status).toBe(204);
  });

  it('contains its expiration, to the second that S3 enforces', async () => {
    const secondOf = (ms: number) => Math.floor(ms / 1_000);
    const earliest = secondOf(Date.now()) + 60;
    const { expiresAt } = await grantOf({ expiresInSeconds: 60 });
    expect(secondOf(expiresAt.getTime())).toBeGreaterThanOrEqual(earliest);
    expect(secondOf(expiresAt.getTime())).toBeLessThanOrEqual(secondOf(Date.now()) + 60);
    expect(expiresAt.getMilliseconds()).toBe(0);
  });

  it('works after it was sent as JSON', async () => {
    const { url, fields } = JSON.parse(JSON.stringify(await grantOf())) as UploadGrant;
    expect((await postForm({ url, fields }, photo)).status).toBe(204);
  });
});

describe('the holder of a grant', () => {
  it.each([
    ['another client ID', { 'x-amz-meta-client-id': 'client-2' }, '["eq", "$x-amz-meta-client-id", "client-1"]'],
    ['no client ID', { 'x-amz-meta-client-id': undefined }, '["eq", "$x-amz-meta-client-id", "client-1"]'],
    [
      'another liveness flag',
      { 'x-amz-meta-perform-liveness-check': 'false' },
      '["eq", "$x-amz-meta-perform-liveness-check", "true"]',
    ],
    ['no liveness flag', { 'x-amz-meta-perform-liveness-check': undefined }, '["eq", "$x-amz-meta-perform'],
    ['another key', { key: 'photos/mine' }, '["eq", "$key", "photos/'],
    ['the file’s name as the key', { key: 'photos/${filename}' }, '["eq", "$key", "photos/'],
    ['another content type', { 'Content-Type': 'image/svg+xml' }, '["eq", "$Content-Type", "image/jpeg"]'],
    ['the other content type', { 'Content-Type': 'image/png' }, '["eq", "$Content-Type", "image/jpeg"]'],
    ['no content type', { 'Content-Type': undefined }, '["eq", "$Content-Type", "image/jpeg"]'],
    [
      'other encryption',
      { 'x-amz-server-side-encryption': 'aws:kms' },
      '["eq", "$x-amz-server-side-encryption", "AES256"]',
    ],
    ['no encryption', { 'x-amz-server-side-encryption': undefined }, '["eq", "$x-amz-server-side-encryption"'],
  ])('can’t send %s', async (_, changes, condition) => {
    const refusal = await refusalOf(changes, { performLivenessCheck: true, keyPrefix: 'photos/' });
    expect(refusal).toMatchObject(denied(`Policy Condition failed: ${condition}`));
  });

  it.each([
    ['a liveness flag if none was granted', { 'x-amz-meta-perform-liveness-check': 'false' }],
    ['further metadata', { 'x-amz-meta-note': 'x' }],
    ['a tag', { tagging: tagging('album') }],
    ['a tag of an outcome', { tagging: tagging('complycube-status') }],
    ['a tag of an outcome in the format of the header', { 'x-amz-tagging': 'complycube-status=uploaded' }],
    ['an ACL', { acl: 'public-read' }],
    ['a storage class', { 'x-amz-storage-class': 'GLACIER' }],
    ['another KMS key', { 'x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:x:1:key/mine' }],
    ['a redirect', { success_action_redirect: 'https://attacker.example' }],
  ])('can’t add %s', async (_, changes) => {
    const [name] = Object.keys(changes);
    expect(await refusalOf(changes)).toMatchObject(denied(`Extra input fields: ${name ?? ''}`));
  });

  it.each([
    ['smaller', photoSize.minBytes - 1, 'EntityTooSmall'],
    ['larger', photoSize.maxBytes + 1, 'EntityTooLarge'],
  ])('can’t send a %s file', async (_, bytes, code) => {
    expect(await refusalOf({}, { file: Buffer.alloc(bytes) })).toMatchObject({ status: 400, code });
  });

  it('can’t use it for another bucket', async () => {
    await server.createBucket('other');
    const grant = await grantOf();
    const answer = await postForm({ ...grant, url: `${server.url}/other` }, photo);
    expect(answer).toMatchObject(denied('Policy Condition failed: ["eq", "$bucket", "photos"]'));
  });

  it('can’t use it after it has expired', async () => {
    const grant = await grantOf({ expiresInSeconds: 900 });
    expect((await postForm(grant, photo)).status).toBe(204);
    jest.useFakeTimers({
      now: grant.expiresAt,
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'],
    });
    expect(await postForm(grant, photo)).toMatchObject(denied('Policy expired.'));
    jest.useRealTimers();
    expect(await storedKeys()).toEqual([grant.key]);
  });

  it('can use it again until then: each photo is a separate version', async () => {
    const grant = await grantOf();
    await postForm(grant, photo);
    await postForm(grant, photo);
    expect(await storedKeys()).toEqual([grant.key, grant.key]);
  });

  it.each([
    ['another client ID', (policy: string) => policy.replace('client-1', 'client-2')],
    ['a later end', (policy: string) => policy.replace(/"expiration":"\d+/, '"expiration":"2999')],
    ['a larger size', (policy: string) => policy.replace('4194304', '9999999')],
    ['only different whitespace', (policy: string) => policy.replace('{', '{ ')],
  ])('can’t replace the signed policy with one that has %s', async (_, tamper) => {
    const { fields } = await grantOf();
    const policy = Buffer.from(fields['Policy'] ?? '', 'base64').toString('utf8');
    expect(tamper(policy)).not.toBe(policy);
    const tampered = Buffer.from(tamper(policy)).toString('base64');
    expect(await refusalOf({ Policy: tampered })).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it('can’t omit the policy or its signature', async () => {
    expect(await refusalOf({ Policy: undefined })).toMatchObject({ code: 'InvalidArgument' });
    expect(await refusalOf({ 'X-Amz-Signature': undefined })).toMatchObject({ code: 'InvalidArgument' });
    expect(await refusalOf({ Policy: undefined, 'X-Amz-Signature': undefined })).toMatchObject({
      code: 'AccessDenied',
    });
  });
});

function tagging(key: string): string {
  return `<Tagging><TagSet><Tag><Key>${key}</Key><Value>uploaded</Value></Tag></TagSet></Tagging>`;
}

describe('a grant of an identity', () => {
  it('with another secret key is refused', async () => {
    const stranger = s3Client(server, { credentials: { ...accessKey, secretAccessKey: 'other' } });
    const answer = await postForm(await grantOf({ s3: stranger }), photo);
    stranger.destroy();
    expect(answer).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch' });
  });

  it('for a KMS key allows only that key', async () => {
    const keyArn = 'arn:aws:kms:us-east-1:000000000000:key/1234abcd-12ab-34cd-56ef-1234567890ab';
    const other = keyArn.replace('1234abcd', '99999999');
    const refusal = await refusalOf(
      { 'x-amz-server-side-encryption-aws-kms-key-id': other },
      { encryptionKeyArn: keyArn },
    );
    expect(refusal).toMatchObject(
      denied('Policy Condition failed: ["eq", "$x-amz-server-side-encryption-aws-kms-key-id"'),
    );
    // The unchanged form passes the policy. The local S3 then refuses it, because it does not implement KMS.
    expect(await refusalOf({}, { encryptionKeyArn: keyArn })).toMatchObject({ status: 501, code: 'NotImplemented' });
  });

  it('never has tags on the photo object', async () => {
    const grant = await grantOf();
    await postForm(grant, photo);
    const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: grant.key }));
    expect(TagSet).toEqual([]);
  });
});
