import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { faultKinds } from '../src/fault-table';
import type { FaultRule } from '../src/faults';
import type { LocalComplyCube } from '../src/server';
import { call, clientId, idOf, photo, startUnlimited, testKey, upload } from './call';

let complyCube: LocalComplyCube;
beforeEach(async () => {
  complyCube = await startUnlimited();
});
afterEach(() => complyCube.close());

const otherClientId = 'aaaaaaaaaaaaaaaaaaaaaaaa';
const data = photo.toString('base64');
const stored = () => complyCube.livePhotos.length;
const list = () => call(complyCube, `GET /v1/livePhotos?clientId=${clientId}`);

/** Requests a fault and uploads a photo. */
function uploadWith(rule: FaultRule, as: Parameters<typeof upload>[1] = {}) {
  complyCube.fault(rule);
  return upload(complyCube, as);
}

/** Starts an upload whose response can be read piece by piece. */
function startUpload(signal?: AbortSignal) {
  const headers = { authorization: testKey, 'content-type': 'application/json' };
  const request = httpRequest(`${complyCube.baseUrl}/livePhotos`, {
    ...{ method: 'POST', headers },
    ...(signal && { signal }),
  });
  request.end(JSON.stringify({ clientId, data }));
  return request;
}

async function responseTo(request: ReturnType<typeof startUpload>): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

describe('a fault without a response', () => {
  it.each([
    ['reset-before', 0],
    ['reset-after', 1],
  ] as const)('%s resets the connection with %i photos stored', async (fault, photos) => {
    complyCube.fault({ fault });
    await expect(responseTo(startUpload())).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(stored()).toBe(photos);
  });

  it.each([
    ['hang', 0],
    ['lost-answer', 1],
  ] as const)('%s leaves the caller waiting with %i photos stored', async (fault, photos) => {
    complyCube.fault({ fault });
    const caller = new AbortController();
    let isAnswered = false;
    const uploading = responseTo(startUpload(caller.signal)).then(() => (isAnswered = true));
    const failure = expect(uploading).rejects.toMatchObject({ name: 'AbortError' });
    while (complyCube.statistics().faults[fault] !== 1) await list();
    // After this round trip, a response to the upload would have been received.
    await list();
    expect([isAnswered, stored()]).toEqual([false, photos]);
    caller.abort();
    await failure;
  });

  it('switching-protocols sends 101 with nothing stored', async () => {
    complyCube.fault({ fault: 'switching-protocols' });
    const [response, socket] = (await once(startUpload(), 'upgrade')) as [IncomingMessage, Socket];
    expect([response.statusCode, stored()]).toEqual([101, 0]);
    socket.destroy();
  });
});

describe('a fault instead of the response', () => {
  it.each([
    [400, 'The request has missing arguments or is malformed'],
    [401, "The 'Authorization' header is invalid"],
    [403, 'Your current plan does not include access to this service'],
    [429, 'You have exceeded the rate limit prescribed to your plan'],
    [503, 'The stand-in is configured to answer 503'],
  ])('with status %i has the documented message and stores nothing', async (status, message) => {
    expect(await uploadWith({ fault: 'status', status })).toMatchObject({ status, json: { message } });
    expect(stored()).toBe(0);
  });

  it('has the requested message, argument and Retry-After', async () => {
    const rule = { fault: 'status', status: 422, message: 'Two faces', param: 'data', retryAfter: '7' } as const;
    const { status, headers, json } = await uploadWith(rule);
    expect(status).toBe(422);
    expect(json).toEqual({ type: 'stand_in_error', message: 'Two faces', param: 'data' });
    expect(headers.get('retry-after')).toBe('7');
  });

  it('has the requested JSON as its body', async () => {
    const { text } = await uploadWith({ fault: 'status', status: 503, body: { errors: [null] } });
    expect(text).toBe('{"errors":[null]}');
  });

  it('has its status although the photo is stored: status-after', async () => {
    expect((await uploadWith({ fault: 'status-after', status: 504 })).status).toBe(504);
    expect(stored()).toBe(1);
  });

  it('is the HTML page of a gateway: html-502', async () => {
    const { status, headers, text } = await uploadWith({ fault: 'html-502' });
    expect([status, headers.get('content-type')]).toEqual([502, 'text/html']);
    expect(text).toContain('<h1>502 Bad Gateway</h1>');
    expect(stored()).toBe(0);
  });

  it.each([[undefined, 'https://redirected.invalid/v1/livePhotos'] as const, ['/elsewhere', '/elsewhere'] as const])(
    'redirects to %s',
    async (location, target) => {
      const { status, headers } = await uploadWith({ fault: 'redirect', ...(location !== undefined && { location }) });
      expect([status, headers.get('location'), stored()]).toEqual([307, target, 0]);
    },
  );
});

