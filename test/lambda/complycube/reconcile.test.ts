import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ComplyCube } from '../../../lambda/complycube/complycube';
import type { PhotoSummary } from '../../../lambda/delivery';
import { findEarlierLivePhoto } from '../../../lambda/complycube/reconcile';
import { RetryLaterError } from '../../../lambda/retry-later-error';
import { makeJpeg } from 'sample-photos/jpeg';
import { type Reply, type ScriptedServer, startScriptedServer } from '../fixtures/scripted-server';
import { unlimitedPace } from '../fixtures/unlimited-pace';

const image = makeJpeg({ bytes: 40_000, seed: 1 });
const sameSize = makeJpeg({ bytes: 40_000, seed: 2 });
/** Only ends calls that hang. */
const callTimeoutMs = 60_000;
const claimedAtMs = Date.UTC(2026, 10, 23, 10);

let server: ScriptedServer;
let turns: number;
beforeEach(async () => {
  turns = 0;
  server = await startScriptedServer();
});
afterEach(() => server.close());

const find = (summary: PhotoSummary = {}, signal = new AbortController().signal) => {
  const turn = () => {
    turns++;
    return unlimitedPace.turn();
  };
  const deps = {
    apiKey: { read: () => Promise.resolve('test_abc'), readInPlaceOf: () => Promise.resolve('test_new') },
    complyCube: new ComplyCube(`${server.url}/v1`, { turn }, callTimeoutMs),
  };
  const delivery = { gate: { check: () => undefined, pass: () => undefined }, signal, summary };
  return findEarlierLivePhoto({ clientId: 'client', image, claimedAtMs }, delivery, deps);
};
const listed = (id: string, size: number | undefined, afterClaimMs: number | undefined) => ({
  id,
  size,
  createdAt: afterClaimMs === undefined ? undefined : new Date(claimedAtMs + afterClaimMs).toISOString(),
});
const page = (items: unknown[], more: object = {}): Reply => ({
  status: 200,
  body: { page: 1, pageSize: 100, pages: 1, items, ...more },
});
const download = (bytes: Buffer): Reply => ({ status: 200, body: { data: bytes.toString('base64') } });
const paths = () => server.requests.map(({ path }) => path.replace('/v1/livePhotos', ''));

