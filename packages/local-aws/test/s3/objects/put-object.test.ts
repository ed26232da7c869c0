import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, it, expect } from '@jest/globals';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { codeOf, send, useS3 } from '../s3-requests';

const s3 = useS3({ photos: {} });

const Bucket = 'photos';
const Key = 'a photo.jpg';
const path = '/photos/a%20photo.jpg';

async function storedText(): Promise<string | undefined> {
  const { Body } = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
  return Body?.transformToString();
}

describe('PutObject', () => {
  it('stores the bytes, the content type and the user metadata, and returns the MD5 as the ETag', async () => {
    const Body = Buffer.from([0, 255, 13, 10, 128]);
    const put = await s3.client.send(
      new PutObjectCommand({ Bucket, Key, Body, ContentType: 'image/jpeg', Metadata: { 'client-id': 'abc' } }),
    );
    expect(put.ETag).toBe(`"${createHash('md5').update(Body).digest('hex')}"`);
    expect(put.VersionId).toBeUndefined();
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToByteArray()).toEqual(Uint8Array.from(Body));
    expect(got).toMatchObject({
      ETag: put.ETag,
      ContentType: 'image/jpeg',
      ContentLength: 5,
      Metadata: { 'client-id': 'abc' },
    });
    expect(got.TagCount).toBeUndefined();
    expect(got.VersionId).toBeUndefined();
  });

  it('stores an empty object', async () => {
    expect((await send(s3, 'PUT', path)).status).toBe(200);
    expect(await storedText()).toBe('');
  });

  it('stores every system header, without the transfer encoding aws-chunked', async () => {
    const headers = { CacheControl: 'no-cache', ContentDisposition: 'inline', ContentLanguage: 'ja' };
    const Body = Readable.from([Buffer.alloc(9000, 'x'), Buffer.from('end')]);
    await s3.client.send(
      new PutObjectCommand({ Bucket, Key, Body, ContentLength: 9003, ContentEncoding: 'gzip', ...headers }),
    );
    const head = await s3.client.send(new HeadObjectCommand({ Bucket, Key }));
    expect(head).toMatchObject({ ...headers, ContentEncoding: 'gzip', ContentLength: 9003 });
    expect(head.ContentType).toBe('application/octet-stream');
  });

  it('has the default content type binary/octet-stream', async () => {
    await send(s3, 'PUT', path, {}, 'x');
    expect((await send(s3, 'GET', path)).headers['content-type']).toBe('binary/octet-stream');
  });

  it.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'accepts a %s from the SDK in a header and in a trailer, and returns it',
    async (ChecksumAlgorithm) => {
      for (const Body of ['123456789', Readable.from([Buffer.from('123456789')])]) {
        const put = await s3.client.send(
          new PutObjectCommand({ Bucket, Key, Body, ContentLength: 9, ChecksumAlgorithm }),
        );
        expect(put[`Checksum${ChecksumAlgorithm}`]).toBeDefined();
        const got = await s3.client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
        expect(got[`Checksum${ChecksumAlgorithm}`]).toBe(put[`Checksum${ChecksumAlgorithm}`]);
        expect(got.ChecksumType).toBe('FULL_OBJECT');
        expect(await got.Body?.transformToString()).toBe('123456789');
      }
    },
  );

  // The check values of the catalogue of parametrised CRC algorithms, in base64.
  it.each([
    ['crc32', 'y/Q5Jg=='],
    ['crc32c', '4waSgw=='],
    ['crc64nvme', 'rosUhgp5mIg='],
  ])('accepts the published check value of %s', async (algorithm, value) => {
    const answer = await send(s3, 'PUT', path, { [`x-amz-checksum-${algorithm}`]: value }, '123456789');
    expect(answer.status).toBe(200);
    expect(answer.headers[`x-amz-checksum-${algorithm}`]).toBe(value);
  });

  it('computes a CRC64NVME if the client sends no checksum', async () => {
    const answer = await send(s3, 'PUT', path, {}, '123456789');
    expect(answer.headers['x-amz-checksum-crc64nvme']).toBe('rosUhgp5mIg=');
  });

  it.each([
    ['a wrong CRC32', { 'x-amz-checksum-crc32': 'AAAAAA==' }, 400, 'BadDigest'],
    ['a wrong SHA256', { 'x-amz-checksum-sha256': `${'A'.repeat(43)}=` }, 400, 'BadDigest'],
    ['a malformed CRC32', { 'x-amz-checksum-crc32': 'abc' }, 400, 'InvalidRequest'],
    [
      'two checksums',
      { 'x-amz-checksum-crc32': 'y/Q5Jg==', 'x-amz-checksum-crc32c': '4waSgw==' },
      400,
      'InvalidRequest',
    ],
    ['an unsupported checksum', { 'x-amz-checksum-xxhash64': 'AAAAAAAAAAA=' }, 501, 'NotImplemented'],
    ['a wrong Content-MD5', { 'content-md5': '1B2M2Y8AsgTpgAmY7PhCfg==' }, 400, 'BadDigest'],
    ['a malformed Content-MD5', { 'content-md5': 'MTIz' }, 400, 'InvalidDigest'],
    ['a wrong payload hash', { 'x-amz-content-sha256': '0'.repeat(64) }, 400, 'XAmzContentSHA256Mismatch'],
    ['no Content-Length', { 'transfer-encoding': 'chunked' }, 411, 'MissingContentLength'],
    ['a Content-Length beyond 64 MiB', { 'content-length': '67108865' }, 400, 'EntityTooLarge'],
    ['KMS encryption', { 'x-amz-server-side-encryption': 'aws:kms' }, 501, 'NotImplemented'],
    ['another storage class', { 'x-amz-storage-class': 'GLACIER' }, 501, 'NotImplemented'],
    ['an ACL', { 'x-amz-acl': 'public-read' }, 400, 'AccessControlListNotSupported'],
    ['a malformed tagging header', { 'x-amz-tagging': 'a=b=c' }, 400, 'InvalidArgument'],
    ['more than 2 KB of metadata', { 'x-amz-meta-a': 'x'.repeat(2048) }, 400, 'MetadataTooLarge'],
  ])('refuses %s and stores nothing', async (_, headers, status, code) => {
    const answer = await send(s3, 'PUT', path, headers, '123456789');
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect((await send(s3, 'GET', path)).status).toBe(404);
  });

  it('accepts 2 KB of metadata', async () => {
    expect((await send(s3, 'PUT', path, { 'x-amz-meta-a': 'x'.repeat(2047) }, 'x')).status).toBe(200);
  });

  it('accepts an object of several megabytes', async () => {
    const Body = Buffer.alloc(4_194_304, 'photo');
    await s3.client.send(new PutObjectCommand({ Bucket, Key, Body }));
    const got = await s3.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(Body.equals((await got.Body?.transformToByteArray()) ?? Buffer.of())).toBe(true);
  });

  it('refuses a bucket that does not exist', async () => {
    const put = s3.client.send(new PutObjectCommand({ Bucket: 'nobody', Key, Body: 'x' }));
    await expect(put).rejects.toMatchObject({ name: 'NoSuchBucket', $metadata: { httpStatusCode: 404 } });
  });
});

