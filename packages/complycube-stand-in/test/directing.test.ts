import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { LocalComplyCube } from '../src/server';
import { call, clientId, startUnlimited, testKey, upload } from './call';

let complyCube: LocalComplyCube;
beforeEach(async () => {
  complyCube = await startUnlimited();
});
afterEach(() => complyCube.close());

/** As another program does: without a key. */
const direct = (operation: string, body?: unknown) => call(complyCube, operation, { key: '', body });

describe('/_stand-in/faults', () => {
  const rule = { fault: 'status', status: 503, retryAfter: '7', count: 2, for: 'POST /livePhotos' };

  it('takes faults, lists what is left of them and clears them', async () => {
    expect(await direct('POST /_stand-in/faults', rule)).toMatchObject({ status: 200, json: { faults: [rule] } });
    const { status, headers } = await upload(complyCube);
    expect([status, headers.get('retry-after')]).toEqual([503, '7']);
    expect((await direct('GET /_stand-in/faults')).json).toEqual({ faults: [{ ...rule, count: 1 }] });
    expect((await direct('DELETE /_stand-in/faults')).status).toBe(204);
    expect((await direct('GET /_stand-in/faults')).json).toEqual({ faults: [] });
    expect((await upload(complyCube)).status).toBe(200);
  });

  it.each([
    { fault: 'status', status: 599, type: 't', message: 'm', param: 'p', body: null, retryAfter: 'later' },
    { fault: 'status-after', status: 200, count: null },
    { fault: 'html-502', rate: 0.5 },
    { fault: 'redirect', location: '/' },
    { fault: 'hang' },
    { fault: 'reset-before' },
    { fault: 'reset-after', for: 'DELETE /livePhotos/:id' },
    { fault: 'lost-answer' },
    { fault: 'cut-off-answer' },
    { fault: 'broken-answer' },
    { fault: 'huge-answer', bytes: 3_000_000 },
    { fault: 'slow-answer', durationMs: 500 },
    { fault: 'extra-answer' },
    { fault: 'empty-data', for: 'GET /livePhotos/:id/download' },
  ])('takes %j', async (given) => {
    expect((await direct('POST /_stand-in/faults', given)).json).toEqual({ faults: [{ count: 1, ...given }] });
  });

  it.each([
    [[], undefined],
    [{}, 'fault'],
    [{ fault: 'flood' }, 'fault'],
    [{ fault: 'constructor' }, 'fault'],
    [{ fault: 'status' }, 'status'],
    [{ fault: 'status', status: 199 }, 'status'],
    [{ fault: 'status', status: 600 }, 'status'],
    [{ fault: 'status', status: 503.5 }, 'status'],
    [{ fault: 'status', status: 503, retryAfter: 7 }, 'retryAfter'],
    [{ fault: 'hang', status: 503 }, 'status'],
    [{ fault: 'hang', toString: 'x' }, 'toString'],
    [{ fault: 'hang', count: 0 }, 'count'],
    [{ fault: 'hang', rate: 1.1 }, 'rate'],
    [{ fault: 'hang', for: 'POST /checks' }, 'for'],
    [{ fault: 'huge-answer', bytes: 0 }, 'bytes'],
    [{ fault: 'slow-answer', durationMs: -1 }, 'durationMs'],
  ])('refuses %j', async (given, param) => {
    const { status, json } = await direct('POST /_stand-in/faults', given);
    expect(status).toBe(400);
    expect((json as { param?: string }).param).toBe(param);
    expect(complyCube.faults).toEqual([]);
  });

  it('refuses a body that is not said to be JSON, as a page in a browser would send it', async () => {
    const headers = { 'content-type': 'text/plain' };
    const { status } = await call(complyCube, 'POST /_stand-in/faults', { body: '{"fault":"hang"}', headers });
    expect(status).toBe(400);
    expect(complyCube.faults).toEqual([]);
  });
});

