import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { LocalComplyCube } from '../src/server';
import { makeNotAPhoto } from 'sample-photos/not-a-photo';
import { call, clientId, idOf, liveKey, photo, startUnlimited, testKey, upload } from './call';

let complyCube: LocalComplyCube;
beforeEach(async () => {
  complyCube = await startUnlimited();
});
afterEach(() => complyCube.close());

const data = photo.toString('base64');

describe('the Authorization header', () => {
  const unauthorized = { type: 'unauthorized', message: "The 'Authorization' header is invalid" };

  it.each(['', 'test_other', `Bearer ${testKey}`, testKey.toUpperCase()])('is refused if it is "%s"', async (key) => {
    const { status, json } = await call(complyCube, 'GET /v1/livePhotos?clientId=x', { key });
    expect({ status, json }).toEqual({ status: 401, json: unauthorized });
  });

  it('is refused if it is missing', async () => {
    const response = await fetch(`${complyCube.baseUrl}/livePhotos?clientId=x`);
    expect({ status: response.status, json: await response.json() }).toEqual({ status: 401, json: unauthorized });
  });

  it('accepts the new key and the old key until the old one is revoked', async () => {
    complyCube.acceptKey('test_second');
    expect((await upload(complyCube)).status).toBe(200);
    expect((await upload(complyCube, { key: 'test_second' })).status).toBe(200);
    complyCube.revokeKey(testKey);
    expect((await upload(complyCube)).status).toBe(401);
    expect((await upload(complyCube, { key: 'test_second' })).status).toBe(200);
    expect(() => {
      complyCube.acceptKey('neither');
    }).toThrow(TypeError);
  });
});

describe('an upload', () => {
  it.each([33_999, 4_194_305])('of %i bytes is refused as documented', async (bytes) => {
    const resized = Buffer.concat([photo, Buffer.alloc(bytes)]).subarray(0, bytes);
    const { status, json } = await upload(complyCube, { bytes: resized });
    expect(status).toBe(400);
    expect(json).toEqual({
      type: 'invalid_request',
      message: 'Image file size should be between 34KB and 4MB',
      param: 'data',
    });
    expect(complyCube.livePhotos).toEqual([]);
  });

  it.each([
    ['no client ID', { data }, 'clientId'],
    ['a client ID that is not a string', { clientId: 7, data }, 'clientId'],
    ['no data', { clientId }, 'data'],
    ['data that is not a string', { clientId, data: 7 }, 'data'],
    ['wrapped base64', { clientId, data: data.replace(/(.{76})/g, '$1\n') }, 'data'],
    ['a data URL', { clientId, data: `data:image/png;base64,${data}` }, 'data'],
    ['a large text that is not base64', { clientId, data: '-'.repeat(300_000) }, 'data'],
    ['data that looks decoded', { clientId, data: { bytes: [255, 216, 255], sha256: '' } }, 'data'],
    ['a liveness flag that is not a boolean', { clientId, data, performLivenessCheck: 'true' }, 'performLivenessCheck'],
  ])('with %s is refused with the name of the argument', async (_, body, param) => {
    const { status, json } = await call(complyCube, 'POST /v1/livePhotos', { body });
    expect({ status, json }).toMatchObject({ status: 400, json: { type: 'invalid_request', param } });
    expect(complyCube.livePhotos).toEqual([]);
  });

  it.each(['gif', 'heic', 'webp', 'pdf', 'html'] as const)('of a %s is refused by its content', async (kind) => {
    const { status, json } = await upload(complyCube, { bytes: makeNotAPhoto(kind, 50_000) });
    expect({ status, json }).toMatchObject({ status: 400, json: { type: 'invalid_request', param: 'data' } });
  });

  it.each([
    ['not JSON', '{"clientId":', {}],
    ['large and not JSON', `{"clientId":"${'x'.repeat(300_000)}`, {}],
    ['not an object', '[]', {}],
    ['of another content type', JSON.stringify({ clientId, data }), { 'content-type': 'text/plain' }],
  ])('whose body is %s is refused', async (_, body, headers) => {
    const { status, json } = await call(complyCube, 'POST /v1/livePhotos', { body, headers });
    expect({ status, json }).toMatchObject({ status: 400, json: { type: 'invalid_request' } });
    expect(json).not.toHaveProperty('param');
  });

  it('accepts a content type with a character set', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
    const { status } = await call(complyCube, 'POST /v1/livePhotos', { body: { clientId, data }, headers });
    expect(status).toBe(200);
  });

  it.each([
    [413, 'it is too large', testKey],
    [401, 'its key is wrong', 'test_wrong'],
  ])('receives its %i because %s, even if the caller sends everything before it reads', async (status, _, key) => {
    const socket = connect(Number(new URL(complyCube.url).port), '127.0.0.1').pause();
    const lines = ['POST /v1/livePhotos HTTP/1.1', 'Host: localhost', `Authorization: ${key}`, 'Connection: close'];
    const head = [...lines, 'Content-Type: application/json', 'Content-Length: 30000000'];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
    await new Promise((resolve) => socket.write(Buffer.alloc(30_000_000, 'x'), resolve));
    let text = '';
    for await (const chunk of socket.resume() as AsyncIterable<Buffer>) text += chunk.toString();
    expect(text.slice(0, 13)).toBe(`HTTP/1.1 ${status} `);
    expect(text).toContain(status === 413 ? '{"type":"request_too_large"' : '{"type":"unauthorized"');
  });
});

