import { afterEach, describe, expect, it } from '@jest/globals';
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
