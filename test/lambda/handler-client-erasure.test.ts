import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { clientErasureKey } from '../../contract/client-erasure-progress';
import { clientErasureMessage } from '../../contract/client-erasure-message';
import { calls, deleted, evidence, lost, operator, usedByCheck } from './fixtures/erasure-fixture';
import { sqsEvent, sqsRecord } from './fixtures/events';
import { fakeTime, until } from './fixtures/fake-time';
import {
  acknowledged,
  claimsBucket,
  clientId,
  complyCube,
  deadLetters,
  invoke,
  logLines,
  published,
  retried,
  waits,
} from './fixtures/handler-fixture';
import type { Reply } from './fixtures/scripted-server';

const requestId = 'request-1';
const request = { clientId, requestId, requestedAt: '2026-11-26T12:00:00.000Z' };
const passes = (ms: number) => jest.setSystemTime(Date.now() + ms);
const facts = (id: string, more: object = {}) => ({
  ...{ id, clientId, size: 40_000, createdAt: new Date(Date.now() - 86_400_000).toISOString() },
  ...more,
});
const list = (...ids: string[]): Reply => ({
  status: 200,
  body: { page: 1, pages: 1, items: ids.map((id) => facts(id)) },
});
const empty: Reply = { status: 200, body: { page: 1, pages: 0, items: [] } };
const pageOf = (pages: number, ...ids: string[]): Reply => ({
  status: 200,
  body: { page: 1, pages, items: ids.map((id) => facts(id)) },
});
const livePhoto = (id: string, more: object = {}): Reply => ({ status: 200, body: facts(id, more) });
const gone = (id: string): Reply => ({
  status: 404,
  body: { type: 'resource_not_found', message: `Invalid live photo id '${id}'` },
});
const progress = () => claimsBucket.record(clientErasureKey(requestId)) as object | undefined;
const erase = (receives = 1, changes: Partial<typeof request> = {}, senderId = operator) => {
  const record = sqsRecord('m1', clientErasureMessage({ ...request, ...changes }), receives);
  return invoke(sqsEvent({ ...record, attributes: { ...record.attributes, SenderId: senderId } }));
};
/** The log lines about the erasure. */
const lines = () =>
  logLines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => 'erasure' in line);
const counts = (deletedNumber: number, notFound: number, refused: number) =>
  expect.objectContaining({ requestId, requestedBy: operator, deleted: deletedNumber, notFound, refused }) as unknown;

beforeEach(() => fakeTime());

