import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { makeCertificate } from 'loopback-server/certificate';
import { type HttpAnswer, NoAnswerError } from '../../../lambda/complycube/http-answer';
import type { HttpBody } from '../../../lambda/complycube/http-body';
import { HttpCaller } from '../../../lambda/complycube/http-call';
import { encodeLivePhoto } from '../../../lambda/complycube/live-photo-body';
import type { ArrivingImage } from '../../../lambda/photo/arriving-image';
import { until } from '../../until';
import { arrivedImage } from '../fixtures/arriving-images';

const limits = { connectTimeoutMs: 5_000, callTimeoutMs: 20_000, maxAnswerBytes: 1_000 };
const asItIs = (answer: HttpAnswer) => answer;
const photo = randomBytes(4_194_304);
const simplePayload = Buffer.from(JSON.stringify({ clientId: 'client', data: photo.toString('base64') }));

type Answering = (request: IncomingMessage, response: ServerResponse, call: number) => void | Promise<void>;

describe.each(['http', 'https'] as const)('a call over %s', (protocol) => {
  let url: URL;
  let calls: number;
  let sockets: Set<Socket>;
  let answering: Answering;
  let caller: HttpCaller;
  /** The connections that are ready for requests. */
  let connections: number;
  let close: () => Promise<void>;

  beforeEach(async () => {
    calls = 0;
    connections = 0;
    sockets = new Set();
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      sockets.add(request.socket);
      calls++;
      void answering(request, response, calls);
    };
    const { certificate, privateKey } = makeCertificate();
    trust(certificate);
    const server =
      protocol === 'http'
        ? createHttpServer(listener)
        : createHttpsServer({ cert: certificate, key: privateKey }, listener);
    server.on(protocol === 'http' ? 'connection' : 'secureConnection', () => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = new URL(`${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}/v1/livePhotos`);
    close = () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    caller = new HttpCaller();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await close();
  });

  const post = () => {
    const image = Object.assign(arrivedImage(photo), { fault: () => Promise.resolve(undefined) }) as ArrivingImage;
    const body = encodeLivePhoto({ clientId: 'client' }, image);
    const headers = { 'content-type': 'application/json', 'content-length': String(body.bytes) };
    return caller.call({ method: 'POST', url, headers, body, signal: new AbortController().signal }, limits, asItIs);
  };
  const bodyOf = async (request: IncomingMessage, pauseMs = 0): Promise<Buffer> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      if (pauseMs > 0 && chunks.length % 8 === 0) await sleep(pauseMs);
    }
    return Buffer.concat(chunks);
  };
  const isPayload = (body: Buffer | undefined) => body?.equals(simplePayload) ?? false;

  it('sends the same bytes as JSON.stringify to a server that reads slowly', async () => {
    let received: Buffer | undefined;
    answering = async (request, response) => {
      received = await bodyOf(request, 5);
      response.end('{}');
    };
    await expect(post()).resolves.toMatchObject({ status: 200 });
    expect(isPayload(received)).toBe(true);
  });

  it('waits for a slow answer', async () => {
    answering = async (request, response) => {
      await bodyOf(request);
      response.writeHead(200).write('{"id":');
      await sleep(200);
      response.end('"abc"}');
    };
    const { body } = await post();
    expect(body.toString()).toBe('{"id":"abc"}');
  });

  it.each(['new', 'reused'])(
    'counts as sent when its first bytes are written to a %s connection',
    async (connection) => {
      answering = async (request, response) => {
        await bodyOf(request);
        response.end('{}');
      };
      if (connection === 'reused') await post();
      let begin = (): void => undefined;
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const body: HttpBody = {
        bytes: 2,
        ready: () => Promise.resolve(),
        async *chunks() {
          await begun;
          yield Buffer.from('{}');
        },
      };
      const onSent = jest.fn();
      const headers = { 'content-length': '2' };
      const { signal } = new AbortController();
      const answer = caller.call({ method: 'POST', url, headers, body, signal, onSent }, limits, asItIs);
      answer.catch(() => undefined); // if an expectation fails, nobody awaits it
      await until(() => connections === 1);
      await sleep(50); // the client notices it, too
      expect(onSent).not.toHaveBeenCalled();
      begin();
      await answer;
      expect(onSent).toHaveBeenCalledTimes(1);
      expect(sockets.size).toBe(1);
    },
  );

  it('fails without a retry when the server closes the connection during the request, and can send the same bytes again', async () => {
    let received: Buffer | undefined;
    answering = async (request, response, call) => {
      if (call > 1) {
        received = await bodyOf(request);
        response.end('{}');
        return;
      }
      request.once('data', () => request.socket.destroy());
    };
    const failure = await post().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NoAnswerError);
    expect(failure).toMatchObject({ isSurelyUnsent: true });
    expect(calls).toBe(1);
    await expect(post()).resolves.toMatchObject({ status: 200 });
    expect(isPayload(received)).toBe(true);
    expect(calls).toBe(2);
  });

  it('uses an early answer, then sends the same bytes over a new connection', async () => {
    let received: Buffer | undefined;
    answering = async (request, response, call) => {
      if (call > 1) received = await bodyOf(request);
      response.writeHead(call > 1 ? 200 : 401).end('{}');
    };
    await expect(post()).resolves.toMatchObject({ status: 401 });
    await expect(post()).resolves.toMatchObject({ status: 200 });
    expect(isPayload(received)).toBe(true);
    expect(sockets.size).toBe(2);
  });

  it('does not reuse a connection that the server closed while it was idle', async () => {
    answering = async (request, response) => {
      await bodyOf(request);
      response.end('{}');
    };
    await post();
    for (const socket of sockets) socket.destroy();
    await sleep(50);
    await expect(post()).resolves.toMatchObject({ status: 200 });
    expect(calls).toBe(2);
  });

  it('does not reuse a connection that was idle for more than three seconds', async () => {
    answering = async (request, response) => {
      await bodyOf(request);
      response.end('{}');
    };
    const now = jest.spyOn(Date, 'now').mockReturnValue(50_000);
    await post();
    now.mockReturnValue(53_000);
    await post();
    expect(sockets.size).toBe(1);
    now.mockReturnValue(56_001);
    await post();
    expect(sockets.size).toBe(2);
  });

  it('reports an unknown outcome when the server closes the connection after the complete request', async () => {
    answering = async (request) => {
      await bodyOf(request);
      request.socket.destroy();
    };
    await expect(post()).rejects.toMatchObject({ isSurelyUnsent: false });
    expect(calls).toBe(1);
  });
});

/** Makes TLS trust a certificate. Node's environment variable for this works only at the start of a process. */
function trust(certificate: string): void {
  const { connect } = tls;
  const trusting = (options: tls.ConnectionOptions) => connect({ ...options, ca: certificate });
  jest.spyOn(tls, 'connect').mockImplementation(trusting as typeof tls.connect);
}
