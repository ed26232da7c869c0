import { PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { beforeEach, describe, it, expect } from '@jest/globals';
import { S3Error } from '../../src/s3/errors';
import type { S3Fault, S3FaultAfter } from '../../src/s3/faults';
import { startS3 } from '../../src/s3/server';
import { until } from '../until';
import { codeOf, s3Client, send, useS3 } from './s3-requests';

let before: S3Fault | undefined;
let after: S3FaultAfter | undefined;

const s3 = useS3(
  { photos: {} },
  {
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
  },
);

beforeEach(async () => {
  before = undefined;
  after = undefined;
  await send(s3, 'PUT', '/photos/existing', {}, 'x'.repeat(1_000));
});

/** Sends a request whose response can be read piece by piece. It has no timeout. */
function open(method: string, path: string, body = ''): { answer: Promise<IncomingMessage>; request: ClientRequest } {
  const request = httpRequest(`${s3.url}${path}`, { method, agent: false });
  const answer = once(request, 'response').then(([response]) => response as IncomingMessage);
  // Since Node 26, a reset in the body is an error of the request too.
  request.on('error', () => undefined);
  request.end(body);
  return { answer, request };
}

/** Whether a promise is still pending after the server has answered another request. */
async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  promise.then(settle, settle);
  for (let roundTrip = 0; roundTrip < 2; roundTrip++) await send(s3, 'HEAD', '/photos');
  return !isSettled;
}

/** Reads this many bytes of a body. */
async function readBytes(response: IncomingMessage, wanted: number): Promise<void> {
  let bytes = 0;
  await new Promise<void>((resolve) => {
    response.on('error', () => undefined);
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes >= wanted) resolve();
    });
  });
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
    const { answer, request } = open('PUT', '/photos/k', 'x');
    answer.catch(() => undefined);
    await until(() => before === undefined);
    expect(await isPending(answer)).toBe(true);
    expect(await isStored()).toBe(false);
    request.destroy();
  });

  it('resets the connection', async () => {
    before = 'reset';
    await expect(open('PUT', '/photos/k', 'x').answer).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await isStored()).toBe(false);
  });
});

describe('a fault after a request took effect', () => {
  it.each(['reset', 'reset-in-body'] as const)('%s loses the response to a PUT', async (fault) => {
    after = fault;
    await expect(open('PUT', '/photos/k', 'x').answer).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(await isStored()).toBe(true);
  });

  it.each(['hang', 'stall'] as const)('%s sends no response to a PUT', async (fault) => {
    after = fault;
    const { answer, request } = open('PUT', '/photos/k', 'x');
    answer.catch(() => undefined);
    await until(() => after === undefined);
    expect(await isPending(answer)).toBe(true);
    expect(await isStored()).toBe(true);
    request.destroy();
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
    const { answer, request } = open('GET', '/photos/existing');
    const response = await answer;
    expect(response.headers['content-length']).toBe('1000');
    const end = once(response, 'end');
    end.catch(() => undefined);
    await readBytes(response, 500);
    expect(await isPending(end)).toBe(true);
    request.destroy();
  });

  it('resets the connection in the middle of a body', async () => {
    after = 'reset-in-body';
    const response = await open('GET', '/photos/existing').answer;
    let bytes = 0;
    const reading = (async () => {
      for await (const chunk of response as AsyncIterable<Buffer>) bytes += chunk.length;
    })();
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(bytes).toBe(500);
  });

  it('sends a body byte by byte', async () => {
    after = 'drip';
    const { answer, request } = open('GET', '/photos/existing');
    const response = await answer;
    const end = once(response, 'end');
    end.catch(() => undefined);
    await readBytes(response, 3);
    expect(await isPending(end)).toBe(true);
    request.destroy();
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