describe('PutObject with an aws-chunked body', () => {
  const streaming = {
    'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
    'x-amz-decoded-content-length': '9',
  };
  const announced = { ...streaming, 'x-amz-trailer': 'x-amz-checksum-crc32' };
  const framed = '9\r\n123456789\r\n0\r\n';

  it('stores the chunks if the trailing checksum is correct', async () => {
    const answer = await send(s3, 'PUT', path, announced, `${framed}x-amz-checksum-crc32:y/Q5Jg==\r\n\r\n`);
    expect(answer.headers['x-amz-checksum-crc32']).toBe('y/Q5Jg==');
    expect(await storedText()).toBe('123456789');
  });

  it.each(['STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER'])(
    'stores signed chunks (%s)',
    async (sha256) => {
      const signature = `;chunk-signature=${'0'.repeat(64)}`;
      const body = `9${signature}\r\n123456789\r\n0${signature}\r\n\r\n`;
      await send(s3, 'PUT', path, { ...streaming, 'x-amz-content-sha256': sha256 }, body);
      expect(await storedText()).toBe('123456789');
    },
  );

  it.each([
    ['with a wrong trailing CRC32', announced, `${framed}x-amz-checksum-crc32:AAAAAA==\r\n\r\n`, 'BadDigest'],
    ['without the announced trailer', announced, `${framed}\r\n`, 'MalformedTrailerError'],
    [
      'with a checksum trailer that was not announced',
      streaming,
      `${framed}x-amz-checksum-crc32:y/Q5Jg==\r\n\r\n`,
      'MalformedTrailerError',
    ],
    [
      'shorter than declared',
      { ...streaming, 'x-amz-decoded-content-length': '10' },
      `${framed}\r\n`,
      'IncompleteBody',
    ],
    ['that is truncated', streaming, '9\r\n1234', 'IncompleteBody'],
    [
      'without a length',
      { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
      `${framed}\r\n`,
      'MissingContentLength',
    ],
  ])('refuses one %s', async (_, headers, body, code) => {
    expect(codeOf(await send(s3, 'PUT', path, headers, body))).toBe(code);
    expect((await send(s3, 'GET', path)).status).toBe(404);
  });
});

describe('a conditional PutObject', () => {
  const put = (conditions: { IfMatch?: string; IfNoneMatch?: string }) =>
    s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'new', ...conditions }));

  it('creates the object only if it does not exist: If-None-Match: *', async () => {
    await put({ IfNoneMatch: '*' });
    await expect(put({ IfNoneMatch: '*' })).rejects.toMatchObject({
      name: 'PreconditionFailed',
      Condition: 'If-None-Match',
      $metadata: { httpStatusCode: 412 },
    });
  });

  it('replaces the object only if its ETag matches: If-Match', async () => {
    const { ETag = '' } = await s3.client.send(new PutObjectCommand({ Bucket, Key, Body: 'old' }));
    await put({ IfMatch: ETag });
    expect(await storedText()).toBe('new');
    await expect(put({ IfMatch: ETag })).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('returns 404 for If-Match and a missing object', async () => {
    await expect(put({ IfMatch: '"x"' })).rejects.toMatchObject({ name: 'NoSuchKey' });
  });

  it.each([{ IfNoneMatch: '"x"' }, { IfMatch: '*' }, { IfMatch: '"x"', IfNoneMatch: '*' }])(
    'refuses %j with NotImplemented, as S3 does',
    async (conditions) => {
      await expect(put(conditions)).rejects.toMatchObject({ name: 'NotImplemented' });
    },
  );
});

