import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { getEventListeners } from 'node:events';
import type { Socket } from 'node:net';
import type { HttpAnswer } from '../../../lambda/complycube/http-answer';
import type { HttpBody } from '../../../lambda/complycube/http-body';
import type { HttpLimits } from '../../../lambda/complycube/http-exchange';
import { HttpCaller } from '../../../lambda/complycube/http-call';
import { NoAnswerError } from '../../../lambda/complycube/http-answer';
import { fakeTime, until } from '../fixtures/fake-time';
import { type RawBehaviour, rawAnswer, type RawServer, startRawServer } from '../fixtures/raw-server';

/** Limits that only end calls that hang. */
const patient: HttpLimits = { connectTimeoutMs: 60_000, callTimeoutMs: 60_000, maxAnswerBytes: 10_000 };
const asItIs = (answer: HttpAnswer) => answer;

let server: RawServer;
afterEach(async () => {
  jest.useRealTimers();
  await server.close();
});

const call = async (
  behaviour: RawBehaviour,
  more: { limits?: Partial<HttpLimits>; signal?: AbortSignal; body?: HttpBody; scheme?: string } = {},
) => {
  server = await startRawServer(behaviour);
  const { limits, signal = new AbortController().signal, body, scheme = 'http:' } = more;
  const headers: Record<string, string> = body === undefined ? {} : { 'content-length': String(body.bytes) };
  const method = body === undefined ? 'GET' : 'POST';
  return new HttpCaller().call(
    { method, url: new URL(server.url.replace('http:', scheme)), headers, body, signal },
    { ...patient, ...limits },
    asItIs,
  );
};
const answerWith = (...texts: string[]): RawBehaviour => ({
  onRequest: (socket) => {
    for (const text of texts) socket.write(text);
  },
});
const bodyOf = (...chunks: Buffer[]): HttpBody => ({
  bytes: Buffer.concat(chunks).length,
  ready: () => Promise.resolve(),
  chunks: async function* () {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  },
});

