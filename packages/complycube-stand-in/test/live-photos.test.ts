import { afterEach, beforeEach, describe, it, expect } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { LocalComplyCube } from '../src/server';
import { makeJpeg } from 'sample-photos/jpeg';
import { call, clientId, idOf, liveKey, photo, startUnlimited, upload } from './call';

let complyCube: LocalComplyCube;
beforeEach(async () => {
  complyCube = await startUnlimited();
});
afterEach(() => complyCube.close());

const data = photo.toString('base64');
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('POST /v1/livePhotos', () => {
  it('returns the documented properties in the documented order', async () => {
    const { status, headers, json, text } = await call(complyCube, 'POST /v1/livePhotos', { body: { clientId, data } });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(json).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{24}$/) as unknown,
      clientId,
      downloadLink: `/livePhotos/${idOf({ status, headers, json, text })}/download`,
      contentType: 'image/png',
      performLivenessCheck: true,
      size: 40_000,
      createdAt: expect.stringMatching(isoTime) as unknown,
      updatedAt: expect.stringMatching(isoTime) as unknown,
    });
    const names = ['id', 'clientId', 'downloadLink', 'contentType', 'performLivenessCheck', 'size', 'createdAt'];
    expect(Object.keys(json as object)).toEqual([...names, 'updatedAt']);
  });

  it('detects the content type from the bytes, and returns performLivenessCheck', async () => {
    const body = {
      clientId,
      data: makeJpeg({ bytes: 34_000, seed: 1 }).toString('base64'),
      performLivenessCheck: false,
    };
    const { json } = await call(complyCube, 'POST /v1/livePhotos', { body });
    expect(json).toMatchObject({ contentType: 'image/jpeg', performLivenessCheck: false, size: 34_000 });
  });

  it('accepts a trailing slash in the path, which the official SDK sends', async () => {
    expect((await call(complyCube, 'POST /v1/livePhotos/', { body: { clientId, data } })).status).toBe(200);
  });

  it('stores the bytes unchanged, so that duplicates can be counted', async () => {
    const sha256 = createHash('sha256').update(photo).digest('hex');
    const first = await upload(complyCube);
    const second = await upload(complyCube, { key: liveKey });
    expect(complyCube.livePhotos).toMatchObject([
      { id: idOf(first), clientId, size: 40_000, sha256, environment: 'test' },
      { id: idOf(second), clientId, size: 40_000, sha256, environment: 'live' },
    ]);
  });

  it('keeps the bytes of the latest live photos only, if it is told to', async () => {
    await complyCube.close();
    complyCube = await startUnlimited({ keptPhotos: 1 });
    const ids = [idOf(await upload(complyCube)), idOf(await upload(complyCube))];
    const downloads = ids.map((id) => call(complyCube, `GET /v1/livePhotos/${id}/download`));
    const lengths = (await Promise.all(downloads)).map(({ json }) => (json as { data?: string }).data?.length);
    expect(lengths).toEqual([undefined, data.length]);
    expect((await call(complyCube, `GET /v1/livePhotos/${ids[0] ?? ''}`)).json).toMatchObject({ size: 40_000 });
  });

  it('does not count a deleted live photo among those that keep their bytes', async () => {
    await complyCube.close();
    complyCube = await startUnlimited({ keptPhotos: 2 });
    const [first, second] = [idOf(await upload(complyCube)), idOf(await upload(complyCube))];
    await call(complyCube, `DELETE /v1/livePhotos/${second}`);
    const third = idOf(await upload(complyCube));
    const downloads = [first, third].map((id) => call(complyCube, `GET /v1/livePhotos/${id}/download`));
    const lengths = (await Promise.all(downloads)).map(({ json }) => (json as { data?: string }).data?.length);
    expect(lengths).toEqual([data.length, data.length]);
  });

  it('returns the same number as the ID everywhere if IDs are numeric', async () => {
    await complyCube.close();
    complyCube = await startUnlimited({ numericIdRate: 1 });
    const { id } = (await upload(complyCube)).json as { id: unknown };
    expect(id).toEqual(expect.any(Number));
    expect((await call(complyCube, `GET /v1/livePhotos?clientId=${clientId}`)).json).toMatchObject({ items: [{ id }] });
    expect((await call(complyCube, `GET /v1/livePhotos/${String(id)}`)).json).toMatchObject({ id });
    expect(complyCube.livePhotos).toMatchObject([{ id: String(id) }]);
  });

  it('responds after the callback for the stored live photo has ended', async () => {
    await complyCube.close();
    const ended: string[] = [];
    complyCube = await startUnlimited({
      onLivePhoto: async ({ id }) => {
        await new Promise((resolve) => setImmediate(resolve));
        ended.push(id);
      },
    });
    expect(ended).toEqual([idOf(await upload(complyCube))]);
  });

  it('accepts the largest photo, and stores its bytes unchanged', async () => {
    const bytes = Buffer.concat([photo, Buffer.alloc(4_154_304)]);
    const { status, json } = await upload(complyCube, { bytes });
    expect({ status, json }).toMatchObject({ status: 200, json: { size: 4_194_304 } });
    expect(complyCube.livePhotos).toMatchObject([{ sha256: createHash('sha256').update(bytes).digest('hex') }]);
  });

  it('stores large photos that arrive at the same time', async () => {
    const photos = [1, 2, 3].map((filling) => Buffer.concat([photo, Buffer.alloc(300_000, filling)]));
    await Promise.all(photos.map((bytes) => upload(complyCube, { bytes })));
    const sha256 = photos.map((bytes) => createHash('sha256').update(bytes).digest('hex'));
    expect(complyCube.livePhotos.map((stored) => stored.sha256).sort()).toEqual(sha256.sort());
  });

  it('accepts a small photo in a large body', async () => {
    const { status } = await call(complyCube, 'POST /v1/livePhotos', {
      body: { clientId, data, other: 'x'.repeat(3e5) },
    });
    expect(status).toBe(200);
  });
});

