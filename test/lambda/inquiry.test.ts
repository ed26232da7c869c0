import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ComplyCube } from '../../lambda/complycube';
import { answerInquiry, type InquiryEdges, isInquiry } from '../../lambda/inquiry';
import { ApiKeyError } from '../../lambda/api-key';
import { type ScriptedServer, startScriptedServer } from './scripted-server';

let server: ScriptedServer;
let edges: InquiryEdges;

beforeAll(async () => {
  server = await startScriptedServer();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
  edges = {
    apiKey: { read: () => Promise.resolve('test_abc'), readInPlaceOf: () => Promise.resolve('test_new') },
    complyCube: new ComplyCube(`${server.url}/v1`, { turn: () => Promise.resolve({ sent: () => undefined }) }, 1_000),
  };
});

describe('an inquiry', () => {
  it('about the account makes one call, which only reads', async () => {
    server.replyWith({ status: 200, body: { pages: 0, items: [] } });
    await expect(answerInquiry({ inquiry: 'account' }, edges)).resolves.toEqual({ answer: 'accepted' });
    expect(server.requests.map(({ method }) => method)).toEqual(['GET']);
  });

  it('about a live photo gives its facts, and not whose it is', async () => {
    const body = { id: 'abc', clientId: 'a-client', size: 40_000, createdAt: '2026-11-23T10:00:00.000Z' };
    server.replyWith({ status: 200, body });
    await expect(answerInquiry({ inquiry: 'live-photo', livePhotoId: 'abc' }, edges)).resolves.toEqual({
      answer: 'accepted',
      livePhoto: { id: 'abc', size: 40_000, createdAtMs: Date.parse(body.createdAt) },
    });
  });

  it('takes the key anew when ComplyCube refuses it, and tells of the second refusal', async () => {
    server.replyWith({ status: 401, body: { message: "The 'Authorization' header is invalid" } });
    await expect(answerInquiry({ inquiry: 'account' }, edges)).resolves.toEqual({
      answer: 'refused',
      status: 401,
      said: "The 'Authorization' header is invalid",
    });
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['test_abc', 'test_new']);
  });

  it('tells why no call was made', async () => {
    const read = () => Promise.reject(new ApiKeyError('The secret is empty: set the ComplyCube API key'));
    const answer = await answerInquiry({ inquiry: 'account' }, { ...edges, apiKey: { ...edges.apiKey, read } });
    expect(answer).toEqual({ answer: 'failed', because: expect.stringContaining('The secret is empty') as unknown });
    expect(server.requests).toEqual([]);
  });

  it('tells that no answer came', async () => {
    server.replyWith((response) => response.destroy());
    await expect(answerInquiry({ inquiry: 'account' }, edges)).resolves.toMatchObject({ answer: 'failed' });
  });

  it('is no batch of messages, nor is a batch an inquiry', () => {
    expect(isInquiry({ inquiry: 'account' })).toBe(true);
    expect(isInquiry({ Records: [] })).toBe(false);
    expect(isInquiry({ inquiry: 'everything' })).toBe(false);
  });
});