describe('findEarlierLivePhoto', () => {
  it('returns the live photo with the same bytes, and downloads only live photos of the same size', async () => {
    server.replyWith(
      page([listed('other-size', 50_000, 3_000), listed('other-bytes', 40_000, 2_000), listed('it', 40_000, 1_000)]),
      download(sameSize),
      download(image),
    );
    await expect(find()).resolves.toBe('it');
    expect(paths()).toEqual(['?clientId=client&page=1&pageSize=100', '/other-bytes/download', '/it/download']);
  });

  it.each([
    ['a number too large for JavaScript', '90071992547409931'],
    ['a text with a space', '"a b"'],
    ['none', 'null'],
  ])('fails with an unknown outcome if an item of the same size has an unusable ID: %s', async (_, id) => {
    const item = `{"id":${id},"size":40000,"createdAt":"${new Date(claimedAtMs + 1_000).toISOString()}"}`;
    const other = JSON.stringify(listed('other-size', 50_000, 1_000));
    server.replyWith({ status: 200, body: `{"page":1,"pages":1,"items":[${other},${item}]}` });
    await expect(find()).rejects.toMatchObject({ code: 'outcome-unknown' });
  });

  it.each([
    ['another size', { size: 50_000 }],
    ['no size', {}],
    ['a time before the claim', { size: 40_000, createdAt: new Date(claimedAtMs - 3_600_000).toISOString() }],
    ['another client', { size: 40_000, clientId: 'another' }],
  ])('ignores an item with an unusable ID and %s', async (_, item) => {
    server.replyWith(page([listed('other-size', 50_000, 1_000), { id: 'a b', ...item }]));
    await expect(find()).resolves.toBeUndefined();
  });

  it('finds nothing if ComplyCube does not know the client, so that the answer to the upload decides', async () => {
    server.replyWith({ status: 404, body: { type: 'invalid_request', message: 'Client not found' } });
    await expect(find()).resolves.toBeUndefined();
  });

  describe('by age', () => {
    it('finds nothing among live photos older than the claim, and requests no further page', async () => {
      server.replyWith(
        page([listed('too-old', 40_000, -5 * 60_000 - 1), listed('older', 40_000, -6 * 60_000)], { pages: 9 }),
      );
      await expect(find()).resolves.toBeUndefined();
      expect(server.requests).toHaveLength(1);
    });

    it('allows clocks to differ by five minutes', async () => {
      server.replyWith(page([listed('it', 40_000, -5 * 60_000)]), download(image));
      await expect(find()).resolves.toBe('it');
    });

    it('finds a live photo that is listed after an older one', async () => {
      server.replyWith(page([listed('too-old', 40_000, -9 * 60_000), listed('it', 40_000, 0)]), download(image));
      await expect(find()).resolves.toBe('it');
    });

    it('requests the next page unless all live photos of a page are too old', async () => {
      server.replyWith(
        page([listed('other-size', 1, 0), listed('too-old', 40_000, -9 * 60_000)], { pages: 2 }),
        page([listed('it', 40_000, 0)], { page: 2, pages: 2 }),
        download(image),
      );
      await expect(find()).resolves.toBe('it');
    });

    it('requests the next page after a page with only live photos of other clients', async () => {
      const foreign = { ...listed('foreign', 40_000, -9 * 60_000), clientId: 'other' };
      server.replyWith(
        page([foreign], { pages: 2 }),
        page([listed('it', 40_000, 0)], { page: 2, pages: 2 }),
        download(image),
      );
      await expect(find()).resolves.toBe('it');
    });

    it('compares bytes if the list has no valid time', async () => {
      for (const createdAt of [undefined, null, '1', 'soon', '1970-01-01T00:00:00.000Z']) {
        server.replyWith(page([{ id: 'it', size: 40_000, createdAt }]), download(image));
        await expect(find()).resolves.toBe('it');
      }
    });
  });

  describe('page by page', () => {
    const other = (id: string) => listed(id, 1, 1_000);
    const full = (name: string) => Array.from({ length: 100 }, (_, at) => other(`${name}-${at}`));
    const it40 = listed('it', 40_000, 0);

    it.each<[string, Reply[]]>([
      ['if the number of pages says so', [page([other('a')], { pages: 2 }), page([it40], { page: 2, pages: 2 })]],
      ['if the number of pages is text', [page([other('a')], { pages: '2' }), page([it40], { page: 2, pages: '2' })]],
      [
        'if the number of items says so',
        [
          page(full('a'), { pages: undefined, totalItems: 101 }),
          page([it40], { page: 2, pages: undefined, totalItems: 101 }),
        ],
      ],
      [
        'until a page is not full',
        [
          page(full('a'), { pages: undefined, pageSize: undefined }),
          page([it40], { page: 2, pages: undefined, pageSize: undefined }),
        ],
      ],
      [
        'if the list grows between two pages',
        [
          page([other('a')], { pages: 2 }),
          page([other('a')], { page: 2, pages: 3 }),
          page([it40], { page: 3, pages: 3 }),
        ],
      ],
    ])('requests the next page %s', async (_, replies) => {
      server.replyWith(...replies, download(image));
      await expect(find()).resolves.toBe('it');
      expect(paths()).toEqual([
        ...replies.map((_, at) => `?clientId=client&page=${at + 1}&pageSize=100`),
        '/it/download',
      ]);
    });

    it.each<[string, Reply[]]>([
      ['the last page', [page([other('a')], { pages: 2 }), page([other('b')], { page: 2, pages: 2 })]],
      ['a last page that is now empty', [page([other('a')], { pages: 2 }), page([], { page: 2, pages: 1 })]],
      [
        'an empty page after a full one',
        [page(full('a'), { pages: undefined }), page([], { page: 2, pages: undefined, totalItems: 100 })],
      ],
      ['a page beyond the last one', [page([other('a')], { pages: 2 }), page([other('a')], { page: 2, pages: 1 })]],
    ])('requests no page after %s', async (_, replies) => {
      server.replyWith(...replies, { status: 500 });
      await expect(find()).resolves.toBeUndefined();
      expect(server.requests).toHaveLength(2);
    });
  });

  it('compares bytes if the list has no size', async () => {
    server.replyWith(page([listed('it', undefined, undefined)]), download(image));
    await expect(find()).resolves.toBe('it');
  });

  it('treats other complete images as other photos if the list has no size', async () => {
    const larger = makeJpeg({ bytes: 50_000, seed: 1 });
    server.replyWith(
      page([listed('a', undefined, 1), listed('b', undefined, 0)]),
      download(larger),
      download(sameSize),
    );
    await expect(find()).resolves.toBeUndefined();
  });

  it('treats other bytes of the listed size as another photo, because the download is complete', async () => {
    server.replyWith(page([listed('a', 40_000, 0)]), download(Buffer.alloc(40_000)));
    await expect(find()).resolves.toBeUndefined();
  });

  it.each([
    ['type and message', { type: 'resource_not_found', message: "Invalid live photo id 'gone'" }],
    ['type', { type: 'resource_not_found' }],
    ['message', { message: "Invalid live photo id 'gone'" }],
  ])('skips a live photo that was deleted after it was listed: 404 with a %s', async (_, body) => {
    server.replyWith(
      page([listed('gone', 40_000, 1_000), listed('it', 40_000, 0)]),
      { status: 404, body },
      download(image),
    );
    await expect(find()).resolves.toBe('it');
  });

  it('does not skip a live photo that ComplyCube refuses to show for another reason', async () => {
    server.replyWith(page([listed('a', 40_000, 0)]), { status: 409, body: { type: 'conflict' } });
    await expect(find()).rejects.toThrow(RetryLaterError);
  });

  it('skips live photos of other clients, and malformed items', async () => {
    const foreign = { ...listed('foreign', 40_000, 1_000), clientId: 'other' };
    const own = { ...listed('it', 40_000, 0), clientId: 'client' };
    server.replyWith(page([foreign, null, { size: 40_000 }, own]), download(image));
    await expect(find()).resolves.toBe('it');
    expect(paths()).toEqual(['?clientId=client&page=1&pageSize=100', '/it/download']);
  });

  const data = (text: unknown): Reply => ({ status: 200, body: { data: text } });
  const ofItsSize = page([listed('a', 40_000, 0)]);
  const ofAnySize = page([listed('a', undefined, 0)]);
  it.each<[string, Reply[]]>([
    ['a list that fails', [{ status: 500 }]],
    ['a list that is unreadable', [{ status: 200, body: '<html></html>' }]],
    ['a list with status 204', [{ status: 204 }]],
    ['a list whose items are missing', [page([], { totalItems: 1 })]],
    ['a list that a gateway does not find', [{ status: 404, body: '<html>Not found</html>' }]],
    ['a list with a redirect', [{ status: 302, headers: { location: '/elsewhere' } }]],
    ['a second page that fails', [page([listed('a', 1, 1_000)], { pages: 2 }), { status: 502 }]],
    ['a second page without items', [page([listed('a', 1, 1_000)], { pages: 3 }), page([], { page: 2, pages: 3 })]],
    ['a second page that is again page 1', [page([listed('a', 1, 1)], { pages: 2 }), page([], { pages: 2 })]],
    ['a download that fails', [ofItsSize, { status: 500 }]],
    ['a download that is unreadable', [ofItsSize, { status: 200, body: {} }]],
    ['a download that a gateway does not find', [ofItsSize, { status: 404, body: '<html>Not found</html>' }]],
    ['a download with 404 and no explanation', [ofItsSize, { status: 404, body: {} }]],
    ['a download with 410', [ofItsSize, { status: 410 }]],
    ['a download without data', [ofItsSize, data('')]],
    ['a download of another size', [ofItsSize, download(makeJpeg({ bytes: 40_001, seed: 1 }))]],
    ['a download of unlisted size that is cut off', [ofAnySize, download(image.subarray(0, 30_000))]],
    ['a download of unlisted size that is no image', [ofAnySize, data('Unavailable+')]],
    ['a download of the photo’s size that is no image', [ofAnySize, download(Buffer.alloc(40_000))]],
    ['no answer', [(response) => response.destroy()]],
    ['a refusal', [{ status: 429 }]],
    ['a refusal of the account', [{ status: 403 }]],
    ['a refusal of the download', [ofItsSize, { status: 403 }]],
  ])('fails instead of finding nothing after %s', async (_, replies) => {
    server.replyWith(...replies);
    await expect(find()).rejects.toThrow(RetryLaterError);
  });

  it('ends immediately when it is aborted', async () => {
    const controller = new AbortController();
    server.replyWith(page([listed('a', 40_000, 0)]), () => controller.abort());
    await expect(find({}, controller.signal)).rejects.toThrow(RetryLaterError);
  });

  it('waits for a turn with every call', async () => {
    server.replyWith(page([listed('it', 40_000, 0)]), download(image));
    await find();
    expect(turns).toBe(2);
  });

  it('reads the API key again and repeats the request when the key is refused', async () => {
    server.replyWith({ status: 401 }, page([]));
    await expect(find()).resolves.toBeUndefined();
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['test_abc', 'test_new']);
  });
});
