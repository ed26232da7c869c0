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

/** Controls the stand-in as another program does: without a key. */
const control = (operation: string, body?: unknown) => call(complyCube, operation, { key: '', body });

describe('/_stand-in/faults', () => {
  const rule = { fault: 'status', status: 503, retryAfter: '7', count: 2, for: 'POST /livePhotos' };

  it('requests, lists and clears faults', async () => {
    expect(await control('POST /_stand-in/faults', rule)).toMatchObject({ status: 200, json: { faults: [rule] } });
    const { status, headers } = await upload(complyCube);
    expect([status, headers.get('retry-after')]).toEqual([503, '7']);
    expect((await control('GET /_stand-in/faults')).json).toEqual({ faults: [{ ...rule, count: 1 }] });
    expect((await control('DELETE /_stand-in/faults')).status).toBe(204);
    expect((await control('GET /_stand-in/faults')).json).toEqual({ faults: [] });
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
  ])('accepts %j', async (given) => {
    expect((await control('POST /_stand-in/faults', given)).json).toEqual({ faults: [{ count: 1, ...given }] });
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
    const { status, json } = await control('POST /_stand-in/faults', given);
    expect(status).toBe(400);
    expect((json as { param?: string }).param).toBe(param);
    expect(complyCube.faults).toEqual([]);
  });

  it('refuses the content type text/plain, which a web page of another origin can send', async () => {
    const headers = { 'content-type': 'text/plain' };
    const { status } = await call(complyCube, 'POST /_stand-in/faults', { body: '{"fault":"hang"}', headers });
    expect(status).toBe(400);
    expect(complyCube.faults).toEqual([]);
  });
});

describe('/_stand-in/clients', () => {
  it('adds a client that exists only after a time', async () => {
    await complyCube.close();
    let now = 0;
    complyCube = await startUnlimited({ nowMs: () => now });
    expect((await control('POST /_stand-in/clients', { clientId, afterMs: 200 })).status).toBe(204);
    now = 199;
    expect((await upload(complyCube)).status).toBe(404);
    now = 200;
    expect((await upload(complyCube)).status).toBe(200);
  });
});

describe('/_stand-in/statistics', () => {
  it('contains requests by call and status, faults, live photos and the peak', async () => {
    complyCube.fault({ fault: 'reset-after' });
    await expect(upload(complyCube)).rejects.toThrow();
    await upload(complyCube);
    await upload(complyCube, { clientId: 'malformed' });
    await call(complyCube, 'GET /v1/checks', { key: 'test_wrong' });
    expect((await control('GET /_stand-in/statistics')).json).toEqual({
      requests: { 'POST /livePhotos': { 'no answer': 1, '200': 1, '404': 1 }, other: { '401': 1 } },
      faults: { 'reset-after': 1 },
      livePhotos: { test: 2, live: 0 },
      peakRequestsPerSecond: { test: expect.any(Number) as unknown, live: 0 },
      greatestDelayMs: expect.any(Number) as unknown,
    });
  });

  it('does not contain a request whose body was not received completely', async () => {
    const headers = { authorization: testKey, 'content-type': 'application/json', 'content-length': 1000 };
    const request = httpRequest(`${complyCube.baseUrl}/livePhotos`, { method: 'POST', headers });
    const failure = once(request, 'error').catch(() => 'disconnected');
    await new Promise((resolve) => request.write('{"clientId":', resolve));
    // After this round trip, the server has received what was sent before.
    await control('GET /_stand-in/statistics');
    request.destroy();
    await failure;
    await upload(complyCube);
    expect(complyCube.statistics().requests).toEqual({ 'POST /livePhotos': { '200': 1 } });
  });
});

describe('/_stand-in/live-photos', () => {
  it('lists the stored live photos without their bytes', async () => {
    await upload(complyCube);
    const { json } = await control('GET /_stand-in/live-photos');
    expect(json).toEqual({ livePhotos: complyCube.livePhotos });
    expect(json).toMatchObject({ livePhotos: [{ clientId, size: 40_000, contentType: 'image/png' }] });
  });
});

describe('/_stand-in/checks', () => {
  it('uses a live photo in a check, so that it can’t be deleted any more', async () => {
    const { json: livePhoto } = await upload(complyCube);
    const { id: livePhotoId } = livePhoto as { id: string };
    expect((await control('POST /_stand-in/checks', { livePhotoId })).status).toBe(204);
    expect(await call(complyCube, `DELETE /v1/livePhotos/${livePhotoId}`)).toMatchObject({
      status: 422,
      json: { type: 'invalid_request', message: 'The live photo can’t be deleted: a check has used it' },
    });
    expect(complyCube.livePhotos).toHaveLength(1);
  });

  it('refuses a live photo that does not exist', async () => {
    expect((await control('POST /_stand-in/checks', { livePhotoId: 'none' })).status).toBe(404);
    expect(() => {
      complyCube.useInCheck('none');
    }).toThrow('Invalid live photo id');
  });
});

describe('/_stand-in/keys', () => {
  it('rotates a key', async () => {
    expect((await control('POST /_stand-in/keys', { accept: 'test_second' })).status).toBe(204);
    expect((await control('POST /_stand-in/keys', { revoke: testKey })).status).toBe(204);
    expect((await upload(complyCube)).status).toBe(401);
    expect((await upload(complyCube, { key: 'test_second' })).status).toBe(200);
  });
});

it('refuses an unknown operation by its name', async () => {
  expect(await control('PUT /_stand-in/faults', {})).toMatchObject({
    status: 501,
    json: { message: 'The stand-in does not implement PUT /_stand-in/faults' },
  });
});

it.each([
  ['clients', {}, 'clientId'],
  ['clients', { clientId: '' }, 'clientId'],
  ['clients', { clientId, afterMs: -1 }, 'afterMs'],
  ['settings', { includesEmpty: 'yes' }, 'includesEmpty'],
  ['settings', { listingDelayMs: '1' }, 'listingDelayMs'],
  ['settings', { latencyMs: 1 }, 'latencyMs'],
  ['keys', { accept: 'neither' }, 'accept'],
  ['checks', {}, 'livePhotoId'],
  ['keys', {}, undefined],
  ['keys', { accept: 7 }, undefined],
  ['keys', { accept: 'test_a', revoke: 'test_b' }, undefined],
])('/_stand-in/%s refuses %j', async (path, body, param) => {
  const { status, json } = await control(`POST /_stand-in/${path}`, body);
  expect([status, (json as { param?: string }).param]).toEqual([400, param]);
});
