import { describe, expect, it } from '@jest/globals';
import type { Answer, Refused } from '../../../lambda/complycube/answer';
import { judgeDeletion } from '../../../lambda/erasure/judge-deletion';

const facts = { requestId: undefined, tookMs: 0 };
const accepted = (status: number): Answer<undefined> => ({ kind: 'accepted', status, value: undefined, ...facts });
const refused = (status: number, more: Partial<Refused> = {}): Refused => ({
  ...{ kind: 'refused', status, type: 'invalid_request', message: undefined, param: undefined },
  ...{ retryAfterMs: undefined, ...facts, ...more },
});
const unknownLivePhoto = { type: 'resource_not_found', message: 'Invalid live photo id' };
const judge = (answer: Answer<undefined>) => judgeDeletion(answer, 'client-1');

describe('the verdict about a deletion', () => {
  it('is deleted for 204 only', () => {
    expect(judge(accepted(204))).toEqual({ outcome: 'deleted', status: 204 });
    for (const status of [200, 202, 206]) expect(judge(accepted(status))).toMatchObject({ code: 'outcome-unknown' });
  });

  it('is not-found only for ComplyCube’s own 404', () => {
    for (const message of ['Invalid live photo id', 'Unknown livePhoto']) {
      const own = refused(404, { type: 'resource_not_found', message });
      expect(judge(own)).toEqual({ outcome: 'not-found', status: 404 });
    }
    for (const others of [
      { type: undefined, message: 'Not Found' },
      { type: 'not_found', message: 'Invalid live photo id' },
      { type: 'resource_not_found', message: 'The resource requested does not exist' },
    ]) {
      expect(judge(refused(404, others))).toMatchObject({ code: 'refused' });
    }
  });

  it.each([
    [400, 'This live photo is used by a check'],
    [409, 'The live photo is in use'],
    [422, 'A live photo with checks can’t be deleted'],
    [405, 'Live photo was used'],
  ])('is refused for %i with the words: %s', (status, message) => {
    expect(judge(refused(status, { message }))).toEqual({ outcome: 'refused', status, said: message });
  });

  it('contains ComplyCube’s words without the client', () => {
    const message = 'client-1 has a check';
    expect(judge(refused(409, { message }))).toMatchObject({ said: '… has a check' });
  });

  it.each<[string, Refused, string]>([
    ['a refusal that does not speak of a check', refused(422, { message: 'No' }), 'refused'],
    ['the words of an unknown live photo with another status', refused(410, unknownLivePhoto), 'refused'],
    ['the words of a gateway', refused(409, { type: undefined, message: 'The check failed' }), 'refused'],
    ['401', refused(401, { message: 'checks' }), 'account-fault'],
    ['402', refused(402, { message: 'checks' }), 'account-fault'],
    ['403', refused(403, { message: 'Your plan does not include checks' }), 'account-fault'],
    ['429', refused(429, { message: 'checks', retryAfterMs: 7_000 }), 'rate-limited'],
    ['408', refused(408, { message: 'checks' }), 'outcome-unknown'],
    ['500', refused(500, { message: 'the check failed' }), 'outcome-unknown'],
    ['a redirect', refused(307, { message: 'the check' }), 'outcome-unknown'],
  ])('is retried for %s', (_, answer, code) => {
    expect(judge(answer)).toMatchObject({ code });
  });

  it.each([true, false])('is retried without an answer (surely unsent: %s)', (isSurelyUnsent) => {
    const cause = new Error('reset');
    expect(judge({ kind: 'unknown', status: undefined, isSurelyUnsent, cause, ...facts })).toBeInstanceOf(Error);
  });
});
