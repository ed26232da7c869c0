import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { createServer, type Server } from 'node:net';
import { ComplyCube } from '../../../lambda/complycube/complycube';
import { UntrustedAnswerError } from '../../../lambda/complycube/parse-answer';
import { makeJpeg } from 'sample-photos/jpeg';
import { arrivedImage, startImage } from '../fixtures/arriving-images';
import { type ScriptedServer, startScriptedServer } from '../fixtures/scripted-server';
import { unlimitedPace } from '../fixtures/unlimited-pace';

/** Only ends calls that hang. */
const patientMs = 60_000;
/** For calls that never end. Long enough to send a photo on a busy machine. */
const impatientMs = 1_500;
const options = { apiKey: 'test_abc', gate: { pass: () => undefined }, signal: new AbortController().signal };
const image = makeJpeg({ bytes: 40_000, seed: 1 });
const livePhoto = { id: '5eb1b5f231778a0008d1c3f6', clientId: 'client', size: 40_000 };

let server: ScriptedServer;
beforeEach(async () => {
  server = await startScriptedServer();
});
afterEach(async () => {
  jest.restoreAllMocks();
  await server.close();
});

const createComplyCube = (url = server.url, callTimeoutMs = patientMs) =>
  new ComplyCube(`${url}/v1`, unlimitedPace, callTimeoutMs);
const upload = (complyCube = createComplyCube()) =>
  complyCube.uploadLivePhoto({ clientId: 'client' }, arrivedImage(image), options);

describe('uploadLivePhoto', () => {
  it('posts the client ID and the image as base64, with the bare key', async () => {
    server.replyWith({ status: 200, body: livePhoto, headers: { 'x-request-id': 'request-1' } });
    await expect(upload()).resolves.toEqual({
      kind: 'accepted',
      status: 200,
      value: { id: livePhoto.id },
      requestId: 'request-1',
      tookMs: expect.any(Number) as unknown,
    });
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/v1/livePhotos' });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'test_abc',
      accept: 'application/json',
      'accept-encoding': 'identity',
      'content-type': 'application/json',
      'content-length': String(server.requests[0]?.body.length),
    });
    expect(JSON.parse(String(server.requests[0]?.body))).toEqual({
      clientId: 'client',
      data: image.toString('base64'),
    });
  });

  it('returns ComplyCube’s explanation of a refusal', async () => {
    const body = { type: 'invalid_request', message: 'Image file size should be between 34KB and 4MB', param: 'data' };
    server.replyWith({ status: 400, body, headers: { 'retry-after': '3', 'cf-ray': 'ray-1' } });
    await expect(upload()).resolves.toEqual({
      kind: 'refused',
      status: 400,
      ...body,
      retryAfterMs: 3_000,
      requestId: 'ray-1',
      tookMs: expect.any(Number) as unknown,
    });
  });

  it.each(['x-request-id', 'x-amzn-requestid', 'x-amz-cf-id', 'cf-ray'])(
    'returns at most 128 characters of the request ID in %s, also with an untrusted answer',
    async (header) => {
      const headers = { [header]: 'r'.repeat(129) };
      const requestId = 'r'.repeat(128);
      server.replyWith({ status: 201, body: livePhoto, headers }, { status: 201, body: {}, headers });
      await expect(upload()).resolves.toMatchObject({ kind: 'accepted', requestId });
      await expect(upload()).resolves.toMatchObject({
        ...{ kind: 'unknown', status: 201, isSurelyUnsent: false, requestId },
        cause: expect.any(UntrustedAnswerError) as unknown,
      });
    },
  );

  it('returns how long the call took', async () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(1_000.2);
    server.replyWith((response) => {
      now.mockReturnValue(1_250);
      response.end(JSON.stringify(livePhoto));
    });
    await expect(upload()).resolves.toMatchObject({ kind: 'accepted', tookMs: 250 });
  });

  it('leaves no listener on the signal', async () => {
    const { signal } = new AbortController();
    server.replyWith({ status: 200, body: livePhoto });
    await createComplyCube().uploadLivePhoto({ clientId: 'client' }, arrivedImage(image), { ...options, signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('returns an unknown outcome for an answer of more than a megabyte', async () => {
    server.replyWith({ status: 200, body: { ...livePhoto, more: 'x'.repeat(1_000_001) } });
    await expect(upload()).resolves.toMatchObject({ kind: 'unknown', isSurelyUnsent: false });
  });

  it('returns an unknown outcome when the connection is reset, and does not repeat the request', async () => {
    server.replyWith((response) => response.destroy());
    await expect(upload()).resolves.toMatchObject({ kind: 'unknown', isSurelyUnsent: false });
    expect(server.requests).toHaveLength(1);
  });

  it('reports that nothing was sent when no server listens', async () => {
    await server.close();
    await expect(upload()).resolves.toMatchObject({ kind: 'unknown', status: undefined, isSurelyUnsent: true });
  });

  it('reports that nothing was sent when DNS does not know the host', async () => {
    await expect(upload(createComplyCube('http://nowhere.invalid'))).resolves.toMatchObject({ isSurelyUnsent: true });
  });

  it('reports that nothing was sent when the TLS handshake never ends', async () => {
    const mute = await listen(() => undefined);
    const answer = await upload(createComplyCube(mute.url.replace('http:', 'https:'), impatientMs));
    mute.close();
    expect(answer).toMatchObject({ kind: 'unknown', isSurelyUnsent: true });
  });

  it('never completes the request when a large photo turns out to be damaged', async () => {
    const received: Buffer[] = [];
    const endings: string[] = [];
    const gateway = await listen((socket) => {
      socket.on('data', (chunk) => received.push(chunk));
      socket.on('error', () => undefined);
      socket.on('close', () => endings.push('closed'));
    });
    const damaged = Buffer.from(makeJpeg({ bytes: 2_000_000, seed: 1 }).subarray(0, 1_999_000));
    const answer = await createComplyCube(gateway.url).uploadLivePhoto(
      { clientId: 'client' },
      arrivedImage(damaged),
      options,
    );
    expect(answer).toMatchObject({ kind: 'unknown', isSurelyUnsent: true });
    while (endings.length === 0) await new Promise(setImmediate);
    gateway.close();
    const request = Buffer.concat(received).toString('latin1');
    const [head = '', body = ''] = request.split('\r\n\r\n');
    const declared = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    expect(body.length).toBeGreaterThan(1_000_000);
    expect(body.length).toBeLessThan(declared);
  });

  it('uses an answer that arrives before the photo does, and sends the same bytes in the next call', async () => {
    let connections = 0;
    const bodies: Buffer[] = [];
    const gateway = await listen((socket) => {
      const isFirst = ++connections === 1;
      let seen = Buffer.alloc(0);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        seen = Buffer.concat([seen, chunk]);
        const at = seen.indexOf('\r\n\r\n');
        const declared = Number(/content-length: (\d+)/i.exec(seen.toString('latin1', 0, at))?.[1]);
        if (isFirst && seen.length > 100_000) socket.end('HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n');
        else if (!isFirst && seen.length === at + 4 + declared) {
          bodies.push(seen.subarray(at + 4));
          socket.end('HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\n{"id":"abc"}');
        }
      });
    });
    const photo = makeJpeg({ bytes: 2_000_000, seed: 1 });
    const { stream, image: arriving } = startImage(photo.length);
    const complyCube = createComplyCube(gateway.url);
    const upload = () => complyCube.uploadLivePhoto({ clientId: 'client' }, arriving, options);
    stream.push(photo.subarray(0, 1_000_000));
    await expect(upload()).resolves.toMatchObject({ kind: 'refused', status: 401 });
    stream.push(photo.subarray(1_000_000));
    await expect(upload()).resolves.toMatchObject({ kind: 'accepted', value: { id: 'abc' } });
    gateway.close();
    expect(bodies.map(String)).toEqual([JSON.stringify({ clientId: 'client', data: photo.toString('base64') })]);
  });

  it('never shows the API key in an error', async () => {
    await server.close();
    const answer = await upload();
    expect(
      JSON.stringify(answer, (_, value: unknown) =>
        value instanceof Error ? [value.message, value.stack, value.cause] : value,
      ),
    ).not.toContain('test_abc');
  });
});

