import { GetObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { createPresignedPost, type PresignedPostOptions } from '@aws-sdk/s3-presigned-post';
import { describe, expect, it } from '@jest/globals';
import { computeChecksum } from '../../../src/s3/requests/checksums';
import { startS3 } from '../../../src/s3/server';
import { s3Client, useS3 } from '../s3-requests';

const accessKey = { accessKeyId: 'signer', secretAccessKey: 'secret' };
const file = Buffer.from('photo');
const Bucket = 'photos';
const Key = 'a b/ü+1.jpg';
const sent: string[] = [];
const s3 = useS3(
  { [Bucket]: { isVersioned: true, notifications: [{ queueArn: 'queue', events: ['s3:ObjectCreated:*'] }] } },
  { accessKey, sendToQueue: (_, body) => Promise.resolve(void sent.push(body)) },
);

/** Posts a form as a browser does: first the fields, then the file. */
async function postForm({ url, fields }: { url: string; fields: Record<string, string | undefined> }) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) form.append(name, value);
  form.append('file', new Blob([file]), 'photo.jpg');
  const answer = await fetch(url, { method: 'POST', body: form });
  const text = await answer.text();
  const [code, message] = ['Code', 'Message'].map((name) => new RegExp(`<${name}>(.*?)<`).exec(text)?.[1]);
  return { status: answer.status, headers: answer.headers, text, code, message };
}

const presign = (more: Partial<PresignedPostOptions> = {}) => createPresignedPost(s3.client, { Bucket, Key, ...more });

/** Posts a form with these fields, which its policy allows. */
const post = async (Fields: Record<string, string> = {}) => postForm(await presign({ Fields }));

/** Posts a form after changing some of its signed fields. */
const postChanged = async (changes: Record<string, string | undefined>) => {
  const { url, fields } = await presign();
  return postForm({ url, fields: { ...fields, ...changes } });
};

describe('a form', () => {
  it('signed by the SDK stores its file', async () => {
    const answer = await post({ 'Content-Type': 'image/jpeg', 'Cache-Control': 'no-store', 'x-amz-meta-note': 'mine' });
    expect(answer.status).toBe(204);
    const stored = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await stored.Body?.transformToString()).toBe('photo');
    expect(stored).toMatchObject({
      ContentType: 'image/jpeg',
      CacheControl: 'no-store',
      Metadata: { note: 'mine' },
      VersionId: answer.headers.get('x-amz-version-id'),
      ETag: answer.headers.get('etag'),
    });
  });

  it('causes an event of type Post', async () => {
    await post();
    await s3.close();
    const object = { key: 'a+b/%C3%BC%2B1.jpg', size: 5 };
    expect(JSON.parse(sent.at(-1) ?? '')).toMatchObject({
      Records: [{ eventName: 'ObjectCreated:Post', s3: { object } }],
    });
  });

  it.each([
    ['200', 200],
    ['204', 204],
    ['418', 204],
  ])('with the success status %s returns %d', async (requested, status) => {
    expect((await post({ success_action_status: requested })).status).toBe(status);
  });

  it('with the success status 201 receives the location of the object', async () => {
    const { status, text } = await post({ success_action_status: '201' });
    expect(status).toBe(201);
    expect(text).toContain('<Bucket>photos</Bucket><Key>a b/ü+1.jpg</Key>');
    const location = /<Location>(.*)<\/Location>/.exec(text)?.[1];
    expect(location).toBe(`${s3.url}/photos/a%20b%2F%C3%BC%2B1.jpg`);
  });

  it('replaces ${filename} in its key by the name of the file', async () => {
    expect((await postForm(await presign({ Key: 'mine/${filename}' }))).status).toBe(204);
    const { Contents = [] } = await s3.client.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents.map((object) => object.Key)).toEqual(['mine/photo.jpg']);
  });

  it('sets the tags that its policy allows', async () => {
    const tagging = '<Tagging><TagSet><Tag><Key>album</Key><Value>holidays</Value></Tag></TagSet></Tagging>';
    expect((await post({ tagging })).status).toBe(204);
    const { TagSet } = await s3.client.send(new GetObjectTaggingCommand({ Bucket, Key }));
    expect(TagSet).toEqual([{ Key: 'album', Value: 'holidays' }]);
  });

  it('stores its file only with a correct checksum', async () => {
    expect(await post({ 'x-amz-checksum-crc32': 'AAAAAA==' })).toMatchObject({ code: 'BadDigest' });
    await expect(s3.client.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({ name: 'NotFound' });
    const { value } = await computeChecksum(file, 'CRC32');
    expect((await post({ 'x-amz-checksum-crc32': value })).status).toBe(204);
  });

  it.each([
    ['a redirect', { success_action_redirect: 'https://example.com' }, 501, 'NotImplemented'],
    ['tags in the format of the header', { 'x-amz-tagging': 'a=b' }, 501, 'NotImplemented'],
    ['encryption with KMS', { 'x-amz-server-side-encryption': 'aws:kms' }, 501, 'NotImplemented'],
    ['a public ACL', { acl: 'public-read' }, 400, 'AccessControlListNotSupported'],
    ['tags that are not XML', { tagging: 'album=holidays' }, 400, 'MalformedXML'],
    ['more than 2 KB of metadata', { 'x-amz-meta-a': 'x'.repeat(2048) }, 400, 'MetadataTooLarge'],
  ])('is refused with %s, even if its policy allows it', async (_, fields, status, code) => {
    expect(await post(fields as Record<string, string>)).toMatchObject({ status, code });
  });

  it('accepts any field that starts with x-ignore-', async () => {
    expect((await postChanged({ 'x-ignore-note': 'x' })).status).toBe(204);
  });
});

