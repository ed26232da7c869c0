import { describe, expect, it } from '@jest/globals';
import type { Answer, LivePhoto, Refused } from '../../lambda/complycube/answer';
import {
  AccountFaultError,
  CountedRefusalError,
  RetryLaterError,
  UploadUnknownError,
} from '../../lambda/retry-later-error';
import { judgeUpload } from '../../lambda/verdict';

const clientId = '5eb1276d96be4a0008713af5';
const refused = (status: number, more: Partial<Refused> = {}): Refused => ({
  kind: 'refused',
  status,
  type: undefined,
  message: undefined,
  param: undefined,
  retryAfterMs: undefined,
  requestId: undefined,
  tookMs: 0,
  ...more,
});
const judge = (answer: Answer<LivePhoto>) => judgeUpload(answer, clientId);
const invalidClient = { message: `Invalid client id '${clientId}'` };

describe('judgeUpload', () => {
  it('returns uploaded for an accepted photo', () => {
    const accepted = { kind: 'accepted', status: 200, value: { id: 'abc' }, requestId: undefined, tookMs: 0 } as const;
    expect(judge(accepted)).toEqual({ status: 'uploaded', livePhotoId: 'abc' });
  });

  it.each([
    ['a size that ComplyCube refuses', refused(400, { param: 'data', message: 'Image file size should be …' })],
    ['400 for data without a message', refused(400, { param: 'data' })],
    ['data that “does not exist”', refused(400, { param: 'data', message: 'The image does not exist' })],
    ['a client ID that ComplyCube refuses', refused(400, { param: 'clientId', message: 'must be text' })],
    ['a request that is too large', refused(413)],
    ['a photo that was inspected and refused', refused(422, { message: 'More than one face' })],
    ['422 for a client', refused(422, { param: 'clientId', message: 'client not found' })],
  ])('rejects the photo after %s', (_, answer) => {
    expect(judge(answer)).toMatchObject({ status: 'rejected', reason: 'refused-by-complycube' });
  });

  it.each([
    ['404 that names the client', refused(404, { type: 'resource_not_found', ...invalidClient })],
    ['404 that names the client in other words', refused(404, { message: 'Client not found' })],
    ['404 with the client as its param', refused(404, { param: 'clientId' })],
    ['400 that says the same', refused(400, { param: 'clientId', ...invalidClient })],
    ['400 “does not exist”', refused(400, { param: 'clientId', message: 'The client does not exist' })],
    ['400 “doesn’t exist”', refused(400, { param: 'clientId', message: 'It doesn’t exist' })],
    ['400 “could not be found”', refused(400, { param: 'clientId', message: 'The client could not be found' })],
    ['400 “couldn’t be found”', refused(400, { param: 'clientId', message: "The client couldn't be found" })],
    ['400 “unknown client”', refused(400, { param: 'clientId', message: 'Unknown client' })],
    ['400 “no such client”', refused(400, { param: 'clientId', message: 'No such client' })],
  ])('counts %s as an unknown client', (_, answer) => {
    expect(judge(answer)).toBeInstanceOf(CountedRefusalError);
    expect(judge(answer)).toHaveProperty('code', 'client-unknown');
  });

  it.each([
    ['400 that names no param', refused(400)],
    ['400 that names no param, of an unknown client', refused(400, invalidClient)],
    ['400 for another param', refused(400, { param: 'performLivenessCheck' })],
    ['404 that names no client', refused(404, { message: 'No such route' })],
    ['404 without a message', refused(404)],
    ['404 of a client that is not unknown', refused(404, { message: 'The client was archived' })],
    ...[405, 406, 407, 409, 410, 411, 412, 414, 415, 416, 417, 418, 423, 424, 426, 428, 431, 451, 499].map(
      (status): [string, Refused] => [String(status), refused(status)],
    ),
  ])('counts %s as a refusal of this photo, not as an account fault', (_, answer) => {
    const verdict = judge(answer);
    expect(verdict).toBeInstanceOf(CountedRefusalError);
    expect(verdict).not.toBeInstanceOf(AccountFaultError);
    expect(verdict).toHaveProperty('code', 'refused');
  });

  it.each([
    ['401', refused(401)],
    ['402', refused(402)],
    ['403', refused(403, { type: 'unauthorized' })],
    ['403 that names a client', refused(403, { param: 'clientId', ...invalidClient })],
  ])('treats %s as an account fault with a wait of five minutes', (_, answer) => {
    expect(judge(answer)).toBeInstanceOf(AccountFaultError);
    expect(judge(answer)).toMatchObject({ code: 'account-fault', hintMs: 300_000 });
  });

  it.each([
    ['429 with Retry-After', refused(429, { retryAfterMs: 7_000 }), 'rate-limited', 7_000],
    ['429 without Retry-After', refused(429), 'rate-limited', undefined],
    ['503 with Retry-After', refused(503, { retryAfterMs: 9_000 }), 'outcome-unknown', 9_000],
    ['500', refused(500), 'outcome-unknown', undefined],
    ['502', refused(502), 'outcome-unknown', undefined],
    ['599', refused(599), 'outcome-unknown', undefined],
    ['408', refused(408), 'outcome-unknown', undefined],
    ['425', refused(425), 'outcome-unknown', undefined],
    ['a redirect', refused(301), 'outcome-unknown', undefined],
    ['101 Switching Protocols', refused(101), 'outcome-unknown', undefined],
    ['a status that HTTP does not have', refused(600), 'outcome-unknown', undefined],
  ])('retries after %s, and the error shows whether ComplyCube may have the photo', (_, answer, code, hintMs) => {
    const verdict = judge(answer);
    expect(verdict).toBeInstanceOf(RetryLaterError);
    expect(verdict).not.toBeInstanceOf(CountedRefusalError);
    expect(verdict).toMatchObject({ code, hintMs });
    expect(verdict instanceof UploadUnknownError).toBe(code === 'outcome-unknown');
  });

  it.each([
    [true, 'complycube-unreachable'],
    [false, 'outcome-unknown'],
  ])('retries when no answer came, and keeps the cause (certainly not sent: %s)', (isSurelyUnsent, code) => {
    const cause = new Error('reset');
    const verdict = judge({
      ...{ kind: 'unknown', status: undefined, isSurelyUnsent, cause, requestId: undefined, tookMs: 0 },
    });
    expect(verdict).toMatchObject({ code, cause });
    expect(verdict instanceof UploadUnknownError).toBe(!isSurelyUnsent);
  });

  it('returns the reason of the abort when a call was aborted before it was sent', () => {
    const reason = new RetryLaterError('deadline-exceeded', 'too late');
    const cause = new Error('aborted', { cause: reason });
    const answer = { kind: 'unknown', status: undefined, cause, requestId: undefined, tookMs: 0 } as const;
    expect(judge({ ...answer, isSurelyUnsent: true })).toBe(reason);
    expect(judge({ ...answer, isSurelyUnsent: false })).toBeInstanceOf(UploadUnknownError);
  });

  it.each([
    ['a rejection', refused(422, { message: `No face for client ${clientId}` }), 'detail', '422: No face for client …'],
    ['a refusal', refused(409, { param: clientId }), 'message', '409 for …'],
    ['an unknown client', refused(404, invalidClient), 'message', "404: Invalid client id '…'"],
  ])('describes %s without the client ID', (_, answer, property, said) => {
    expect(judge(answer)).toHaveProperty(property, `ComplyCube answered ${said}`);
  });
});
