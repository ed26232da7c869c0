import { describe, expect, it } from '@jest/globals';
import type { Answer, LivePhoto, Refused } from '../../lambda/complycube';
import { AccountFaultError, RetryLaterError, UploadUnknownError } from '../../lambda/retry-later-error';
import { cleanMessage, judgeUpload } from '../../lambda/verdict';

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
const judge = (answer: Answer<LivePhoto>, receives = 1) => judgeUpload(answer, { clientId, receives });
const unknownClient = { message: `Invalid client id '${clientId}'` };

describe('judgeUpload', () => {
  it('takes an accepted photo as uploaded', () => {
    const accepted = { kind: 'accepted', status: 200, value: { id: 'abc' }, requestId: undefined, tookMs: 0 } as const;
    expect(judge(accepted)).toEqual({ status: 'uploaded', livePhotoId: 'abc' });
  });

  it.each([
    [
      'a size that ComplyCube refuses',
      refused(400, { param: 'data', message: 'Image file size should be …' }),
      'refused-by-complycube',
    ],
    [
      'a client ID that ComplyCube refuses',
      refused(400, { param: 'clientId', message: 'must be text' }),
      'refused-by-complycube',
    ],
    ['a request too large', refused(413), 'refused-by-complycube'],
    [
      'a photo that was inspected and refused',
      refused(422, { message: 'More than one face' }),
      'refused-by-complycube',
    ],
  ])('rejects %s', (_, answer, reason) => {
    expect(judge(answer)).toMatchObject({ status: 'rejected', reason });
  });

  it.each([
    ['404 naming the client', refused(404, { type: 'resource_not_found', ...unknownClient })],
    ['404 with the client as its param', refused(404, { param: 'clientId' })],
    ['400 that says the same', refused(400, { param: 'clientId', ...unknownClient })],
  ])('retries an unknown client (%s) five times, then rejects it', (_, answer) => {
    for (const receives of [1, 2, 3, 4, 5]) {
      const verdict = judge(answer, receives);
      expect(verdict).toBeInstanceOf(RetryLaterError);
      expect(verdict).not.toBeInstanceOf(AccountFaultError);
    }
    expect(judge(answer, 6)).toMatchObject({ status: 'rejected', reason: 'client-unknown' });
  });

  it.each([
    ['401', refused(401)],
    ['402', refused(402)],
    ['403', refused(403, { type: 'unauthorized' })],
    ['400 with another param', refused(400, { param: 'performLivenessCheck' })],
    ['400 that says nothing', refused(400)],
    ['404 that names no client', refused(404, { message: 'No such route' })],
    ['405', refused(405)],
  ])('takes %s as a fault of the account and waits five minutes, however often it was received', (_, answer) => {
    for (const receives of [1, 100]) {
      const verdict = judge(answer, receives);
      expect(verdict).toBeInstanceOf(AccountFaultError);
      expect(verdict).toHaveProperty('waitMs', 300_000);
    }
  });

  it.each([
    ['429 with Retry-After', refused(429, { retryAfterMs: 7_000 }), 7_000, false],
    ['429 without', refused(429), undefined, false],
    ['503 with Retry-After', refused(503, { retryAfterMs: 9_000 }), 9_000, true],
    ['500', refused(500), undefined, true],
    ['502', refused(502), undefined, true],
    ['408', refused(408), undefined, true],
    ['425', refused(425), undefined, true],
    ['a redirect', refused(301), undefined, true],
  ])('retries after %s, and knows whether the photo may be there', (_, answer, waitMs, mayBeThere) => {
    const verdict = judge(answer, 100);
    expect(verdict).toBeInstanceOf(RetryLaterError);
    expect(verdict).not.toBeInstanceOf(AccountFaultError);
    expect(verdict).toHaveProperty('waitMs', waitMs);
    expect(verdict instanceof UploadUnknownError).toBe(mayBeThere);
  });

  it.each([true, false])('retries when no answer came, and keeps its cause (surely unsent: %s)', (isSurelyUnsent) => {
    const cause = new Error('reset');
    const verdict = judge(
      { kind: 'unknown', status: undefined, isSurelyUnsent, cause, requestId: undefined, tookMs: 0 },
      100,
    );
    expect(verdict).toBeInstanceOf(RetryLaterError);
    expect(verdict).toHaveProperty('cause', cause);
    expect(verdict instanceof UploadUnknownError).toBe(!isSurelyUnsent);
  });

  it('says what ComplyCube said without the client ID', () => {
    expect(judge(refused(422, { message: `No face for client ${clientId}` }))).toMatchObject({
      detail: 'ComplyCube answered 422: No face for client …',
    });
  });
});

describe('cleanMessage', () => {
  it('makes one short line of any text', () => {
    expect(cleanMessage('a\r\n\tb\u0000\u202Ec', clientId)).toBe('a b c');
    expect(cleanMessage('x '.repeat(1_000), clientId)).toHaveLength(200);
  });

  it.each([
    [
      'the photo',
      `"data" with value "${Buffer.alloc(60, 7).toString('base64')}" is no image`,
      '"data" with value "…" is no image',
    ],
    ['the key', 'The key live_AbCd1234 may not do this', 'The key … may not do this'],
  ])('quotes nothing of %s', (_, message, cleaned) => {
    expect(cleanMessage(message, clientId)).toBe(cleaned);
  });
});