describe('user metadata beyond ASCII', () => {
  it("is returned as in S3's user guide: an RFC 2047 word of the bytes read as ISO-8859-1", async () => {
    const value = Buffer.from('ÄMÄZÕÑ S3', 'utf8').toString('latin1');
    await send(s3, 'PUT', path, { 'x-amz-meta-nonascii': value }, 'x');
    const answer = await send(s3, 'HEAD', path);
    expect(answer.headers['x-amz-meta-nonascii']).toBe('=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?=');
  });

  it('is returned as RFC 2047 words if the client sent such words, and decoded if it is ASCII only', async () => {
    const headers = {
      'x-amz-meta-japanese': '=?UTF-8?B?5pel5pys?=',
      'x-amz-meta-quoted': '=?utf-8?q?caf=C3=A9_noir?=',
      'x-amz-meta-ascii': '=?UTF-8?B?YWJj?=',
    };
    await send(s3, 'PUT', path, headers, 'x');
    expect((await send(s3, 'HEAD', path)).headers).toMatchObject({
      'x-amz-meta-japanese': '=?UTF-8?B?5pel5pys?=',
      'x-amz-meta-quoted': `=?UTF-8?B?${Buffer.from('café noir').toString('base64')}?=`,
      'x-amz-meta-ascii': 'abc',
    });
  });
});
