import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { LocalComplyCube } from 'complycube-stand-in/server';
import { startComplyCube } from 'complycube-stand-in/server';
import { makeJpeg } from 'sample-photos/jpeg';
import { countLivePhotos, hasLivePhoto } from '../../e2e/live-photo-check';
import { CheckError } from '../../e2e/steps';

const apiKey = 'test_key';
const clientId = '5eb1276d96be4a0008713af5';
let complyCube: LocalComplyCube;
beforeAll(async () => {
  complyCube = await startComplyCube({ keys: [apiKey], requestsPerSecond: { test: 1_000 } });
});
afterAll(() => complyCube.close());

describe('the check of a live photo', () => {
  it('asks ComplyCube whether it exists, and how many the client has', async () => {
    const access = { baseUrl: complyCube.baseUrl, apiKey };
    const headers = { authorization: apiKey, 'content-type': 'application/json' };
    const data = makeJpeg({ bytes: 40_000, seed: 1 }).toString('base64');
    const body = JSON.stringify({ clientId, data });
    await fetch(`${access.baseUrl}/livePhotos`, { method: 'POST', headers, body });
    const [{ id } = { id: '' }] = complyCube.livePhotos;
    await expect(hasLivePhoto(id, access)).resolves.toBe(true);
    await expect(countLivePhotos(clientId, access)).resolves.toBe(1);
    await fetch(`${access.baseUrl}/livePhotos/${id}`, { method: 'DELETE', headers });
    await expect(hasLivePhoto(id, access)).resolves.toBe(false);
    await expect(countLivePhotos(clientId, access)).resolves.toBe(0);
  });

  it('fails for every other answer', async () => {
    const access = { baseUrl: complyCube.baseUrl, apiKey: 'test_wrong' };
    await expect(hasLivePhoto('abc', access)).rejects.toThrow(CheckError);
    await expect(countLivePhotos(clientId, access)).rejects.toThrow('ComplyCube answered 401');
  });
});
