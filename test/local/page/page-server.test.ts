import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { once } from 'node:events';
import { type IncomingMessage, request as sendRequest } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { validateImage } from '../../../contract/image/image';
import { FaultSwitchSet } from '../../../local/page/fault-switches';
import { type PageServer, startPageServer, type Uploads } from '../../../local/page/page-server';
import { PhotoTracker } from '../../../local/page/photo-tracker';
import type { GrantRequest } from '../../../page/page-state';

interface Reply {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

describe('the page’s server', () => {
  let server: PageServer;
  let tracker: PhotoTracker;
  let granted: GrantRequest[];
  const uploads: Uploads = {
    s3Url: 'http://127.0.0.1:9',
    grant: (wanted) => {
      granted.push(wanted);
      const expiresAt = new Date(0);
      return Promise.resolve({
        url: 'http://127.0.0.1:9/photos',
        fields: { key: 'k' },
        bucket: 'photos',
        key: 'k',
        expiresAt,
      });
    },
  };
  const wanted: GrantRequest = { clientId: 'a-client', contentType: 'image/png' };

  beforeEach(async () => {
    granted = [];
    tracker = new PhotoTracker();
    server = await startPageServer({
      sendsTo: 'a test',
      isReal: false,
      clients: [],
      waitSpeed: 1,
      tracker,
      faults: new FaultSwitchSet({ fault: () => undefined }),
      origins: ['http://localhost:5173'],
    });
    server.open(uploads);
  });
  afterEach(() => server.close());

  // fetch can't set the Host header.
  const call = async (operation: string, headers: Record<string, string> = {}, body = ''): Promise<Reply> => {
    const [method, path = ''] = operation.split(' ');
    // Node sends a GET's body without its length. The server would take that for another request.
    const request = sendRequest(server.url + path, { method, headers }).end(method === 'GET' ? '' : body);
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
    return { status: answer.statusCode, headers: answer.headers, text: Buffer.concat(chunks).toString() };
  };
  const own = (): Record<string, string> => ({ origin: server.url, 'content-type': 'application/json' });

  it.each([
    ['/', 'text/html; charset=utf-8', '<title>Live photos</title>'],
    ['/page.css', 'text/css; charset=utf-8', 'prefers-reduced-motion'],
    ['/icon.svg', 'image/svg+xml', '<svg'],
  ])('serves %s', async (path, contentType, text) => {
    const reply = await call(`GET ${path}`);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe(contentType);
    expect(reply.text).toContain(text);
  });

  it('gives grants to a page of a named origin, after its preflight', async () => {
    const origin = 'http://localhost:5173';
    const preflight = await call('OPTIONS /grants', { origin, 'access-control-request-method': 'POST' });
    expect(preflight).toMatchObject({
      status: 204,
      headers: { 'access-control-allow-origin': origin, 'access-control-allow-headers': 'content-type' },
    });
    const body = JSON.stringify(wanted);
    const reply = await call('POST /grants', { origin, 'content-type': 'application/json' }, body);
    expect(reply).toMatchObject({ status: 200, headers: { 'access-control-allow-origin': origin } });
    const foreign = await call('OPTIONS /grants', { origin: 'http://localhost:5174' });
    expect(foreign.status).toBe(403);
    expect(foreign.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('serves a script that contains the function’s own rules and no Node API', async () => {
    const { text } = await call('GET /main.js');
    expect(text).toContain('The PNG has a picture of impossible width or height');
    expect(text).toContain('contract/photo-rules.ts');
    expect(text).not.toMatch(/from ["']node:|require\(/);
  });

  it('sets a policy that allows only the page’s own files and requests to S3', async () => {
    const { headers } = await call('GET /');
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain('worker-src blob:;');
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types default");
    expect(policy).toContain("connect-src 'self' http://127.0.0.1:9;");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    expect(Object.keys(headers)).not.toContain('access-control-allow-origin');
  });

  it('reports nothing when a page closes the connection before its request has arrived', async () => {
    const warn = jest.spyOn(process, 'emitWarning').mockReturnValue();
    const headers = { ...own(), 'content-length': '10', expect: '100-continue' };
    const request = sendRequest(`${server.url}/grants`, { method: 'POST', headers });
    request.on('error', () => undefined);
    request.flushHeaders();
    await once(request, 'continue');
    request.destroy();
    await server.close();
    // The server handles the closed connection some turns later.
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('grants the upload of one photo and starts to track it', async () => {
    const reply = await call('POST /grants', own(), JSON.stringify(wanted));
    expect(reply.status).toBe(200);
    expect(JSON.parse(reply.text)).toEqual({
      photoId: tracker.recent[0]?.id,
      url: 'http://127.0.0.1:9/photos',
      fields: { key: 'k' },
      expiresAt: '1970-01-01T00:00:00.000Z',
    });
    expect(granted).toEqual([wanted]);
  });

  it.each([
    ['a malformed client ID', { ...wanted, clientId: 'no ID!' }],
    ['no client ID', { contentType: 'image/png' }],
    ['another type', { ...wanted, contentType: 'image/heic' }],
    ['no object', 7],
  ])('refuses a grant for a request with %s', async (_, body) => {
    expect((await call('POST /grants', own(), JSON.stringify(body))).status).toBe(400);
    expect((await call('POST /grants', own(), '{"clientId":')).status).toBe(400);
    expect((await call('POST /grants', own(), ' '.repeat(20_000))).status).toBe(400);
    expect(granted).toEqual([]);
  });

  it.each<[string, string, Record<string, string>, number]>([
    ['another domain that resolves to this machine', 'GET /', { host: 'evil.example' }, 421],
    ['another name of this machine', 'GET /events', { host: 'localhost:1' }, 421],
    ['another site’s page', 'GET /events', { origin: 'https://evil.example' }, 403],
    [
      'another site’s page',
      'POST /faults',
      { origin: 'https://evil.example', 'content-type': 'application/json' },
      403,
    ],
    ['a page in a sandbox', 'POST /grants', { origin: 'null', 'content-type': 'application/json' }, 403],
    ['an unknown origin', 'POST /grants', { 'content-type': 'application/json' }, 403],
  ])('refuses requests from %s: %s', async (_, operation, headers, status) => {
    const reply = await call(operation, headers, JSON.stringify(wanted));
    expect(reply.status).toBe(status);
    expect(reply.text).not.toContain('<title>');
    expect(granted).toEqual([]);
  });

  it('refuses bodies that a form can send', async () => {
    const headers = { origin: server.url, 'content-type': 'text/plain' };
    expect((await call('POST /grants', headers, JSON.stringify(wanted))).status).toBe(415);
    expect(granted).toEqual([]);
  });

  it('reports one photo, so that the page can ask whether it arrived', async () => {
    const { id } = tracker.granted('k', 'a-client');
    expect(JSON.parse((await call(`GET /photos/${id}`)).text)).toEqual(tracker.recent[0]);
    expect((await call('GET /photos/another')).status).toBe(404);
  });

  it('serves sample photos that are different and fine', async () => {
    const samples = [await fetch(`${server.url}/sample-photo`), await fetch(`${server.url}/sample-photo`)];
    const bytes = await Promise.all(samples.map(async (sample) => Buffer.from(await sample.arrayBuffer())));
    expect(bytes.map((each) => validateImage(each, crc32))).toEqual([undefined, undefined]);
    expect(bytes[0]).not.toEqual(bytes[1]);
  });

  it('refuses unknown switches', async () => {
    expect((await call('POST /faults', own(), '{"name":"outage","isOn":true}')).text).toContain('"outage":true');
    for (const body of ['{"name":"flood","isOn":true}', '{"name":"outage","isOn":1}', '{}']) {
      expect((await call('POST /faults', own(), body)).status).toBe(400);
    }
  });

  it.each(['GET /etc/passwd', 'GET /../package.json', 'PUT /', 'DELETE /faults'])(
    'answers 404 to %s',
    async (operation) => {
      expect((await call(operation, own())).status).toBe(404);
    },
  );

  it('answers 503 until the pipeline runs', async () => {
    const early = await startPageServer({
      sendsTo: '',
      isReal: true,
      clients: [],
      waitSpeed: 1,
      tracker,
      faults: undefined,
      origins: [],
    });
    const answer = await fetch(early.url);
    await early.close();
    expect(answer.status).toBe(503);
  });
});
