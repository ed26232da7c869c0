import { afterEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { listenOnLoopback, type LoopbackServer, readBody } from '../src/loopback-server';

let server: LoopbackServer;
afterEach(() => server.close());

describe('a loopback server', () => {
  it('reads a body up to its limit, and refuses a larger one', async () => {
    server = await listenOnLoopback((request, response) => {
      void readBody(request, 5).then(
        (body) => response.end(body),
        (error: unknown) => response.end(String(error)),
      );
    });
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const send = async (body: string) => (await fetch(server.url, { method: 'POST', body })).text();
    expect(await send('hello')).toBe('hello');
    expect(await send('hello!')).toBe('BodyTooLargeError: The body is larger than 5 bytes');
    // The length of a stream is unknown.
    const stream = async (body: string) =>
      (await fetch(server.url, { method: 'POST', body: new Blob([body]).stream(), duplex: 'half' })).text();
    expect(await stream('hello')).toBe('hello');
    expect(await stream('hello!')).toBe('BodyTooLargeError: The body is larger than 5 bytes');
  });

  it.each([
    ['127.0.0.1', undefined, 200],
    ['localhost:1', undefined, 200],
    ['[::1]:80', undefined, 200],
    ['127.0.0.1', 'http://own.example', 200],
    ['evil.example', undefined, 421],
    ['127.0.0.1.evil.example', undefined, 421],
    ['127.0.0.1', 'https://evil.example', 403],
    ['127.0.0.1', 'null', 403],
  ])('answers a request with Host %s and Origin %s with %d', async (host, origin, status) => {
    let served = 0;
    const listener = (_: unknown, response: ServerResponse): void => {
      served += 1;
      response.end();
    };
    server = await listenOnLoopback(listener, 0, (one) => one === 'http://own.example');
    // fetch can't set the Host header.
    const headers = { host, ...(origin !== undefined && { origin }) };
    const [answer] = (await once(request(server.url, { headers }).end(), 'response')) as [IncomingMessage];
    answer.resume();
    expect({ status: answer.statusCode, served }).toEqual({ status, served: status === 200 ? 1 : 0 });
  });

  it('drops open connections when it closes', async () => {
    server = await listenOnLoopback(() => void server.close());
    await expect(fetch(server.url)).rejects.toThrow();
  });

  it('reports a port that is in use', async () => {
    server = await listenOnLoopback(() => undefined);
    await expect(listenOnLoopback(() => undefined, Number(new URL(server.url).port))).rejects.toThrow('EADDRINUSE');
  });
});