describe('the erasure of a client', () => {
  it('deletes every live photo of the client, and ends with a later list that has none', async () => {
    complyCube.replyWith(list('1', '2'), livePhoto('1'), deleted, livePhoto('2'), deleted, empty);
    await expect(erase()).resolves.toEqual(retried);
    expect(evidence()).toEqual([]);
    passes(75_000);
    await expect(erase(2)).resolves.toEqual(acknowledged);
    expect(calls().map((call) => call.split('?')[0])).toEqual([
      'GET /livePhotos',
      ...['1', '2'].flatMap((id) => [`GET /livePhotos/${id}`, `DELETE /livePhotos/${id}`]),
      'GET /livePhotos',
    ]);
    expect(evidence()).toEqual([counts(2, 0, 0)]);
    expect(lines().at(-1)).toMatchObject({ message: 'client erased', outcome: { deleted: 2 }, PhotosErased: 2 });
  });

  it('leaves evidence, a log and progress without the client, and no live photo’s ID after its end', async () => {
    complyCube.replyWith(list('live-photo-1'), livePhoto('live-photo-1'), deleted, empty);
    await erase();
    passes(75_000);
    await erase(2);
    const kept = JSON.stringify([evidence(), progress()]);
    for (const secret of [clientId, 'live-photo-1', 'test_abc']) expect(kept).not.toContain(secret);
    expect(progress()).toMatchObject({ asked: [], notFound: [], refused: [], isDone: true });
    expect(logLines.join('')).not.toContain(clientId);
    expect(published()).toEqual([]);
  });

  it('lists all pages before it deletes, because a deletion moves what follows', async () => {
    const page = (number: number, id: string): Reply => ({
      status: 200,
      body: { page: number, pages: 2, pageSize: 1, totalItems: 2, items: [facts(id)] },
    });
    complyCube.replyWith(page(1, '1'), page(2, '2'), livePhoto('1'), deleted, livePhoto('2'), deleted, empty);
    await erase();
    passes(75_000);
    await erase(2);
    expect(
      calls()
        .slice(0, 3)
        .map((call) => /page=\d/.exec(call)?.[0]),
    ).toEqual(['page=1', 'page=2', undefined]);
    expect(evidence()).toEqual([counts(2, 0, 0)]);
  });

  it('never ends with a list that is too early to have all live photos, also if nothing was deleted', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    complyCube.replyWith(empty);
    await expect(erase()).resolves.toEqual(retried);
    expect(waits().at(-1)).toEqual([75]);
    passes(74_999);
    await expect(erase(2)).resolves.toEqual(retried);
    expect(lines().at(-1)).toMatchObject({ errorCode: 'erasure-waits' });
    passes(1);
    await expect(erase(3)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([counts(0, 0, 0)]);
  });

  it('deletes what ComplyCube lists only later', async () => {
    complyCube.replyWith(empty, list('late'), livePhoto('late'), deleted, empty);
    await erase();
    passes(75_000);
    await expect(erase(2)).resolves.toEqual(retried);
    passes(75_000);
    await expect(erase(3)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([counts(1, 0, 0)]);
  });

  it.each([
    ['leaves a live photo alone that was created five minutes after it began', 300_000, 1],
    ['deletes one that was created sooner, because the clocks may differ', 299_999, 2],
  ])('%s', async (_, ageMs, callsBefore) => {
    const createdAt = new Date(Date.now() + ageMs).toISOString();
    complyCube.replyWith({ status: 200, body: { pages: 1, items: [facts('1', { createdAt })] } }, { status: 402 });
    await expect(erase()).resolves.toEqual(retried);
    expect(calls()).toHaveLength(callsBefore);
  });

  it('deletes a live photo whose time is unknown', async () => {
    const item = facts('1', { createdAt: undefined });
    complyCube.replyWith({ status: 200, body: { pages: 1, items: [item] } }, livePhoto('1'), deleted);
    await expect(erase()).resolves.toEqual(retried);
    expect(calls()).toContain('DELETE /livePhotos/1');
  });

  it('keeps ComplyCube’s words about the first live photo that it refuses to delete', async () => {
    const other: Reply = { status: 422, body: { type: 'invalid_request', message: 'In use' } };
    complyCube.replyWith(list('1', '2'), livePhoto('1'), usedByCheck, livePhoto('2'), other, list('1', '2'));
    await erase();
    passes(75_000);
    await expect(erase(2)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([counts(0, 0, 2)]);
    expect(evidence()).toEqual([expect.objectContaining({ said: 'A check has used the live photo of …' })]);
  });

  it('removes an ID of any form from ComplyCube’s words', async () => {
    const ofClient = { clientId: 'customer-7' };
    const lists: Reply = { status: 200, body: { pages: 1, items: [facts('1', ofClient)] } };
    const refusal: Reply = { status: 422, body: { type: 'invalid_request', message: 'In use by customer-7' } };
    complyCube.replyWith(lists, livePhoto('1', ofClient), refusal, lists);
    await erase(1, ofClient);
    passes(75_000);
    await expect(erase(2, ofClient)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([expect.objectContaining({ said: 'In use by …' })]);
  });

  it('leaves live photos alone that are created after it began, so that a late retry deletes nothing new', async () => {
    complyCube.replyWith({ status: 402 });
    await expect(erase()).resolves.toEqual(retried);
    passes(86_400_000);
    const createdAt = new Date().toISOString();
    complyCube.requests.length = 0;
    complyCube.replyWith({ status: 200, body: { page: 1, pages: 1, items: [facts('new', { createdAt })] } });
    await expect(erase(2)).resolves.toEqual(acknowledged);
    expect(calls()).toHaveLength(1);
    expect(evidence()).toEqual([counts(0, 0, 0)]);
  });

  it('ends when ComplyCube does not know the client', async () => {
    complyCube.replyWith({
      status: 404,
      body: { type: 'resource_not_found', message: `Invalid client id '${clientId}'` },
    });
    await erase();
    passes(75_000);
    await expect(erase(2)).resolves.toEqual(acknowledged);
  });

  it('does not try again what ComplyCube refused, keeps its words, and still deletes the others', async () => {
    complyCube.replyWith(list('1', '2'), livePhoto('1'), usedByCheck, livePhoto('2'), deleted, list('1'));
    await expect(erase()).resolves.toEqual(retried);
    passes(75_000);
    complyCube.requests.length = 0;
    await expect(erase(2)).resolves.toEqual(acknowledged);
    expect(calls()).toHaveLength(1);
    expect(evidence()).toEqual([counts(1, 0, 1)]);
    expect(evidence()).toEqual([expect.objectContaining({ said: 'A check has used the live photo of …' })]);
    expect(lines().at(-1)).toMatchObject({ level: 'ERROR', message: 'erasure is refused', ErasuresRefused: 1 });
  });

  it('tries refused live photos again for another request', async () => {
    complyCube.replyWith(list('1'), livePhoto('1'), usedByCheck, list('1'));
    await erase();
    passes(75_000);
    await erase(2);
    complyCube.replyWith(list('1'), livePhoto('1'), deleted, empty);
    await erase(1, { requestId: 'request-2' });
    passes(75_000);
    await expect(erase(2, { requestId: 'request-2' })).resolves.toEqual(acknowledged);
    expect(evidence()).toContainEqual(expect.objectContaining({ requestId: 'request-2', deleted: 1, refused: 0 }));
  });

  it('counts a deletion whose answer was lost, and one that another caller was faster with', async () => {
    complyCube.replyWith(list('1', '2'), gone('1'), livePhoto('2'), lost);
    await expect(erase()).resolves.toEqual(retried);
    passes(75_000);
    complyCube.replyWith(list('1', '2'), gone('1'), gone('2'));
    await expect(erase(2)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([counts(1, 1, 0)]);
  });

  it('continues without a wait when its time is over, until nothing is left', async () => {
    const ids = Array.from({ length: 5 }, (_, at) => `live-photo-${at}`);
    let left = ids;
    // Each call takes ten seconds. After 30, no call of 25 seconds fits into the minute.
    const slowly: Reply = (response) => {
      const { method, path } = complyCube.requests.at(-1) ?? { method: '', path: '' };
      const id = path.split('/').at(-1) ?? '';
      passes(10_000);
      if (method === 'DELETE') left = left.filter((one) => one !== id);
      const body = path.includes('?')
        ? { page: 1, pages: 1, totalItems: left.length, items: left.map((one) => facts(one)) }
        : facts(id);
      response.writeHead(method === 'DELETE' ? 204 : 200, { 'content-type': 'application/json' });
      response.end(method === 'DELETE' ? '' : JSON.stringify(body));
    };
    complyCube.replyWith(slowly);
    let receives = 0;
    let answer: object = retried;
    while (receives < 20 && evidence().length === 0) answer = await erase(++receives);
    expect(answer).toEqual(acknowledged);
    expect(lines()[0]).toMatchObject({ errorCode: 'erasure-waits' });
    expect(evidence()).toEqual([counts(5, 0, 0)]);
    // At the start the message is hidden. Afterwards it is visible again at once, except before the last look.
    const afterwards = waits().filter((_, at) => at % 2 === 1);
    expect(afterwards.slice(0, -1).flat()).toEqual(afterwards.slice(0, -1).map(() => 0));
    expect(receives).toBeGreaterThan(3);
  });

  it('leaves no evidence that lacks what a duplicate has deleted during its list', async () => {
    complyCube.replyWith({ status: 402 });
    await erase();
    passes(75_000);
    let answerList = (): void => undefined;
    const slowList: Reply = (response) => {
      answerList = () => response.end(JSON.stringify({ page: 1, pages: 0, items: [] }));
      response.writeHead(200, { 'content-type': 'application/json' });
    };
    complyCube.replyWith(slowList, list('1'), livePhoto('1'), deleted, empty);
    const slow = erase(2);
    await until(() => calls().length === 2);
    await expect(erase(2)).resolves.toEqual(retried);
    answerList();
    await expect(slow).resolves.toEqual(retried);
    expect(evidence()).toEqual([]);
    expect(lines().at(-1)).toMatchObject({ errorCode: 'claim-held' });
    await expect(erase(3)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([counts(1, 0, 0)]);
  });

  it('does nothing when it is delivered again after its end', async () => {
    complyCube.replyWith(empty);
    await erase();
    passes(75_000);
    await erase(2);
    complyCube.requests.length = 0;
    await expect(erase(3)).resolves.toEqual(acknowledged);
    expect(calls()).toEqual([]);
    expect(lines().at(-1)).toMatchObject({ outcome: 'already-erased', DuplicatesSkipped: 1 });
  });

  it.each<[string, Reply[], string]>([
    ['the list can’t be trusted', [{ status: 200, body: {} }], 'outcome-unknown'],
    ['a gateway answers 404 to the list', [{ status: 404, body: '<html>' }], 'refused'],
    ['the live photo has another client', [list('1'), livePhoto('1', { clientId: 'another' })], 'outcome-unknown'],
    ['the live photo has no client', [list('1'), livePhoto('1', { clientId: undefined })], 'outcome-unknown'],
    ['a gateway answers 404 to the deletion', [list('1'), livePhoto('1'), { status: 404, body: '<html>' }], 'refused'],
    [
      'ComplyCube answers 200 to the deletion',
      [list('1'), livePhoto('1'), { status: 200, body: {} }],
      'outcome-unknown',
    ],
    ['ComplyCube answers 403', [list('1'), { status: 403 }], 'account-fault'],
    ['ComplyCube answers 429', [list('1'), livePhoto('1'), { status: 429 }], 'rate-limited'],
    ['ComplyCube answers 503', [{ status: 503 }], 'outcome-unknown'],
    ['ComplyCube answers nothing', [list('1'), livePhoto('1'), lost], 'outcome-unknown'],
  ])('is retried, and deletes nothing more, when %s', async (_, replies, errorCode) => {
    complyCube.replyWith(...replies);
    await expect(erase()).resolves.toEqual(retried);
    expect(calls()).toHaveLength(replies.length);
    expect(evidence()).toEqual([]);
    expect(lines()).toEqual([expect.objectContaining({ errorCode, ErasuresRetried: 1 })]);
  });

  it.each<[string, Reply[], Reply[], string]>([
    [
      'another one has no usable ID',
      [{ status: 200, body: { pages: 1, items: [{ clientId, size: 1 }, facts('2')] } }],
      [],
      'outcome-unknown',
    ],
    ['the next page of the list fails', [pageOf(2, '2'), { status: 500 }], [], 'outcome-unknown'],
    ['another one can’t be read', [list('1', '2')], [{ status: 500 }], 'outcome-unknown'],
    ['ComplyCube refuses to read another one', [list('1', '2')], [{ status: 410 }], 'refused'],
    ['another one has another client', [list('1', '2')], [livePhoto('1', { clientId: 'another' })], 'outcome-unknown'],
    ['the deletion of another one fails', [list('1', '2')], [livePhoto('1'), { status: 500 }], 'outcome-unknown'],
    ['the deletion of another one is lost', [list('1', '2')], [livePhoto('1'), lost], 'outcome-unknown'],
  ])('deletes a live photo, and is retried, when %s', async (_, lists, ofOther, errorCode) => {
    complyCube.replyWith(...lists, ...ofOther, livePhoto('2'), deleted);
    await expect(erase()).resolves.toEqual(retried);
    expect(calls().slice(-2)).toEqual(['GET /livePhotos/2', 'DELETE /livePhotos/2']);
    expect(evidence()).toEqual([]);
    expect(lines()).toEqual([expect.objectContaining({ errorCode })]);
  });

  it.each<[string, Reply]>([
    ['401', { status: 401 }],
    ['402', { status: 402 }],
    ['403', { status: 403 }],
    ['429', { status: 429 }],
  ])('makes no further call after %s', async (_, reply) => {
    complyCube.replyWith(list('1', '2'), livePhoto('1'), reply);
    await expect(erase()).resolves.toEqual(retried);
    expect(calls()).not.toContain('GET /livePhotos/2');
  });

  it('never ends while ComplyCube has a live photo that it does not find for its deletion', async () => {
    for (const receives of [1, 2]) {
      complyCube.replyWith(list('1'), livePhoto('1'), gone('1'), livePhoto('1'));
      await expect(erase(receives)).resolves.toEqual(retried);
      passes(75_000);
    }
    expect(evidence()).toEqual([]);
    complyCube.replyWith(list('1'), gone('1'));
    await expect(erase(3)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([counts(1, 0, 0)]);
  });

  it('lists again when somebody else deletes meanwhile, because that moves the next pages', async () => {
    complyCube.replyWith({ status: 402 });
    await erase();
    passes(75_000);
    complyCube.replyWith(list('1'), gone('1'), list('2'), livePhoto('2'), deleted, empty);
    await expect(erase(2)).resolves.toEqual(retried);
    await expect(erase(3)).resolves.toEqual(retried);
    await expect(erase(4)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([counts(1, 1, 0)]);
  });

  it('ends although ComplyCube lists a live photo for ever that it does not have', async () => {
    complyCube.replyWith(list('1'), gone('1'));
    await expect(erase()).resolves.toEqual(retried);
    passes(75_000);
    complyCube.replyWith(list('1'), gone('1'));
    await expect(erase(2)).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([counts(0, 1, 0)]);
  });

  it('waits as after any failure when its time is over, but nothing new was deleted', async () => {
    const never: Reply = (response) => {
      const { method = '', path = '' } = complyCube.requests.at(-1) ?? {};
      passes(10_000);
      const ids = ['1', '2', '3'];
      const body = path.includes('?')
        ? { page: 1, pages: 1, items: ids.map((id) => facts(id)) }
        : facts(path.slice(-1));
      response.writeHead(method === 'DELETE' ? 204 : 200, { 'content-type': 'application/json' });
      response.end(method === 'DELETE' ? '' : JSON.stringify(body));
    };
    complyCube.replyWith(never);
    for (const receives of [1, 2, 3]) await expect(erase(receives)).resolves.toEqual(retried);
    expect(waits().at(-1)).not.toEqual([0]);
    expect(evidence()).toEqual([]);
  });

  it('deletes the first live photos of very many, before it lists the others', async () => {
    const page = (number: number): Reply => ({
      status: 200,
      body: { page: number, pages: 30, items: Array.from({ length: 100 }, (_, at) => facts(`p${number}-${at}`)) },
    });
    complyCube.replyWith(...[1, 2, 3, 4, 5].map(page), livePhoto('p1-0'), deleted, { status: 402 });
    await expect(erase()).resolves.toEqual(retried);
    expect(calls().slice(5, 7)).toEqual(['GET /livePhotos/p1-0', 'DELETE /livePhotos/p1-0']);
  });

  it('is dead-lettered when its sender is no role', async () => {
    await expect(erase(1, {}, 'AIDAEXAMPLE')).resolves.toEqual(acknowledged);
    expect(deadLetters()).toEqual([expect.objectContaining({ reason: 'sender-not-operator' })]);
    expect(calls()).toEqual([]);
  });
});