describe('an interim answer', () => {
  it.each([
    ['101', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'],
    ['101 without headers', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['101 and more bytes', 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\nmore'],
  ])('%s fails immediately', async (_, text) => {
    for (const body of [undefined, bodyOf(Buffer.from('{}'))]) {
      await expect(call(answerWith(text), body && { body })).rejects.toMatchObject({
        name: 'NoAnswerError',
        isSurelyUnsent: false,
      });
      await closed(server.sockets[0]);
      await server.close();
    }
  });

  it.each([100, 102, 103])('with status %d is skipped up to 32 times', async (status) => {
    const interim = `HTTP/1.1 ${status} Interim\r\n\r\n`.repeat(32);
    await expect(call(answerWith(interim, rawAnswer(200, '{}')))).resolves.toMatchObject({ status: 200 });
  });

  it.each([100, 102, 103, 199])('with status %d fails if it is repeated endlessly', async (status) => {
    const flood = { onRequest: (socket: Socket) => void repeat(socket, `HTTP/1.1 ${status} Interim\r\n\r\n`) };
    await expect(call(flood)).rejects.toThrow('interim answers');
    await closed(server.sockets[0]);
  });

  it('is not confused with an upgrade offer in a complete answer', async () => {
    const offer = { connection: 'upgrade', upgrade: 'h2,h2c' };
    await expect(call(answerWith(rawAnswer(200, '{"id":"a"}', offer)))).resolves.toMatchObject({ status: 200 });
  });
});

describe('an answer without a body,', () => {
  it.each([204, 205, 304])('with %d ends the call', async (status) => {
    const answer = call(answerWith(`HTTP/1.1 ${status} Empty\r\n\r\n`));
    await expect(answer).resolves.toMatchObject({ status, body: Buffer.alloc(0) });
    // Node can't tell where the next answer starts on the connection.
    if (status === 205) await closed(server.sockets[0]);
  });
});

it.each([301, 302, 303, 307, 308])('a redirect with %d is not followed', async (status) => {
  let requests = 0;
  const answer = call({
    onRequest: (socket) => {
      requests++;
      socket.write(rawAnswer(status, '', { location: `${server.url}/elsewhere` }));
    },
  });
  await expect(answer).resolves.toMatchObject({ status });
  expect(requests).toBe(1);
});

describe('the limit of a call', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['no byte comes', () => undefined],
    ['the status line stalls', (socket) => socket.write('HTTP/1.1 20')],
    [
      'one header follows another without an end',
      (socket) => void repeat(socket, 'x-more: 1\r\n', 'HTTP/1.1 200 OK\r\n', 20),
    ],
    ['the body stalls', (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{')],
    [
      'the body arrives byte by byte',
      (socket) => void repeat(socket, 'x', 'HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n', 20),
    ],
    [
      'chunks arrive without an end',
      (socket) => void repeat(socket, '1\r\nx\r\n', `HTTP/1.1 200 OK\r\n${chunked}\r\n\r\n`, 20),
    ],
    ['the last chunk is missing', (socket) => socket.write(`HTTP/1.1 200 OK\r\n${chunked}\r\n\r\n2\r\n{}\r\n`)],
    ['the end of a body of unknown length is missing', (socket) => socket.write('HTTP/1.1 200 OK\r\n\r\n{}')],
    [
      'interim answers arrive without an end',
      (socket) => void repeat(socket, 'HTTP/1.1 102 Processing\r\n\r\n', '', 100),
    ],
  ])('ends the call when %s', async (_, onRequest) => {
    const answer = call({ onRequest }, { limits: { callTimeoutMs: 300 } });
    await expect(answer).rejects.toThrow('300 ms');
    await closed(server.sockets[0]);
  });

  it('for connecting includes the TLS handshake', async () => {
    fakeTime();
    const limits = { connectTimeoutMs: 5_000 };
    const expected = expect(call({}, { scheme: 'https:', limits })).rejects.toMatchObject({ isSurelyUnsent: true });
    await until(() => server.sockets.some(({ destroyed }) => !destroyed));
    jest.advanceTimersByTime(5_000);
    await expected;
  });

  it('for connecting does not include the answer', async () => {
    fakeTime();
    const onRequest = (socket: Socket) => {
      jest.advanceTimersByTime(5_000);
      socket.write(rawAnswer(200, '{}'));
    };
    await expect(call({ onRequest }, { limits: { connectTimeoutMs: 5_000 } })).resolves.toMatchObject({ status: 200 });
  });

  it('ends the call when the body of the request stalls', async () => {
    const stalled: HttpBody = {
      bytes: 10,
      ready: () => Promise.resolve(),
      chunks: async function* () {
        yield Buffer.from('start');
        await new Promise(() => undefined);
      },
    };
    const answer = call({}, { body: stalled, limits: { callTimeoutMs: 300 } });
    await expect(answer).rejects.toMatchObject({ isSurelyUnsent: true });
    await closed(server.sockets[0]);
  });

  it('in bytes allows an answer of that size, and makes a larger success fail', async () => {
    const most = 'x'.repeat(10_000);
    await expect(call(answerWith(rawAnswer(200, most)))).resolves.toMatchObject({ body: Buffer.from(most) });
    await server.close();
    await expect(call(answerWith(rawAnswer(200, `${most}x`)))).rejects.toThrow('larger than 10000 bytes');
    await closed(server.sockets[0]);
  });

  it.each([300, 429])('in bytes drops the body of a larger error: %d', async (status) => {
    const error = call(answerWith(rawAnswer(status, 'x'.repeat(20_000), { 'retry-after': '7' })));
    await expect(error).resolves.toMatchObject({ status, headers: { 'retry-after': '7' }, body: Buffer.alloc(0) });
  });
});

describe('an answer that is not HTTP, or cut off,', () => {
  it.each([
    ['garbage', 'garbage\r\n\r\n'],
    ['HTML without HTTP headers', '<html>Bad gateway</html>'],
    ['contradicting lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}'],
    ['a length that is not a number', 'HTTP/1.1 200 OK\r\ncontent-length: two\r\n\r\n{}'],
    ['a broken chunk', `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}`],
    ['endless headers', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(100_000)}`],
  ])('fails the call (%s)', async (_, text) => {
    await expect(call(answerWith(text))).rejects.toMatchObject({ name: 'NoAnswerError', isSurelyUnsent: false });
    await closed(server.sockets[0]);
  });

  it.each([
    ['before the answer', ''],
    ['within its headers', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['within its body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{'],
    ['within a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n64\r\n{'],
  ])('fails the call when the connection ends %s', async (_, text) => {
    for (const end of ['end', 'resetAndDestroy'] as const) {
      const breaking = { onRequest: (socket: Socket) => socket.write(text, () => socket[end]()) };
      await expect(call(breaking)).rejects.toMatchObject({ name: 'NoAnswerError', isSurelyUnsent: false });
      await server.close();
    }
  });
});

describe('aborting a call', () => {
  const payload = bodyOf(Buffer.alloc(1_000, 'x'), Buffer.alloc(1_000, 'x'));

  it.each<[string, (abort: () => void) => RawBehaviour]>([
    ['before the answer', (abort) => ({ onRequest: abort })],
    [
      'within the headers of the answer',
      (abort) => ({ onRequest: (socket) => socket.write('HTTP/1.1 200 OK\r\nx: ', () => setTimeout(abort, 20)) }),
    ],
    [
      'within the body of the answer',
      (abort) => ({
        onRequest: (socket) => {
          socket.write('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{', () => setTimeout(abort, 20));
        },
      }),
    ],
  ])('%s closes the connection, and the outcome is unknown', async (_, behaviour) => {
    const controller = new AbortController();
    const abort = () => controller.abort(new Error('out of time'));
    const failure = await call(behaviour(abort), { body: payload, signal: controller.signal }).catch(
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(NoAnswerError);
    expect(failure).toMatchObject({ isSurelyUnsent: false, cause: { message: 'out of time' } });
    await closed(server.sockets[0]);
  });

  it('within the body of the request leaves the request incomplete', async () => {
    const controller = new AbortController();
    const half: HttpBody = {
      bytes: 2_000,
      ready: () => Promise.resolve(),
      chunks: async function* () {
        yield Buffer.alloc(1_000, 'x');
        controller.abort();
        yield await Promise.resolve(Buffer.alloc(1_000, 'x'));
      },
    };
    let requests = 0;
    const answer = call({ onRequest: () => requests++ }, { body: half, signal: controller.signal });
    await expect(answer).rejects.toMatchObject({ isSurelyUnsent: true });
    await closed(server.sockets[0]);
    expect(requests).toBe(0);
  });

  it('while it connects sends nothing', async () => {
    const controller = new AbortController();
    const answer = call({}, { signal: controller.signal, body: payload });
    await Promise.resolve();
    controller.abort();
    await expect(answer).rejects.toMatchObject({ isSurelyUnsent: true });
  });

  it('before it starts opens no connection', async () => {
    const signal = AbortSignal.abort(new Error('out of time'));
    const cause = { message: 'out of time' };
    await expect(call({}, { signal })).rejects.toMatchObject({ isSurelyUnsent: true, cause });
    expect(server.sockets).toHaveLength(0);
  });

  it('after its end has no effect, and no listener remains', async () => {
    const controller = new AbortController();
    const answer = await call(answerWith(rawAnswer(200, '{}')), { signal: controller.signal });
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
    controller.abort();
    expect(answer.status).toBe(200);
    expect(server.sockets[0]?.destroyed).toBe(false);
  });
});

const chunked = 'transfer-encoding: chunked';

/** Writes a text repeatedly until the connection is closed. */
async function repeat(socket: Socket, text: string, start = '', everyMs = 0): Promise<void> {
  socket.write(start);
  while (!socket.destroyed) {
    socket.write(text);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Resolves when the server sees that a connection is closed. */
async function closed(socket: Socket | undefined): Promise<void> {
  if (socket === undefined || socket.destroyed) return;
  await new Promise((resolve) => socket.resume().once('close', resolve));
}