describe('a damaged response', () => {
  it('ends in the middle of its body: cut-off-answer', async () => {
    complyCube.fault({ fault: 'cut-off-answer' });
    const response = await responseTo(startUpload());
    let text = '';
    const reading = (async () => {
      for await (const chunk of response as AsyncIterable<Buffer>) text += chunk.toString();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(text).toMatch(/^\{"id":/);
    expect(text.length).toBeLessThan(Number(response.headers['content-length']));
    expect(stored()).toBe(1);
  });

  it('has half of its JSON, but is complete HTTP: broken-answer', async () => {
    const { status, text, json } = await uploadWith({ fault: 'broken-answer' });
    expect([status, json, stored()]).toEqual([200, undefined, 1]);
    expect(text).toMatch(/^\{"id":/);
  });

  it('is huge, but valid JSON: huge-answer', async () => {
    const { text, json } = await uploadWith({ fault: 'huge-answer' });
    expect(text.length).toBeGreaterThan(2_000_000);
    expect(json).toMatchObject({ clientId });
  });

  it('sends its headers first, then its body in pieces: slow-answer', async () => {
    complyCube.fault({ fault: 'slow-answer', durationMs: 20 });
    const chunks: Buffer[] = [];
    for await (const chunk of (await responseTo(startUpload())) as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(1);
    expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({ clientId });
  });

  it('keeps its status if the call is refused', async () => {
    const { status, text } = await uploadWith({ fault: 'broken-answer' }, { clientId: '123456789' });
    expect([status, stored()]).toEqual([404, 0]);
    expect(text).toMatch(/^\{"type":"resource_not_found"/);
  });
});

describe('an unusual response', () => {
  it('starts with a byte-order mark', async () => {
    complyCube.fault({ fault: 'byte-order-mark' });
    const headers = { authorization: testKey };
    const response = await fetch(`${complyCube.baseUrl}/livePhotos?clientId=${clientId}`, { headers });
    // response.text() would remove the mark.
    const text = Buffer.from(await response.arrayBuffer()).toString();
    expect(text).toBe('\uFEFF{"page":1,"pageSize":100,"totalItems":0,"pages":0}');
  });

  it.each([
    ['no-client-id', expect.not.objectContaining({ clientId })],
    ['no-size', expect.not.objectContaining({ size: 40_000 })],
    ['text-size', expect.objectContaining({ clientId, size: '40000' })],
    ['other-client-id', expect.objectContaining({ clientId: 'ffffffffffffffffffffffff', size: 40_000 })],
    ['other-size', expect.objectContaining({ clientId, size: 40_001 })],
  ] as const)('describes a stored photo differently, alone and in a list: %s', async (fault, livePhoto) => {
    expect((await uploadWith({ fault })).json).toEqual(livePhoto);
    complyCube.fault({ fault });
    expect((await list()).json).toMatchObject({ items: [livePhoto] });
    expect(complyCube.livePhotos).toMatchObject([{ clientId, size: 40_000 }]);
  });

  it('contains a malformed item', async () => {
    await upload(complyCube);
    complyCube.fault({ fault: 'malformed-item' });
    expect((await list()).json).toMatchObject({ totalItems: 1, items: [{ id: null }, { clientId }] });
  });

  it('contains other clients’ live photos', async () => {
    await upload(complyCube);
    await upload(complyCube, { clientId: otherClientId });
    complyCube.fault({ fault: 'other-clients-items' });
    const items = [{ clientId: otherClientId }, { clientId }];
    expect((await list()).json).toMatchObject({ totalItems: 1, items });
  });

  it.each([
    ['empty-data', ''],
    ['short-data', data.slice(0, data.length / 2)],
    ['uri-data', `data:image/jpeg;base64,${data}`],
    ['text-data', 'Service temporarily unavailable'],
  ] as const)('contains wrong bytes of a download: %s', async (fault, wrongData) => {
    const id = idOf(await upload(complyCube));
    complyCube.fault({ fault, for: 'GET /livePhotos/:id/download' });
    const download = await call(complyCube, `GET /v1/livePhotos/${id}/download`);
    expect(download).toMatchObject({ status: 200, json: { data: wrongData } });
  });

  it('is sent again when the connection’s next request arrives', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const requestIdOfList = async () => {
      const headers = { authorization: testKey };
      const request = httpRequest(`${complyCube.baseUrl}/livePhotos?clientId=x`, { agent, headers });
      request.end();
      const response = await responseTo(request);
      await once(response.resume(), 'end');
      return response.headers['x-request-id'];
    };
    complyCube.fault({ fault: 'extra-answer' });
    expect(await requestIdOfList()).toBeDefined();
    // Only the extra response has no request ID.
    expect(await requestIdOfList()).toBeUndefined();
    agent.destroy();
  });
});

it('describes every fault in the README', () => {
  const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
  const described = [...readme.matchAll(/^\| `([\w-]+)` +\| (?:yes|no) /gm)].map(([, name]) => name);
  expect(described).toEqual(faultKinds);
});

describe('a fault rule', () => {
  const statusesOf = async (uploads: number): Promise<number[]> => {
    const statuses: number[] = [];
    for (let count = 0; count < uploads; count++) statuses.push((await upload(complyCube)).status);
    return statuses;
  };

  it('applies after earlier rules, as many times as requested', async () => {
    complyCube.fault({ fault: 'status', status: 503, count: 2 });
    complyCube.fault({ fault: 'status', status: 500 });
    expect(complyCube.faults).toEqual([
      { fault: 'status', status: 503, count: 2 },
      { fault: 'status', status: 500, count: 1 },
    ]);
    expect(await statusesOf(4)).toEqual([503, 503, 500, 200]);
    expect(complyCube.faults).toEqual([]);
  });

  it('applies until it is cleared if its count is null', async () => {
    complyCube.fault({ fault: 'status', status: 503, count: null });
    expect(await statusesOf(3)).toEqual([503, 503, 503]);
    complyCube.clearFaults();
    expect(await statusesOf(1)).toEqual([200]);
  });

  it('applies only to its call', async () => {
    complyCube.fault({ fault: 'status', status: 503, for: 'GET /livePhotos' });
    expect(await statusesOf(1)).toEqual([200]);
    expect((await list()).status).toBe(503);
  });

  it('applies only to requests that its callback selects', async () => {
    complyCube.fault({ fault: 'status', status: 503 }, (request) => request.clientId === otherClientId);
    complyCube.fault({ fault: 'status', status: 500 }, (request) => request.id === 'some-id');
    expect(await statusesOf(1)).toEqual([200]);
    expect((await upload(complyCube, { clientId: otherClientId })).status).toBe(503);
    expect((await call(complyCube, 'GET /v1/livePhotos/some-id')).status).toBe(500);
  });

  it('applies with its probability, to the same requests for the same seed', async () => {
    const runWith = async (seed: number) => {
      await complyCube.close();
      complyCube = await startUnlimited({ seed });
      complyCube.fault({ fault: 'status', status: 503, count: null, rate: 0.3 });
      const statuses: number[] = [];
      for (let count = 0; count < 100; count++) statuses.push((await list()).status);
      return statuses;
    };
    const first = await runWith(7);
    expect(await runWith(7)).toEqual(first);
    expect(await runWith(8)).not.toEqual(first);
    const faults = first.filter((status) => status === 503).length;
    expect(faults).toBeGreaterThan(15);
    expect(faults).toBeLessThan(45);
  });

  it('does not apply to a request that is refused because of its key', async () => {
    expect((await uploadWith({ fault: 'status', status: 503 }, { key: 'test_wrong' })).status).toBe(401);
    expect(await statusesOf(2)).toEqual([503, 200]);
  });
});
