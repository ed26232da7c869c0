import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:net';
import { ComplyCube, parseRetryAfter } from '../../lambda/complycube';
import { makeJpeg } from '../../local/sample-photos/jpeg';
import { type ScriptedServer, startScriptedServer } from './scripted-server';

const limits = { connectTimeoutMs: 300, callTimeoutMs: 300, maxAnswerBytes: 1_000_000 };
const pace = { turn: () => Promise.resolve() };
const options = { apiKey: 'test_abc', noMoreCalls: new AbortController().signal };
const image = makeJpeg({ bytes: 40_000, seed: 1 });
const livePhoto = { id: '5eb1b5f231778a0008d1c3f6', clientId: 'client', size: 40_000 };

let server: ScriptedServer;
beforeEach(async () => {
  server = await startScriptedServer();
});
afterEach(() => server.close());

const createComplyCube = (url = server.url) => new ComplyCube(`${url}/v1`, pace, limits);
const upload = (complyCube = createComplyCube()) => complyCube.uploadLivePhoto({ clientId: 'client' }, image, options);

describe('uploadLivePhoto', () => {
  it('posts the client ID and the image as base64, with the bare key', async () => {
    server.replyWith({ status: 200, body: livePhoto, headers: { 'x-request-id': 'request-1' } });
    await expect(upload()).resolves.toEqual({
      kind: 'accepted',
      status: 200,
      value: { id: livePhoto.id },
      requestId: 'request-1',
    });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/v1/livePhotos' });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'test_abc',
      'content-type': 'application/json',
    });
    expect(JSON.parse(String(server.requests[0]?.body))).toEqual({
      clientId: 'client',
      data: image.toString('base64'),
    });
  });

  it('gives what ComplyCube says about a refusal', async () => {
    const body = { type: 'invalid_request', message: 'Image file size should be between 34KB and 4MB', param: 'data' };
    server.replyWith({ status: 400, body, headers: { 'retry-after': '3', 'cf-ray': 'ray-1' } });
    await expect(upload()).resolves.toEqual({
      kind: 'refused',
      status: 400,
      ...body,
      retryAfterMs: 3_000,
      requestId: 'ray-1',
    });
  });

  it.each([
    ['HTML', '<html>Bad gateway</html>'],
    ['nothing', ''],
    ['a JSON text', '"hello"'],
    ['JSON of another shape', '{"message":{"deep":1},"type":7}'],
  ])('decodes a refusal whose body is %s', async (_, body) => {
    server.replyWith({ status: 502, body });
    await expect(upload()).resolves.toMatchObject({
      kind: 'refused',
      status: 502,
      message: undefined,
      type: undefined,
    });
  });

  it.each([
    ['HTML', '<html></html>'],
    ['JSON cut short', '{"id":"5eb1'],
    ['no ID', { clientId: 'client' }],
    ['an ID that is no text', { id: 7 }],
    ['an empty ID', { id: '' }],
    ['an ID that no tag can hold', { id: 'a\u0000b' }],
    ['null', 'null'],
  ])('calls a success with %s unknown', async (_, body) => {
    server.replyWith({ status: 200, body });
    await expect(upload()).resolves.toMatchObject({ kind: 'unknown', status: 200, isSurelyUnsent: false });
  });

  it('does not follow a redirect', async () => {
    server.replyWith({ status: 307, headers: { location: `${server.url}/elsewhere` } });
    await expect(upload()).resolves.toMatchObject({ kind: 'refused', status: 307 });
    expect(server.requests).toHaveLength(1);
  });

  it('calls an answer that never comes unknown', async () => {
    server.replyWith(() => undefined);
    await expect(upload()).resolves.toMatchObject({ kind: 'unknown', status: undefined, isSurelyUnsent: false });
  });

  it('calls an answer that stops midway unknown', async () => {
    server.replyWith((response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"id":');
    });
    await expect(upload()).resolves.toMatchObject({ kind: 'unknown', isSurelyUnsent: false });
  });

  it('calls an answer that breaks off unknown', async () => {
    server.replyWith((response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"id":');
      setTimeout(() => response.destroy(), 20);
    });
    await expect(upload()).resolves.toMatchObject({ kind: 'unknown', isSurelyUnsent: false });
  });

  it('refuses an answer of more than a megabyte', async () => {
    server.replyWith({ status: 200, body: { ...livePhoto, more: 'x'.repeat(1_000_001) } });
    await expect(upload()).resolves.toMatchObject({ kind: 'unknown', isSurelyUnsent: false });
  });

  it('calls a reset unknown, and sends nothing twice', async () => {
    server.replyWith((response) => response.destroy());
    await expect(upload()).resolves.toMatchObject({ kind: 'unknown', isSurelyUnsent: false });
    expect(server.requests).toHaveLength(1);
  });

  it('takes an answer that comes before the whole request is sent', async () => {
    const eager = await listen((socket) => {
      socket.once('data', () => {
        socket.end('HTTP/1.1 413 Payload Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n');
      });
      socket.on('error', () => undefined); // the rest of the request finds the connection closed
    });
    const large = makeJpeg({ bytes: 4_000_000, seed: 1 });
    const answer = await createComplyCube(eager.url).uploadLivePhoto({ clientId: 'client' }, large, options);
    eager.close();
    // Which of the two the kernel lets through first is a race; neither may be taken for an accepted photo.
    expect(['refused', 'unknown']).toContain(answer.kind);
  });

  it('knows that nothing was sent when nobody listens', async () => {
    await server.close();
    await expect(upload()).resolves.toMatchObject({ kind: 'unknown', status: undefined, isSurelyUnsent: true });
  });

  it('knows that nothing was sent when the name is not known', async () => {
    await expect(upload(createComplyCube('http://nowhere.invalid'))).resolves.toMatchObject({ isSurelyUnsent: true });
  });

  it('knows that nothing was sent when TLS does not come about', async () => {
    const mute = await listen(() => undefined);
    const answer = await upload(createComplyCube(mute.url.replace('http:', 'https:')));
    mute.close();
    expect(answer).toMatchObject({ kind: 'unknown', isSurelyUnsent: true });
  });

  it('keeps its connection for the next call', async () => {
    const sockets = new Set<unknown>();
    server.replyWith((response) => {
      sockets.add(response.socket);
      response.end(JSON.stringify(livePhoto));
    });
    const complyCube = createComplyCube();
    await upload(complyCube);
    await upload(complyCube);
    expect(server.requests).toHaveLength(2);
    expect(sockets.size).toBe(1);
  });

  it('starts no call once none may start', async () => {
    const stop = new AbortController();
    stop.abort(new Error('no more'));
    const uploading = createComplyCube().uploadLivePhoto({ clientId: 'client' }, image, {
      apiKey: 'test_abc',
      noMoreCalls: stop.signal,
    });
    await expect(uploading).rejects.toThrow('no more');
    expect(server.requests).toHaveLength(0);
  });

  it('waits for its turn', async () => {
    let turns = 0;
    const counted = {
      turn: () => {
        turns++;
        return Promise.resolve();
      },
    };
    server.replyWith({ status: 200, body: livePhoto });
    await upload(new ComplyCube(`${server.url}/v1`, counted, limits));
    expect(turns).toBe(1);
  });

  it('never shows the key in an error', async () => {
    await server.close();
    const answer = await upload();
    expect(
      JSON.stringify(answer, (_, value: unknown) =>
        value instanceof Error ? [value.message, value.stack, value.cause] : value,
      ),
    ).not.toContain('test_abc');
  });
});

describe('parseRetryAfter', () => {
  const now = Date.UTC(2026, 10, 23, 10, 0, 0);
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Mon, 23 Nov 2026 10:00:30 GMT', 30_000],
    ['Mon, 23 Nov 2026 09:00:00 GMT', 0],
    ['-5', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('reads %s', (value, waitMs) => {
    expect(parseRetryAfter(value, now)).toBe(waitMs);
  });
});

async function listen(onConnection: Parameters<typeof createServer>[1]): Promise<{ url: string; close: () => void }> {
  const listening: Server = createServer(onConnection);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, close: () => void listening.close() };
}