describe('/_stand-in/clients', () => {
  it('adds a client that does not exist until its time has come', async () => {
    expect((await direct('POST /_stand-in/clients', { clientId, afterMs: 200 })).status).toBe(204);
    expect((await upload(complyCube)).status).toBe(404);
    while ((await upload(complyCube)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it.each([
    [{}, 'clientId'],
    [{ clientId: '' }, 'clientId'],
    [{ clientId, afterMs: -1 }, 'afterMs'],
  ])('refuses %j', async (given, param) => {
    expect(await direct('POST /_stand-in/clients', given)).toMatchObject({ status: 400, json: { param } });
  });
});

describe('/_stand-in/settings', () => {
  it.each([
    [{ includesEmpty: 'yes' }, 'includesEmpty'],
    [{ listingDelayMs: '1' }, 'listingDelayMs'],
    [{ latencyMs: 1 }, 'latencyMs'],
  ])('refuses %j', async (given, param) => {
    expect(await direct('POST /_stand-in/settings', given)).toMatchObject({ status: 400, json: { param } });
  });
});

describe('/_stand-in/statistics', () => {
  it('counts requests by call and status, faults, live photos and the peak', async () => {
    complyCube.fault({ fault: 'reset-after' });
    await expect(upload(complyCube)).rejects.toThrow();
    await upload(complyCube);
    await upload(complyCube, { clientId: 'malformed' });
    await call(complyCube, 'GET /v1/checks', { key: 'test_wrong' });
    const expected = {
      requests: { 'POST /livePhotos': { 'no answer': 1, '200': 1, '404': 1 }, other: { '401': 1 } },
      faults: { 'reset-after': 1 },
      livePhotos: { test: 2, live: 0 },
      peakRequestsPerSecond: { test: 3, live: 0 },
    };
    expect((await direct('GET /_stand-in/statistics')).json).toEqual({
      ...expected,
      peakRequestsPerSecond: { test: expect.any(Number) as unknown, live: 0 },
    });
    expect(complyCube.statistics()).toMatchObject({ requests: expected.requests });
  });

  it('counts no request whose body never came whole', async () => {
    const headers = { authorization: testKey, 'content-type': 'application/json', 'content-length': 1000 };
    const request = httpRequest(`${complyCube.baseUrl}/livePhotos`, { method: 'POST', headers });
    const failure = once(request, 'error').catch(() => 'gone');
    await new Promise((resolve) => request.write('{"clientId":', resolve));
    // A round trip, after which the server has seen what was sent before.
    await direct('GET /_stand-in/statistics');
    request.destroy();
    await failure;
    await upload(complyCube);
    expect(complyCube.statistics().requests).toEqual({ 'POST /livePhotos': { '200': 1 } });
  });
});

describe('/_stand-in/live-photos', () => {
  it('lists what is stored without its bytes', async () => {
    await upload(complyCube);
    const { json } = await direct('GET /_stand-in/live-photos');
    expect(json).toEqual({ livePhotos: complyCube.livePhotos });
    expect(json).toMatchObject({ livePhotos: [{ clientId, size: 40_000, contentType: 'image/png' }] });
  });
});

describe('/_stand-in/keys', () => {
  it('rotates a key', async () => {
    expect((await direct('POST /_stand-in/keys', { accept: 'test_second' })).status).toBe(204);
    expect((await direct('POST /_stand-in/keys', { revoke: testKey })).status).toBe(204);
    expect((await upload(complyCube)).status).toBe(401);
    expect((await upload(complyCube, { key: 'test_second' })).status).toBe(200);
  });

  it.each([{}, { accept: 'neither' }, { accept: 7 }, { accept: 'test_a', revoke: 'test_b' }])(
    'refuses %j',
    async (body) => {
      expect((await direct('POST /_stand-in/keys', body)).status).toBe(400);
    },
  );
});

describe('every other path behind /_stand-in/', () => {
  it('is refused by name', async () => {
    const { status, json } = await direct('PUT /_stand-in/faults', {});
    expect(status).toBe(501);
    expect(json).toMatchObject({ message: 'The stand-in does not implement PUT /_stand-in/faults' });
  });
});