describe('listLivePhotos', () => {
  const list = () => createComplyCube().listLivePhotos('a client', 2, options);

  it('requests one page of the client’s live photos', async () => {
    const items = [{ id: 'a', size: 7, createdAt: '2026-11-23T10:00:00.000Z', more: 1 }, { id: 'b' }];
    server.replyWith({ status: 200, body: { page: 2, pageSize: 100, totalItems: 102, pages: 2, items } });
    await expect(list()).resolves.toMatchObject({
      kind: 'accepted',
      value: {
        pages: 2,
        livePhotos: [
          { id: 'a', size: 7, createdAtMs: Date.UTC(2026, 10, 23, 10) },
          { id: 'b', size: undefined, createdAtMs: undefined },
        ],
      },
    });
    expect(server.requests[0]).toMatchObject({
      method: 'GET',
      path: '/v1/livePhotos?clientId=a+client&page=2&pageSize=100',
    });
  });
});

describe('downloadLivePhoto', () => {
  const download = () => createComplyCube().downloadLivePhoto({ id: 'a/b', size: undefined }, options);

  it('returns the bytes of a photo of the maximum size', async () => {
    const large = makeJpeg({ bytes: 4_194_304, seed: 1 });
    server.replyWith({
      status: 200,
      body: { fileName: 'a', contentType: 'image/jpeg', data: large.toString('base64') },
    });
    const answer = await download();
    expect(answer.kind === 'accepted' && answer.value.equals(large)).toBe(true);
    expect(server.requests[0]?.path).toBe('/v1/livePhotos/a%2Fb/download');
  });
});

async function listen(onConnection: Parameters<typeof createServer>[1]): Promise<{ url: string; close: () => void }> {
  const listening: Server = createServer(onConnection);
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
  const address = listening.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}`, close: () => void listening.close() };
}