describe('GET /v1/livePhotos/:id', () => {
  it('returns the same as the upload', async () => {
    const uploaded = await upload(complyCube);
    const { status, json } = await call(complyCube, `GET /v1/livePhotos/${idOf(uploaded)}`);
    expect({ status, json }).toEqual({ status: 200, json: uploaded.json });
  });

  it.each([
    'GET /v1/livePhotos/no-such-id',
    'GET /v1/livePhotos/no-such-id/download',
    'DELETE /v1/livePhotos/no-such-id',
  ])('returns the documented error for %s', async (operation) => {
    const { status, json } = await call(complyCube, operation);
    expect(status).toBe(404);
    expect(json).toEqual({ type: 'resource_not_found', message: "Invalid live photo id 'no-such-id'" });
  });

  it('does not return a live photo of the other environment', async () => {
    const uploaded = await upload(complyCube, { key: liveKey });
    expect((await call(complyCube, `GET /v1/livePhotos/${idOf(uploaded)}`)).status).toBe(404);
  });
});

describe('GET /v1/livePhotos/:id/download', () => {
  it('returns the photo in base64', async () => {
    const uploaded = await upload(complyCube);
    const { status, json } = await call(complyCube, `GET /v1/livePhotos/${idOf(uploaded)}/download`);
    expect(status).toBe(200);
    expect(json).toEqual({ fileName: expect.stringMatching(/\.png$/) as unknown, contentType: 'image/png', data });
  });
});

describe('DELETE /v1/livePhotos/:id', () => {
  it('deletes the live photo and returns 204 without a body', async () => {
    const uploaded = await upload(complyCube);
    const { status, text } = await call(complyCube, `DELETE /v1/livePhotos/${idOf(uploaded)}`);
    expect({ status, text }).toEqual({ status: 204, text: '' });
    expect((await call(complyCube, `GET /v1/livePhotos/${idOf(uploaded)}`)).status).toBe(404);
    expect(complyCube.livePhotos).toEqual([]);
  });
});

describe('GET /v1/livePhotos', () => {
  it('lists one client’s live photos, newest first, in pages', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.unshift(idOf(await upload(complyCube)));
    await upload(complyCube, { clientId: 'aaaaaaaaaaaaaaaaaaaaaaaa' });

    const all = await call(complyCube, `GET /v1/livePhotos?clientId=${clientId}`);
    expect(all.json).toMatchObject({
      page: 1,
      pageSize: 100,
      totalItems: 3,
      pages: 1,
      items: ids.map((id) => ({ id })),
    });
    const second = await call(complyCube, `GET /v1/livePhotos?clientId=${clientId}&page=2&pageSize=2`);
    expect(second.json).toMatchObject({ page: 2, pageSize: 2, totalItems: 3, pages: 2, items: [{ id: ids[2] }] });
    expect((second.json as { items: unknown[] }).items).toHaveLength(1);
  });

  it('returns an empty list for a malformed client ID', async () => {
    const { status, json } = await call(complyCube, 'GET /v1/livePhotos?clientId=%7Bnobody%7D');
    expect(status).toBe(200);
    expect(json).toEqual({ page: 1, pageSize: 100, totalItems: 0, pages: 0 });
  });

  it('includes the items of an empty list only while includesEmpty is set', async () => {
    await complyCube.close();
    complyCube = await startUnlimited({ includesEmpty: true });
    const list = async () => (await call(complyCube, `GET /v1/livePhotos?clientId=${clientId}`)).json;
    expect(await list()).toEqual({ page: 1, pageSize: 100, totalItems: 0, pages: 0, items: [] });
    const settings = { includesEmpty: false, listingDelayMs: 0 };
    const changed = await call(complyCube, 'POST /_stand-in/settings', { key: '', body: { includesEmpty: false } });
    expect(changed).toMatchObject({ status: 200, json: settings });
    expect(await list()).toEqual({ page: 1, pageSize: 100, totalItems: 0, pages: 0 });
  });

  it('lists a live photo only after the listing delay', async () => {
    await complyCube.close();
    let now = 0;
    complyCube = await startUnlimited({ listingDelayMs: 300, nowMs: () => now });
    await upload(complyCube);
    const list = async () => (await call(complyCube, `GET /v1/livePhotos?clientId=${clientId}`)).json;
    now = 299;
    expect(await list()).toMatchObject({ totalItems: 0 });
    now = 300;
    expect(await list()).toMatchObject({ totalItems: 1 });
  });

  it.each([
    ['', 'clientId'],
    ['?clientId=x&pageSize=0', 'pageSize'],
    ['?clientId=x&pageSize=1001', 'pageSize'],
    ['?clientId=x&pageSize=many', 'pageSize'],
    ['?clientId=x&page=0', 'page'],
  ])('refuses the query "%s" with the name %s', async (query, param) => {
    const { status, json } = await call(complyCube, `GET /v1/livePhotos${query}`);
    expect({ status, json }).toMatchObject({ status: 400, json: { type: 'invalid_request', param } });
  });
});
