import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { faultKinds } from '../src/fault-table';
import type { LocalComplyCube } from '../src/server';
import { until } from '../../local-aws/test/until';
import { call, clientId, photo, startUnlimited, testKey, upload } from './call';

let complyCube: LocalComplyCube;
beforeEach(async () => {
  complyCube = await startUnlimited();
});
afterEach(() => complyCube.close());

const stored = () => complyCube.livePhotos.length;

/** An upload whose answer is looked at piece by piece; it gives up when the signal says so. */
async function uploadOverHttp(signal?: AbortSignal): Promise<IncomingMessage> {
  const headers = { authorization: testKey, 'content-type': 'application/json' };
  const request = httpRequest(`${complyCube.baseUrl}/livePhotos`, {
    method: 'POST',
    headers,
    ...(signal && { signal }),
  });
  request.end(JSON.stringify({ clientId, data: photo.toString('base64') }));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  return response;
}

/** Uploads, and gives up once the server has handled that call and answered a later one. */
async function expectNoAnswer(isHandled: () => boolean): Promise<void> {
  const caller = new AbortController();
  let isAnswered = false;
  const uploading = uploadOverHttp(caller.signal).then(() => (isAnswered = true));
  const ending = expect(uploading).rejects.toMatchObject({ name: 'AbortError' });
  await until(isHandled);
  await call(complyCube, 'GET /v1/livePhotos?clientId=x');
  expect(isAnswered).toBe(false);
  caller.abort();
  await ending;
}

