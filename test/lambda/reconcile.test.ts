import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ComplyCube } from '../../lambda/complycube';
import type { PhotoSummary } from '../../lambda/delivery';
import { findEarlierLivePhoto } from '../../lambda/reconcile';
import { RetryLaterError } from '../../lambda/retry-later-error';
import { makeJpeg } from '../../local/sample-photos/jpeg';
import { type Reply, type ScriptedServer, startScriptedServer } from './scripted-server';

const image = makeJpeg({ bytes: 40_000, seed: 1 });
const sameSize = makeJpeg({ bytes: 40_000, seed: 2 });
const claimedAtMs = Date.UTC(2026, 10, 23, 10);

let server: ScriptedServer;
let turns: number;
beforeEach(async () => {
  turns = 0;
  server = await startScriptedServer();
});
afterEach(() => server.close());

const find = (summary: PhotoSummary = {}) => {
  const turn = () => {
    turns++;
    return Promise.resolve({ sent: () => undefined });
  };
  const edges = {
    apiKey: { read: () => Promise.resolve('test_abc'), readInPlaceOf: () => Promise.resolve('test_new') },
    complyCube: new ComplyCube(`${server.url}/v1`, { turn }, 1_000),
  };
  const delivery = { receives: 2, gate: { pass: () => undefined }, summary };
  return findEarlierLivePhoto({ clientId: 'client', image, claimedAtMs }, delivery, edges);
};
const listed = (id: string, size: number | undefined, afterClaimMs: number | undefined) => ({
  id,
  size,
  createdAt: afterClaimMs === undefined ? undefined : new Date(claimedAtMs + afterClaimMs).toISOString(),
});
const page = (items: object[], pages = 1): Reply => ({ status: 200, body: { page: 1, pageSize: 100, pages, items } });
const download = (bytes: Buffer): Reply => ({ status: 200, body: { data: bytes.toString('base64') } });
const paths = () => server.requests.map(({ path }) => path.replace('/v1/livePhotos', ''));

describe('findEarlierLivePhoto', () => {
  it('finds the live photo with the photo’s very bytes, and downloads just those of its size', async () => {
    server.replyWith(
      page([listed('other-size', 50_000, 3_000), listed('other-bytes', 40_000, 2_000), listed('it', 40_000, 1_000)]),
      download(sameSize),
      download(image),
    );
    await expect(find()).resolves.toBe('it');
    expect(paths()).toEqual(['?clientId=client&page=1&pageSize=100', '/other-bytes/download', '/it/download']);
  });

  it('finds nothing of a client that ComplyCube does not know: the upload tells what that means', async () => {
    server.replyWith({ status: 404, body: { type: 'invalid_request', message: 'Client not found' } });
    await expect(find()).resolves.toBeUndefined();
  });

  it('finds nothing among what is older than the claim, clocks apart, and stops there', async () => {
    server.replyWith(page([listed('too-old', 40_000, -5 * 60_000 - 1), listed('older', 40_000, -6 * 60_000)], 9));
    await expect(find()).resolves.toBeUndefined();
    expect(server.requests).toHaveLength(1);
  });

  it('takes what is as old as clocks may be apart', async () => {
    server.replyWith(page([listed('it', 40_000, -5 * 60_000)]), download(image));
    await expect(find()).resolves.toBe('it');
  });

  it('goes on page by page', async () => {
    server.replyWith(
      page([listed('a', 1, 2_000)], 3),
      page([listed('b', 2, 1_000)], 3),
      page([listed('it', 40_000, 0)], 3),
      download(image),
    );
    await expect(find()).resolves.toBe('it');
  });

  it('ends with the last page, and with an empty one', async () => {
    server.replyWith(page([listed('a', 1, 1_000)], 2), page([], 9));
    await expect(find()).resolves.toBeUndefined();
    expect(server.requests).toHaveLength(2);
  });

  it('looks at bytes where the list leaves size or age out', async () => {
    server.replyWith(page([listed('it', undefined, undefined)]), download(image));
    await expect(find()).resolves.toBe('it');
  });

  it('passes over a live photo that was deleted since it was listed', async () => {
    server.replyWith(
      page([listed('gone', 40_000, 1_000), listed('it', 40_000, 0)]),
      { status: 404, body: {} },
      download(image),
    );
    await expect(find()).resolves.toBe('it');
  });

  it.each<[string, Reply[]]>([
    ['a list that fails', [{ status: 500 }]],
    ['a list that is unreadable', [{ status: 200, body: '<html></html>' }]],
    ['a second page that fails', [page([listed('a', 1, 1_000)], 2), { status: 502 }]],
    ['a download that fails', [page([listed('a', 40_000, 0)]), { status: 500 }]],
    ['a download that is unreadable', [page([listed('a', 40_000, 0)]), { status: 200, body: {} }]],
    ['no answer', [(response) => response.destroy()]],
    ['a refusal', [{ status: 429 }]],
    ['a refusal of the account', [{ status: 403 }]],
  ])('never takes %s for nothing found', async (_, replies) => {
    server.replyWith(...replies);
    await expect(find()).rejects.toThrow(RetryLaterError);
  });

  it('waits for a turn with every call', async () => {
    server.replyWith(page([listed('it', 40_000, 0)]), download(image));
    await find();
    expect(turns).toBe(2);
  });

  it('asks with the key read anew when the first was refused', async () => {
    server.replyWith({ status: 401 }, page([]));
    await expect(find()).resolves.toBeUndefined();
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['test_abc', 'test_new']);
  });
});