describe('a response that is sent early', () => {
  it('arrives before the body is sent', async () => {
    await complyCube.close();
    complyCube = await startUnlimited({ requestsPerSecond: { test: 0 }, answersEarly: true });
    const socket = connect(Number(new URL(complyCube.url).port), '127.0.0.1');
    const lines = ['POST /v1/livePhotos HTTP/1.1', 'Host: localhost', `Authorization: ${testKey}`];
    socket.write(`${[...lines, 'Content-Length: 5000000'].join('\r\n')}\r\n\r\n`);
    const [received] = (await once(socket, 'data')) as [Buffer];
    expect(received.toString()).toMatch(/^HTTP\/1\.1 429 /);
    socket.destroy();
  });
});

describe('clients', () => {
  it('do not exist if their ID has another form', async () => {
    const { status, json } = await upload(complyCube, { clientId: '123456789' });
    expect(status).toBe(404);
    expect(json).toEqual({ type: 'resource_not_found', message: "Invalid client id '123456789'" });
  });

  it('are refused with 400 if unknownClientStatus is 400', async () => {
    await complyCube.close();
    complyCube = await startUnlimited({ unknownClientStatus: 400 });
    const { status, json } = await upload(complyCube, { clientId: '123456789' });
    expect(status).toBe(400);
    expect(json).toEqual({ type: 'invalid_request', message: "Invalid client id '123456789'", param: 'clientId' });
  });

  it('can exist in one environment only', async () => {
    await complyCube.close();
    complyCube = await startUnlimited({ isKnownClient: (id, environment) => id === 'ann' && environment === 'live' });
    expect((await upload(complyCube, { clientId: 'ann', key: liveKey })).status).toBe(200);
    expect((await upload(complyCube, { clientId: 'ann' })).status).toBe(404);
    complyCube.addClient('ann');
    expect((await upload(complyCube, { clientId: 'ann' })).status).toBe(200);
  });

  it('exist after they are created', async () => {
    await complyCube.close();
    complyCube = await startUnlimited({ isKnownClient: () => false });
    const person = {
      type: 'person',
      email: 'ann@example.com',
      personDetails: { firstName: 'Ann', lastName: 'Example' },
    };
    const created = await call(complyCube, 'POST /v1/clients', { body: person });
    expect(created).toMatchObject({ status: 200, json: person });
    const found = await call(complyCube, `GET /v1/clients/${idOf(created)}`);
    expect(found).toMatchObject({ status: 200, json: created.json });
    expect((await upload(complyCube, { clientId: idOf(created) })).status).toBe(200);
    expect((await call(complyCube, 'GET /v1/clients/nobody')).json).toEqual({
      type: 'resource_not_found',
      message: "Invalid client id 'nobody'",
    });
  });

  it.each([
    [{}, 400, 'type'],
    [{ type: 'person' }, 400, 'email'],
    [{ type: 'person', email: 'a@example.com' }, 400, 'personDetails'],
    [{ type: 'person', email: 'a@example.com', personDetails: { firstName: 'A' } }, 400, 'personDetails.lastName'],
    [{ type: 'company', email: 'a@example.com' }, 501, undefined],
  ])('are not created from %j', async (body, status, param) => {
    const reply = await call(complyCube, 'POST /v1/clients', { body });
    expect(reply.status).toBe(status);
    expect((reply.json as { param?: string }).param).toBe(param);
  });
});

describe('every response', () => {
  it('names a call that the stand-in lacks', async () => {
    const { status, json } = await call(complyCube, 'POST /v1/checks', { body: {} });
    expect(status).toBe(501);
    expect(json).toEqual({
      type: 'not_implemented',
      message: 'The stand-in does not implement POST /v1/checks',
    });
  });

  it('has a unique request ID', async () => {
    const operations = ['GET /', 'GET /v1/livePhotos?clientId=x', 'GET /_stand-in/faults'];
    const replies = await Promise.all(operations.map((operation) => call(complyCube, operation)));
    const ids = replies.map(({ headers }) => headers.get('x-request-id'));
    expect(new Set(ids).size).toBe(3);
    expect(ids).not.toContain(null);
  });
});