describe('a form’s signature', () => {
  it.each([
    ['is required', { Policy: undefined, 'X-Amz-Signature': undefined }, 403, 'AccessDenied'],
    ['requires its policy', { Policy: undefined }, 400, 'InvalidArgument'],
    ['must have Version 4', { 'X-Amz-Algorithm': undefined }, 400, 'InvalidRequest'],
    ['must have a date', { 'X-Amz-Date': undefined }, 400, 'InvalidArgument'],
    ['must have a credential', { 'X-Amz-Credential': undefined }, 400, 'InvalidArgument'],
    ['must match the policy', { 'X-Amz-Signature': '0'.repeat(64) }, 403, 'SignatureDoesNotMatch'],
    ['must have the day of its credential', { 'X-Amz-Date': '20200101T000000Z' }, 400, 'InvalidArgument'],
    ['must have long-term credentials', { 'X-Amz-Security-Token': 'x' }, 400, 'InvalidToken'],
  ])('%s', async (_, changes, status, code) => {
    expect(await postChanged(changes)).toMatchObject({ status, code });
  });

  it.each([
    ['of an unknown access key', { credentials: { ...accessKey, accessKeyId: 'stranger' } }, 'InvalidAccessKeyId'],
    ['with another secret', { credentials: { ...accessKey, secretAccessKey: 'guess' } }, 'SignatureDoesNotMatch'],
    ['for another region', { credentials: accessKey, region: 'eu-west-1' }, 'InvalidArgument'],
  ])('%s is refused', async (_, config, code) => {
    const other = s3Client(s3, config);
    const form = await createPresignedPost(other, { Bucket, Key });
    other.destroy();
    expect((await postForm(form)).code).toBe(code);
  });

  it('older than seven days is refused, even if its policy has not expired', async () => {
    const aged = s3Client(s3, { credentials: accessKey, systemClockOffset: -8 * 86_400_000 });
    const form = await createPresignedPost(aged, { Bucket, Key, Expires: 30 * 86_400 });
    aged.destroy();
    expect(await postForm(form)).toMatchObject({
      code: 'AccessDenied',
      message: expect.stringContaining('expired'),
    });
  });

  it('is refused by a server without an access key', async () => {
    const closed = await startS3();
    await closed.createBucket(Bucket);
    const form = await presign();
    expect(await postForm({ ...form, url: `${closed.url}/${Bucket}` })).toMatchObject({
      code: 'InvalidAccessKeyId',
    });
    await closed.close();
  });
});

describe('a POST to a bucket that is not a valid form', () => {
  it('without a key is refused', async () => {
    expect(await postChanged({ key: undefined })).toMatchObject({
      code: 'InvalidArgument',
      message: expect.stringContaining("'key'"),
    });
  });

  it('with its fields after the file is refused', async () => {
    const { url, fields } = await presign();
    const form = new FormData();
    form.append('file', new Blob([file]));
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const answer = await fetch(url, { method: 'POST', body: form });
    expect(await answer.text()).toContain('please check the order of the fields');
  });

  it('to a bucket that does not exist is refused', async () => {
    const form = await presign();
    expect(await postForm({ ...form, url: `${s3.url}/nobody` })).toMatchObject({ code: 'NoSuchBucket' });
  });
});
