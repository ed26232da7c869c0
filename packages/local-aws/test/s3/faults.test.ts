import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import { S3Error } from '../../src/s3/errors';
import type { S3Fault, S3FaultAfter } from '../../src/s3/faults';
import { type LocalS3, startS3 } from '../../src/s3/server';
import { codeOf, s3Client, send } from './s3-requests';
import { PutObjectTaggingCommand } from '@aws-sdk/client-s3';

let s3: LocalS3;
let before: S3Fault | undefined;
let after: S3FaultAfter | undefined;

beforeEach(async () => {
  before = undefined;
  after = undefined;
  s3 = await startS3({
    fault: () => {
      const fault = before;
      before = undefined;
      return fault;
    },
    faultAfter: () => {
      const fault = after;
      after = undefined;
      return fault;
    },
  });
  await s3.createBucket('photos');
  await send(s3, 'PUT', '/photos/existing', {}, 'x'.repeat(1_000));
});
afterEach(() => s3.close());

let signal: AbortSignal;

/** Sends a request and aborts after 200 ms. */
async function open(method: string, path: string, body = ''): Promise<IncomingMessage> {
  signal = AbortSignal.timeout(200);
  const request = httpRequest(`${s3.url}${path}`, { method, signal, agent: false });
  request.end(body);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** Reads a body until the server ends it or this side aborts. */
async function bytesUntilFailure(response: IncomingMessage): Promise<{ bytes: number; isAborted: boolean }> {
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) bytes += chunk.length;
  } catch {
    return { bytes, isAborted: signal.aborted };
  }
  throw new Error('The body is complete');
}

const isStored = async () => (await send(s3, 'HEAD', '/photos/k')).status === 200;

describe('a fault before a request takes effect', () => {
  it.each([
    ['html-403', 403],
    ['html-404', 404],
    ['html-502', 502],
  ] as const)('returns an HTML page: %s', async (fault, status) => {
    before = fault;
    const answer = await send(s3, 'PUT', '/photos/k', {}, 'x');
    expect([answer.status, answer.headers['content-type'], codeOf(answer)]).toEqual([status, 'text/html', undefined]);
    expect(await isStored()).toBe(false);
  });

  it.each(['AccessDenied', 'OperationAborted', 'SlowDown', 'InvalidObjectState'] as const)(
    'returns %s',
    async (code) => {
      before = new S3Error(code);
      expect(codeOf(await send(s3, 'PUT', '/photos/k', {}, 'x'))).toBe(code);
      expect(await isStored()).toBe(false);
    },
  );

  it('sends no response', async () => {
    before = 'hang';
    await expect(open('PUT', '/photos/k', 'x')).rejects.toMatchObject({ name: 'AbortError' });
    expect(await isStored()).toBe(false);
  });

  it('resets the connection', async () => {
    before = 'reset';
    await expect(open('PUT', '/photos/k', 'x')).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await isStored()).toBe(false);
  });
});

describe('a fault after a request took effect', () => {
  it.each([
    ['hang', { name: 'AbortError' }],
    ['reset', { code: 'ECONNRESET' }],
    ['stall', { name: 'AbortError' }],
    ['reset-in-body', { code: 'ECONNRESET' }],
  ] as const)('loses the response to a PUT by %s', async (fault, error) => {
    after = fault;
    await expect(open('PUT', '/photos/k', 'x')).rejects.toMatchObject(error);
    expect(await isStored()).toBe(true);
  });

  it('returns an HTML page', async () => {
    after = 'html-502';
    expect((await send(s3, 'PUT', '/photos/k', {}, 'x')).status).toBe(502);
    expect(await isStored()).toBe(true);
  });

  it('does not change a response without a body by drip', async () => {
    after = 'drip';
    expect((await send(s3, 'PUT', '/photos/k', {}, 'x')).status).toBe(200);
  });

  it('stalls in the middle of a body', async () => {
    after = 'stall';
    const response = await open('GET', '/photos/existing');
    expect(response.headers['content-length']).toBe('1000');
    expect(await bytesUntilFailure(response)).toEqual({ bytes: 500, isAborted: true });
  });

  it('resets the connection in the middle of a body', async () => {
    after = 'reset-in-body';
    expect(await bytesUntilFailure(await open('GET', '/photos/existing'))).toEqual({ bytes: 500, isAborted: false });
  });

  it('sends a body byte by byte', async () => {
    after = 'drip';
    const { bytes, isAborted } = await bytesUntilFailure(await open('GET', '/photos/existing'));
    expect(isAborted).toBe(true);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThan(5);
  });
});

describe('the fault callback', () => {
  it('receives the access key and the existing tags of the object', async () => {
    const seen: unknown[] = [];
    const watched = await startS3({
      fault: ({ operation, accessKeyId }, existingTags) => {
        seen.push([operation, accessKeyId, Object.fromEntries(existingTags())]);
        return undefined;
      },
    });
    await watched.createBucket('photos');
    const client = s3Client(watched, { credentials: { accessKeyId: 'tagger', secretAccessKey: 'any' } });
    await send(watched, 'PUT', '/photos/k', { 'x-amz-tagging': 'team=a' }, 'x');
    const Tagging = { TagSet: [] };
    await client.send(new PutObjectTaggingCommand({ Bucket: 'photos', Key: 'k', Tagging }));
    client.destroy();
    await watched.close();
    expect(seen).toEqual([
      ['PutObject', undefined, {}],
      ['PutObjectTagging', 'tagger', { team: 'a' }],
    ]);
  });
});