describe('faults before the call', () => {
  it.each([
    [400, 'The request has missing arguments or is malformed'],
    [401, "The 'Authorization' header is invalid"],
    [403, 'Your current plan does not include access to this service'],
    [429, 'You have exceeded the rate limit prescribed to your plan'],
  ])('answer %i in the usual words and store nothing', async (status, message) => {
    complyCube.fault({ fault: 'status', status });
    expect(await upload(complyCube)).toMatchObject({ status, json: { message } });
    expect(stored()).toBe(0);
  });

  it('answer what they are told: words, argument and Retry-After', async () => {
    complyCube.fault({ fault: 'status', status: 422, message: 'Two faces', param: 'data', retryAfter: '7' });
    const { status, headers, json } = await upload(complyCube);
    expect({ status, json }).toEqual({
      status: 422,
      json: { type: 'stand_in_error', message: 'Two faces', param: 'data' },
    });
    expect(headers.get('retry-after')).toBe('7');
  });

  it('answer any JSON in place of the usual body', async () => {
    complyCube.fault({ fault: 'status', status: 503, body: { errors: [null] } });
    expect((await upload(complyCube)).text).toBe('{"errors":[null]}');
  });

  it('answer 502 with the page of a gateway', async () => {
    complyCube.fault({ fault: 'html-502' });
    const { status, headers, text } = await upload(complyCube);
    expect(status).toBe(502);
    expect(headers.get('content-type')).toBe('text/html');
    expect(text).toContain('<h1>502 Bad Gateway</h1>');
    expect(stored()).toBe(0);
  });

  it('redirect to where they are told, by default to a name that does not resolve', async () => {
    complyCube.fault({ fault: 'redirect' });
    complyCube.fault({ fault: 'redirect', location: '/elsewhere' });
    const [first, second] = [await upload(complyCube), await upload(complyCube)];
    expect([first.status, first.headers.get('location')]).toEqual([307, 'https://redirected.invalid/v1/livePhotos']);
    expect([second.status, second.headers.get('location')]).toEqual([307, '/elsewhere']);
    expect(stored()).toBe(0);
  });

  it('reset the connection before the photo is stored', async () => {
    complyCube.fault({ fault: 'reset-before' });
    await expect(uploadOverHttp()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(stored()).toBe(0);
  });

  it('hang until the caller gives up, with nothing stored', async () => {
    complyCube.fault({ fault: 'hang' });
    await expectNoAnswer(() => complyCube.statistics().faults['hang'] === 1);
    expect(stored()).toBe(0);
  });
});

describe('faults after the call', () => {
  it('answer a status though the photo is stored', async () => {
    complyCube.fault({ fault: 'status-after', status: 504 });
    expect((await upload(complyCube)).status).toBe(504);
    expect(stored()).toBe(1);
  });

  it('reset the connection though the photo is stored', async () => {
    complyCube.fault({ fault: 'reset-after' });
    await expect(uploadOverHttp()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(stored()).toBe(1);
  });

  it('lose the answer though the photo is stored', async () => {
    complyCube.fault({ fault: 'lost-answer' });
    await expectNoAnswer(() => stored() === 1);
    expect(stored()).toBe(1);
  });

  it('cut the answer off in the middle of its body', async () => {
    complyCube.fault({ fault: 'cut-off-answer' });
    const response = await uploadOverHttp();
    expect(response.statusCode).toBe(200);
    let text = '';
    const reading = (async () => {
      for await (const chunk of response as AsyncIterable<Buffer>) text += chunk.toString();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(text).toMatch(/^\{"id":/);
    expect(text.length).toBeLessThan(Number(response.headers['content-length']));
    expect(stored()).toBe(1);
  });

  it('break the JSON of an answer that is whole as HTTP', async () => {
    complyCube.fault({ fault: 'broken-answer' });
    const { status, text, json } = await upload(complyCube);
    expect(status).toBe(200);
    expect(text).toMatch(/^\{"id":/);
    expect(json).toBeUndefined();
    expect(stored()).toBe(1);
  });

  it('make the answer huge, and leave it JSON', async () => {
    complyCube.fault({ fault: 'huge-answer' });
    const { text, json } = await upload(complyCube);
    expect(text.length).toBeGreaterThan(2_000_000);
    expect(json).toMatchObject({ clientId });
  });

  it('send the headers first and the body bit by bit', async () => {
    complyCube.fault({ fault: 'slow-answer', durationMs: 200 });
    const response = await uploadOverHttp();
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
    expect(chunks.length).toBeGreaterThan(1);
    expect(JSON.parse(Buffer.concat(chunks).toString())).toMatchObject({ clientId });
  });

  it('leave a refusal a refusal', async () => {
    complyCube.fault({ fault: 'broken-answer' });
    const { status, text } = await upload(complyCube, { clientId: '123456789' });
    expect(status).toBe(404);
    expect(text).toMatch(/^\{"type":"resource_not_found"/);
    expect(stored()).toBe(0);
  });
});

describe('answers that are odd but valid', () => {
  const list = () => call(complyCube, `GET /v1/livePhotos?clientId=${clientId}`);

  it('begin with a byte-order mark', async () => {
    complyCube.fault({ fault: 'byte-order-mark' });
    const headers = { authorization: testKey };
    const response = await fetch(`${complyCube.baseUrl}/livePhotos?clientId=${clientId}`, { headers });
    expect(Buffer.from(await response.arrayBuffer()).toString()).toBe(
      '\uFEFF{"page":1,"pageSize":100,"totalItems":0,"pages":0}',
    );
  });

  it('lack the client ID or the size, or have the size as text, alone and in a list', async () => {
    complyCube.fault({ fault: 'no-client-id' });
    complyCube.fault({ fault: 'no-size' });
    complyCube.fault({ fault: 'text-size' });
    const answers = [await upload(complyCube), await upload(complyCube), await upload(complyCube)];
    expect(answers.map(({ json }) => json)).toEqual([
      expect.not.objectContaining({ clientId }),
      expect.not.objectContaining({ size: 40_000 }),
      expect.objectContaining({ clientId, size: '40000' }),
    ]);
    complyCube.fault({ fault: 'text-size' });
    expect((await list()).json).toMatchObject({ items: [{ size: '40000' }, { size: '40000' }, { size: '40000' }] });
  });

  it('have a malformed item beside the good ones', async () => {
    await upload(complyCube);
    complyCube.fault({ fault: 'malformed-item' });
    expect((await list()).json).toMatchObject({ totalItems: 1, items: [{ id: null }, { clientId }] });
  });
});

describe('answers that must not be believed', () => {
  const other = 'aaaaaaaaaaaaaaaaaaaaaaaa';

  it('name another client or another size, though the photo is stored as it was sent', async () => {
    complyCube.fault({ fault: 'other-client-id' });
    complyCube.fault({ fault: 'other-size' });
    expect((await upload(complyCube)).json).toMatchObject({ clientId: 'ffffffffffffffffffffffff', size: 40_000 });
    expect((await upload(complyCube)).json).toMatchObject({ clientId, size: 40_001 });
    expect(complyCube.livePhotos).toMatchObject([
      { clientId, size: 40_000 },
      { clientId, size: 40_000 },
    ]);
  });

  it('list another client’s live photos before the own ones', async () => {
    await upload(complyCube);
    await upload(complyCube, { clientId: other });
    complyCube.fault({ fault: 'other-clients-items' });
    const { json } = await call(complyCube, `GET /v1/livePhotos?clientId=${clientId}`);
    expect(json).toMatchObject({ totalItems: 1, items: [{ clientId: other }, { clientId }] });
  });

  it.each([
    ['empty-data', undefined],
    ['short-data', photo.toString('base64').slice(0, photo.toString('base64').length / 2)],
    ['uri-data', `data:image/jpeg;base64,${photo.toString('base64')}`],
    ['text-data', 'Service temporarily unavailable'],
  ] as const)('give a download by %s', async (fault, data) => {
    const { json } = await upload(complyCube);
    complyCube.fault({ fault, for: 'GET /livePhotos/:id/download' });
    const download = await call(complyCube, `GET /v1/livePhotos/${(json as { id: string }).id}/download`);
    expect(download).toMatchObject({ status: 200, json: { data: data ?? '' } });
  });

  it('come a second time when the connection’s next request arrives', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const list = async (): Promise<string> => {
      const request = httpRequest(`${complyCube.baseUrl}/livePhotos?clientId=x`, {
        agent,
        headers: { authorization: testKey },
      });
      request.end();
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      await once(response.resume(), 'end');
      return String(response.headers['x-request-id'] ?? 'the extra one');
    };
    complyCube.fault({ fault: 'extra-answer' });
    await list();
    expect(await list()).toBe('the extra one');
    agent.destroy();
  });

  it('switch protocols', async () => {
    complyCube.fault({ fault: 'switching-protocols' });
    const request = httpRequest(`${complyCube.baseUrl}/livePhotos`, {
      method: 'POST',
      headers: { authorization: testKey, 'content-type': 'application/json' },
    });
    request.end(JSON.stringify({ clientId, data: photo.toString('base64') }));
    const [response, socket] = (await once(request, 'upgrade')) as [IncomingMessage, Socket];
    expect(response.statusCode).toBe(101);
    expect(stored()).toBe(0);
    socket.destroy();
  });
});

describe('the README', () => {
  it('describes every fault', () => {
    const readme = readFileSync(join(__dirname, '..', 'README.md'), 'utf8');
    const described = [...readme.matchAll(/^\| `([\w-]+)` +\| (?:yes|no) /gm)].map(([, name]) => name);
    expect(described).toEqual(faultKinds);
  });
});

describe('the occasions of faults', () => {
  const statusesOf = async (uploads: number): Promise<number[]> => {
    const statuses: number[] = [];
    for (let count = 0; count < uploads; count++) statuses.push((await upload(complyCube)).status);
    return statuses;
  };

  it('come in the order in which they were asked for, each as often as asked', async () => {
    complyCube.fault({ fault: 'status', status: 503, count: 2 });
    complyCube.fault({ fault: 'status', status: 500 });
    expect(complyCube.faults).toEqual([
      { fault: 'status', status: 503, count: 2 },
      { fault: 'status', status: 500, count: 1 },
    ]);
    expect(await statusesOf(4)).toEqual([503, 503, 500, 200]);
    expect(complyCube.faults).toEqual([]);
  });

  it('go on without a count until they are cleared', async () => {
    complyCube.fault({ fault: 'status', status: 503, count: null });
    expect(await statusesOf(3)).toEqual([503, 503, 503]);
    complyCube.clearFaults();
    expect(await statusesOf(1)).toEqual([200]);
  });

  it('are for the named call only', async () => {
    complyCube.fault({ fault: 'status', status: 503, for: 'GET /livePhotos' });
    expect(await statusesOf(1)).toEqual([200]);
    expect((await call(complyCube, `GET /v1/livePhotos?clientId=${clientId}`)).status).toBe(503);
  });

  it('are for the chosen requests only', async () => {
    const other = 'aaaaaaaaaaaaaaaaaaaaaaaa';
    complyCube.fault({ fault: 'status', status: 503 }, (request) => request.clientId === other);
    complyCube.fault({ fault: 'status', status: 500 }, (request) => request.id === 'some-id');
    expect(await statusesOf(1)).toEqual([200]);
    expect((await upload(complyCube, { clientId: other })).status).toBe(503);
    expect((await call(complyCube, 'GET /v1/livePhotos/some-id')).status).toBe(500);
  });

  it('come at their rate, the same way each time for the same seed', async () => {
    const runWith = async (seed: number) => {
      await complyCube.close();
      complyCube = await startUnlimited({ seed });
      complyCube.fault({ fault: 'status', status: 503, count: null, rate: 0.3 });
      const statuses: number[] = [];
      for (let count = 0; count < 100; count++) {
        statuses.push((await call(complyCube, 'GET /v1/livePhotos?clientId=x')).status);
      }
      return statuses;
    };
    const first = await runWith(7);
    expect(await runWith(7)).toEqual(first);
    expect(await runWith(8)).not.toEqual(first);
    const faults = first.filter((status) => status === 503).length;
    expect(faults).toBeGreaterThan(15);
    expect(faults).toBeLessThan(45);
  });

  it('do not come to a request that is refused before the call', async () => {
    complyCube.fault({ fault: 'status', status: 503 });
    expect((await upload(complyCube, { key: 'test_wrong' })).status).toBe(401);
    expect(await statusesOf(2)).toEqual([503, 200]);
  });
});
