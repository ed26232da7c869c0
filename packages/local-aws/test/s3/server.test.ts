import { connect } from 'node:net';
import { once } from 'node:events';
import { beforeEach, describe, it, expect } from '@jest/globals';
import { CreateMultipartUploadCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { S3Error } from '../../src/s3/errors';
import type { FaultableCall } from '../../src/s3/faultable-call';
import { startS3 } from '../../src/s3/server';
import { codeOf, s3Client, send, useS3 } from './s3-requests';

let calls: FaultableCall[];
let fault: S3Error | undefined;
let errors: unknown[];

beforeEach(() => {
  calls = [];
  errors = [];
  fault = undefined;
});
const s3 = useS3(
  { photos: {} },
  {
    accountId: '123456789012',
    fault: (call) => {
      calls.push(call);
      return fault;
    },
    reportError: (_, error) => errors.push(error),
  },
);

describe('every response', () => {
  it('has unique request IDs, which an error repeats in its XML', async () => {
    const answers = [await send(s3, 'GET', '/photos/none'), await send(s3, 'GET', '/photos?versioning')];
    const ids = answers.map(({ headers }) => headers['x-amz-request-id']);
    expect(new Set(ids).size).toBe(2);
    const [missing] = answers;
    expect(missing?.text).toContain(`<RequestId>${String(ids[0])}</RequestId>`);
    expect(missing?.text).toContain(`<HostId>${String(missing?.headers['x-amz-id-2'])}</HostId>`);
    expect(missing?.text).not.toContain('xmlns');
  });
});

describe('an unsupported request', () => {
  it.each([
    ['GET', '/photos', 'ListObjects is not implemented'],
    ['POST', '/photos/k?uploads', 'POST /bucket/key?uploads is not implemented'],
    ['PUT', '/other', 'CreateBucket is not implemented'],
    ['PUT', '/photos/k?acl', 'PUT /bucket/key?acl is not implemented'],
    ['GET', '/photos?policy', 'GET /bucket?policy is not implemented'],
    ['GET', '/photos?versions&delimiter=/', 'The query parameter delimiter is not implemented'],
    ['GET', '/?max-buckets=1', 'The query parameter max-buckets is not implemented'],
  ])('is refused by name: %s %s', async (method, path, message) => {
    const answer = await send(s3, method, path);
    expect([answer.status, codeOf(answer)]).toEqual([501, 'NotImplemented']);
    expect(answer.text).toContain(`<Message>${message}</Message>`);
  });

  it('stores nothing', async () => {
    await send(s3, 'PUT', '/photos/k?acl', {}, 'x');
    expect((await send(s3, 'GET', '/photos/k')).status).toBe(404);
  });

  it('is refused with MethodNotAllowed if S3 has no such operation', async () => {
    for (const [method, path] of [
      ['PATCH', '/photos/k'],
      ['POST', '/photos/k'],
      ['DELETE', '/'],
    ] as const) {
      expect(codeOf(await send(s3, method, path))).toBe('MethodNotAllowed');
    }
  });

  it('causes an error in an SDK', async () => {
    const upload = s3.client.send(new CreateMultipartUploadCommand({ Bucket: 'photos', Key: 'k' }));
    await expect(upload).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('fault injection', () => {
  it('receives the operation, the bucket and the key', async () => {
    await send(s3, 'PUT', '/photos/a%20b', {}, 'x');
    await send(s3, 'GET', '/photos?list-type=2');
    await send(s3, 'GET', '/');
    expect(calls).toEqual([
      { operation: 'PutObject', bucket: 'photos', key: 'a b' },
      { operation: 'ListObjectsV2', bucket: 'photos' },
      { operation: 'ListBuckets' },
    ]);
  });

  it('returns the error, and the request has no effect', async () => {
    fault = new S3Error('SlowDown');
    const answer = await send(s3, 'PUT', '/photos/k', {}, 'x'.repeat(100_000));
    expect([answer.status, codeOf(answer)]).toEqual([503, 'SlowDown']);
    fault = undefined;
    expect((await send(s3, 'GET', '/photos/k')).status).toBe(404);
  });

  it('causes an SDK to retry', async () => {
    const client = s3Client(s3, { maxAttempts: 2 });
    fault = new S3Error('SlowDown');
    const put = client.send(new PutObjectCommand({ Bucket: 'photos', Key: 'k', Body: 'x' }));
    while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    fault = undefined;
    await put;
    expect(calls).toHaveLength(2);
    client.destroy();
  });

  it('returns and reports InternalError if the callback throws', async () => {
    const broken = await startS3({
      fault: () => {
        throw new TypeError('a mistake');
      },
      reportError: (_, error) => errors.push(error),
    });
    expect(codeOf(await send(broken, 'GET', '/'))).toBe('InternalError');
    expect(errors).toEqual([new TypeError('a mistake')]);
    await broken.close();
  });
});

describe('the server', () => {
  it('refuses another expected bucket owner', async () => {
    const answer = await send(s3, 'GET', '/photos?versions', { 'x-amz-expected-bucket-owner': '999999999999' });
    expect(answer.status).toBe(403);
    const owned = await send(s3, 'GET', '/photos?versions', { 'x-amz-expected-bucket-owner': '123456789012' });
    expect(owned.status).toBe(200);
  });

  it('reads headers from the query of a presigned URL', async () => {
    const signature = 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=900&X-Amz-Signature=00';
    await send(s3, 'PUT', `/photos/k?${signature}&x-amz-meta-client-id=abc&x-id=PutObject`, {}, 'x');
    expect((await send(s3, 'GET', `/photos/k?${signature}`)).headers['x-amz-meta-client-id']).toBe('abc');
    await send(s3, 'PUT', '/photos/unsigned?x-amz-meta-client-id=abc', {}, 'x');
    expect((await send(s3, 'GET', '/photos/unsigned')).headers).not.toHaveProperty('x-amz-meta-client-id');
  });

  it('does not compare the checksum in a presigned URL with the body: the SDK signs that of an empty body', async () => {
    const put = new PutObjectCommand({ Bucket: 'photos', Key: 'signed', Metadata: { 'client-id': 'abc' } });
    const url = await getSignedUrl(s3.client, put);
    // Of an empty body.
    expect(new URL(url).searchParams.get('x-amz-checksum-crc32')).toBe('AAAAAA==');
    expect((await fetch(url, { method: 'PUT', body: 'photo' })).status).toBe(200);
    const stored = await send(s3, 'GET', '/photos/signed');
    expect([stored.text, stored.headers['x-amz-meta-client-id']]).toEqual(['photo', 'abc']);
    const declared = await send(s3, 'PUT', '/photos/signed', { 'x-amz-checksum-crc32': 'AAAAAA==' }, 'photo');
    expect(declared.status).toBe(400);
  });

  it('stores nothing if the client disconnects within the body', async () => {
    const socket = connect(Number(new URL(s3.url).port), '127.0.0.1');
    socket.write('PUT /photos/half HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nonly this');
    while (calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    await once(socket, 'close');
    expect((await send(s3, 'GET', '/photos/half')).status).toBe(404);
    expect(errors).toEqual([]);
  });
});
