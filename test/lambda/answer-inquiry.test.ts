import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ComplyCube } from '../../lambda/complycube/complycube';
import { answerInquiry, type InquiryDeps, isInquiry } from '../../lambda/answer-inquiry';
import { ApiKeyError } from '../../lambda/aws/api-key';
import { type ScriptedServer, startScriptedServer } from './fixtures/scripted-server';
import { unlimitedPace } from './fixtures/unlimited-pace';

let server: ScriptedServer;
let deps: InquiryDeps;

beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
  deps = {
    apiKey: { readAfresh: () => Promise.resolve('test_abc'), readInPlaceOf: () => Promise.resolve('test_new') },
    complyCube: new ComplyCube(`${server.url}/v1`, unlimitedPace, 60_000),
  };
});

describe('an inquiry', () => {
  it.each([
    { status: 404, body: { type: 'resource_not_found', message: "Invalid client id 'abc'" } },
    { status: 400, body: { type: 'invalid_request', param: 'clientId', message: "Invalid client id 'abc'" } },
  ])('about a client that ComplyCube does not know is answered with an empty page', async (reply) => {
    server.replyWith(reply);
    await expect(answerInquiry({ inquiry: 'client', clientId: 'abc', page: 1 }, deps)).resolves.toEqual({
      answer: 'accepted',
      page: { livePhotos: [], pages: 1 },
    });
  });

  it.each([
    ['the 404 of a gateway', { status: 404, body: '<html>' }, { answer: 'refused', status: 404 }],
    ['402', { status: 402, body: { message: 'No credit' } }, { answer: 'refused', status: 402, said: 'No credit' }],
  ])('about a client reports %s', async (_, reply, answer) => {
    server.replyWith(reply);
    await expect(answerInquiry({ inquiry: 'client', clientId: 'abc', page: 1 }, deps)).resolves.toEqual(answer);
  });

  it('about a client is answered with one page of its live photos, and the number of pages', async () => {
    const item = { id: 'live-photo-1', clientId: 'abc', size: 40_000, createdAt: '2026-11-23T10:00:00.000Z' };
    server.replyWith({ status: 200, body: { page: 2, pages: 3, items: [item] } });
    await expect(answerInquiry({ inquiry: 'client', clientId: 'abc', page: 2 }, deps)).resolves.toEqual({
      answer: 'accepted',
      page: { livePhotos: [{ id: 'live-photo-1', size: 40_000, createdAtMs: Date.parse(item.createdAt) }], pages: 3 },
    });
    const { searchParams } = new URL(server.requests[0]?.path ?? '', server.url);
    expect([searchParams.get('clientId'), searchParams.get('page')]).toEqual(['abc', '2']);
  });

  it('about the account makes one call, a GET', async () => {
    server.replyWith({ status: 200, body: { pages: 0, items: [] } });
    await expect(answerInquiry({ inquiry: 'account' }, deps)).resolves.toEqual({ answer: 'accepted' });
    expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it('about a live photo is answered with its ID, size and time, without its client', async () => {
    const body = { id: 'abc', clientId: 'a-client', size: 40_000, createdAt: '2026-11-23T10:00:00.000Z' };
    server.replyWith({ status: 200, body });
    await expect(answerInquiry({ inquiry: 'live-photo', livePhotoId: 'abc' }, deps)).resolves.toEqual({
      answer: 'accepted',
      livePhoto: { id: 'abc', size: 40_000, createdAtMs: Date.parse(body.createdAt) },
    });
  });

  it('about a live photo fails if ComplyCube’s answer is about another one', async () => {
    server.replyWith({ status: 200, body: { id: 'abd', size: 40_000 } });
    const answer = await answerInquiry({ inquiry: 'live-photo', livePhotoId: 'abc' }, deps);
    expect(answer).toEqual({
      answer: 'failed',
      because: expect.stringContaining('is about another live photo') as unknown,
    });
  });

  it('makes the function read the key again when ComplyCube refuses it, and reports the second refusal', async () => {
    server.replyWith({ status: 401, body: { message: "The 'Authorization' header is invalid" } });
    await expect(answerInquiry({ inquiry: 'account' }, deps)).resolves.toEqual({
      answer: 'refused',
      status: 401,
      said: "The 'Authorization' header is invalid",
    });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['test_abc', 'test_new']);
  });

  it('is answered with the reason when no call was made', async () => {
    const readAfresh = () => Promise.reject(new ApiKeyError('The secret is empty: set the ComplyCube API key'));
    const answer = await answerInquiry({ inquiry: 'account' }, { ...deps, apiKey: { ...deps.apiKey, readAfresh } });
    expect(answer).toEqual({
      answer: 'failed',
      because: expect.stringContaining('The secret is empty') as unknown,
      errorCode: 'api-key-missing',
    });
    expect(server.requests).toEqual([]);
  });

  it('is answered with the code of an unexpected error', async () => {
    const readAfresh = () => Promise.reject(new Error('out of memory'));
    const answer = await answerInquiry({ inquiry: 'account' }, { ...deps, apiKey: { ...deps.apiKey, readAfresh } });
    expect(answer).toMatchObject({ answer: 'failed', errorCode: 'unexpected' });
  });

  it('is answered with a failure when ComplyCube does not answer', async () => {
    server.replyWith((response) => response.destroy());
    await expect(answerInquiry({ inquiry: 'account' }, deps)).resolves.toMatchObject({ answer: 'failed' });
  });

  it('is distinguished from a batch of messages', () => {
    for (const inquiry of ['account', 'live-photo', 'client']) expect(isInquiry({ inquiry })).toBe(true);
    expect(isInquiry({ Records: [] })).toBe(false);
    expect(isInquiry({ inquiry: 'everything' })).toBe(false);
  });
});
