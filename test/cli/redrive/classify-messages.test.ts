import { describe, expect, it } from '@jest/globals';
import { photoMessage } from '../../../cli/photos/photo-message';
import { classifyMessages } from '../../../cli/redrive/classify-messages';
import {
  deadLetterReasons,
  isSentByDefault,
  reasonOfErrorCode,
  reasonOfRefusal,
  redrivable,
} from '../../../cli/redrive/dead-letter-reason';
import type { Cause } from '../../../cli/redrive/classify-messages';
import type { DeliveryError } from '../../../cli/redrive/dead-letter-queue';
import { reasonOfDeliveryError, undeliveredReasons } from '../../../cli/redrive/undelivered-reason';
import type { KnownOutcome } from '../../../cli/photos/photo-outcome';
import {
  type DeadLetterReasonCode,
  deadLetterReasonCodes,
  isErasureReasonCode,
} from '../../../contract/dead-letter-reasons';
import { erasureMessage } from '../../../contract/erasure-message';
import { errorCodes } from '../../../contract/error-codes';
import { reject } from '../../../contract/outcome';
import { s3Failure } from '../../lambda/fixtures/s3-answers';

const messageAbout = (bucket: string, retractedRejection?: string): string =>
  photoMessage(
    { bucket, key: 'a.jpg', versionId: 'v', eTag: 'e', isCopy: false, eventTime: '2026-11-23T10:00:00.000Z' },
    { command: 'redrive', nowMs: 0, ...(retractedRejection !== undefined && { retractedRejection }) },
  );
const erasureIn = (bucket: string): string =>
  erasureMessage({
    ...{ bucket, key: 'a.jpg', versionId: 'v', eTag: 'e' },
    ...{ requestId: 'request-1', requestedAt: '2026-11-23T10:00:00.000Z' },
  });
const parsedErasure = (): object => JSON.parse(erasureIn('photos')) as object;
const none: KnownOutcome = { kind: 'none' };
const uploaded: KnownOutcome = { kind: 'tagged', outcome: { status: 'uploaded', livePhotoId: 'id' } };
const unknown: Cause = { reason: 'unknown', detail: undefined };
const awsFailed: Cause = { reason: 'aws-failed', detail: undefined };
const tooSmall: KnownOutcome = { kind: 'tagged', outcome: reject('too-small', 'tiny') };

interface Case {
  readonly body?: string;
  readonly reasonCode?: string;
  /** The object's outcome from its tags, or why they can't be read. */
  readonly outcome?: KnownOutcome | Error;
  readonly deliveryError?: DeliveryError;
  readonly cause?: Cause;
}

/** Classifies one message. */
async function classify({ body = messageAbout('photos'), outcome = none, cause = unknown, ...more }: Case) {
  const { reasonCode, deliveryError } = more;
  const message = { messageId: 'm', receiptHandle: 'r', body, reasonCode, deliveryError };
  const searched: string[] = [];
  const read: string[] = [];
  const [classified] = await classifyMessages([message], {
    photoBucket: 'photos',
    outcomes: {
      readTagged: ({ bucket }) => {
        read.push(bucket);
        return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
      },
    },
    findCauses: (messages) => {
      searched.push(...messages.map(({ messageId }) => messageId));
      return Promise.resolve(messages.map(() => cause));
    },
  });
  return { reason: classified?.reason, detail: classified?.detail, searched, read };
}

describe('the reason of a dead-lettered message', () => {
  it('is that of the last error for an erasure, so that it can be redriven', async () => {
    await expect(classify({ body: erasureIn('photos'), cause: awsFailed })).resolves.toMatchObject({
      ...{ reason: 'aws-failed', searched: ['m'], read: [] },
    });
  });

  it.each<[string, string, string | undefined]>([
    ['operators-not-named', 'operators-not-named', undefined],
    ['erasure-unsupported', 'erasure-unsupported', undefined],
    ['sender-not-operator', 'sender-not-operator', undefined],
    ['live-photo-unproven', 'live-photo-unknown', undefined],
    ['live-photo-unknown', 'live-photo-unknown', undefined],
    ['version-mismatch', 'erasure-impossible', undefined],
    ['erasure-malformed', 'erasure-impossible', undefined],
    ['wrong-bucket', 'erasure-impossible', undefined],
    ['a-code-of-a-newer-version', 'erasure-impossible', 'a-code-of-a-newer-version'],
  ])('of an erasure with the attribute %s is %s', async (reasonCode, reason, otherDetail) => {
    const detail = otherDetail ?? deadLetterReasonCodes[reasonCode as DeadLetterReasonCode];
    await expect(classify({ body: erasureIn('photos'), reasonCode, cause: awsFailed })).resolves.toEqual({
      ...{ reason, detail, searched: [], read: [] },
    });
  });

  it.each([
    ['names another bucket', erasureIn('others'), 'erasure-impossible'],
    ['has an unknown field', JSON.stringify({ ...parsedErasure(), livePhotoId: 'x' }), 'erasure-impossible'],
    ['has an unknown form', JSON.stringify({ ...parsedErasure(), complycubeErasure: 2 }), 'erasure-unsupported'],
    ['is of a client and has an unknown form', JSON.stringify({ complycubeClientErasure: 2 }), 'erasure-unsupported'],
    ['is of a client and names none', JSON.stringify({ complycubeClientErasure: 1 }), 'erasure-impossible'],
  ])('of an erasure without an attribute that %s is found', async (_, body, reason) => {
    await expect(classify({ body })).resolves.toMatchObject({ reason, searched: [], read: [] });
  });

  it.each(Object.entries(deadLetterReasonCodes).filter(([code]) => !isErasureReasonCode(code)))(
    'is not-an-event for any other message with the attribute %s',
    async (reasonCode, detail) => {
      await expect(classify({ reasonCode, outcome: uploaded, cause: awsFailed })).resolves.toEqual({
        ...{ reason: 'not-an-event', detail },
        // Nothing else is read.
        ...{ searched: [], read: [] },
      });
    },
  );

  it('is not-an-event with an unknown attribute of a newer version', async () => {
    await expect(classify({ reasonCode: 'of-a-newer-version' })).resolves.toMatchObject({
      reason: 'not-an-event',
      detail: 'of-a-newer-version',
    });
  });

  it.each(['InvalidArgument', 'KeyTooLongError', 'InvalidURI'])(
    'is looked up when S3 can not have such an object: %s',
    async (code) => {
      const outcome = s3Failure(400, code);
      await expect(classify({ outcome, cause: awsFailed })).resolves.toMatchObject({ reason: 'aws-failed' });
    },
  );

  it('fails the command if S3 denies access', async () => {
    const outcome = s3Failure(403, 'AccessDenied');
    await expect(classify({ outcome })).rejects.toBe(outcome);
  });

  it.each([
    ['is not JSON', 'no event'],
    ['is S3’s test event', '{"Event":"s3:TestEvent"}'],
    ['names another bucket', messageAbout('another')],
  ])('is not-an-event without an attribute when the message %s', async (_, body) => {
    await expect(classify({ body, outcome: uploaded })).resolves.toMatchObject({ reason: 'not-an-event', read: [] });
  });

  it.each<[string, Case]>([
    ['object-gone', { outcome: { kind: 'gone' } }],
    ['outcome-known', { outcome: uploaded }],
    ['outcome-known', { outcome: tooSmall }],
  ])('is %s if the tags of the object show it', async (reason, given) => {
    await expect(classify({ ...given, cause: awsFailed })).resolves.toMatchObject({ reason, searched: [] });
  });

  it('is looked up if the message retracts the rejection in the tags', async () => {
    const cause = { reason: 'account-fault', detail: 'ComplyCube answered 402' };
    const body = messageAbout('photos', 'too-small');
    await expect(classify({ body, outcome: tooSmall, cause })).resolves.toMatchObject(cause);
  });

  it.each([none, { kind: 'untagged', livePhotoId: 'id' } as const])(
    'is looked up if the tags do not show it: %j',
    async (outcome) => {
      await expect(classify({ outcome })).resolves.toMatchObject({
        reason: 'unknown',
        detail: undefined,
        searched: ['m'],
      });
    },
  );

  it('shows the error of EventBridge even if the photo has its outcome', async () => {
    const deliveryError = { code: 'NO_RESOURCE', message: 'no queue', ruleArn: 'arn' };
    await expect(classify({ outcome: uploaded, deliveryError })).resolves.toMatchObject({
      ...{ reason: 'outcome-known', detail: 'NO_RESOURCE: no queue' },
    });
  });
});

describe('reasonOfErrorCode', () => {
  it.each([
    ['account-fault', 'account-fault'],
    ['api-key-missing', 'account-fault'],
    ['rate-limited', 'rate-limited'],
    ['client-unknown', 'client-unknown'],
    ['refused', 'refused'],
    ['outcome-unknown', 'complycube-failed'],
    ['complycube-unreachable', 'complycube-failed'],
    ['claim-held', 'out-of-time'],
    ['lease-expired', 'out-of-time'],
    ['no-time-left', 'out-of-time'],
    ['deadline-exceeded', 'out-of-time'],
    ['object-archived', 'archived'],
    ['s3-failed', 'aws-failed'],
    ['secrets-manager-failed', 'aws-failed'],
    ['eventbridge-failed', 'aws-failed'],
    ['sqs-failed', 'aws-failed'],
    ['unexpected', 'unknown'],
    ['a-code-of-a-newer-version', 'unknown'],
    ['toString', 'unknown'],
    [undefined, 'unknown'],
  ])('maps %s to %s', (errorCode, reason) => {
    expect(reasonOfErrorCode(errorCode)).toBe(reason);
  });

  it('maps every code that the function logs to a reason that is sent by default', () => {
    const reasons = redrivable(deadLetterReasons).filter(isSentByDefault);
    for (const code of Object.keys(errorCodes)) expect(reasons).toContain(reasonOfErrorCode(code));
  });
});

describe('what the function refused at once', () => {
  const refused = Object.keys(deadLetterReasonCodes).flatMap((code) =>
    [true, false].map((isErasure) => reasonOfRefusal(code, { isErasure })),
  );

  it('is never sent by default', () => {
    for (const reason of ['not-an-event', ...refused]) expect(isSentByDefault(reason)).toBe(false);
  });

  it('can be redriven by its reason if the stack can be changed so that the function accepts it', () => {
    const reasons = redrivable(deadLetterReasons).filter((reason) => !isSentByDefault(reason));
    expect(reasons.sort()).toEqual(['erasure-unsupported', 'operators-not-named']);
  });
});

describe('reasonOfDeliveryError', () => {
  it.each([
    ['NO_PERMISSIONS', 'no-permissions'],
    ['NO_RESOURCE', 'no-resource'],
    ['SDK_CLIENT_ERROR', 'delivery-failed'],
    ['A_NEW_CODE', 'delivery-failed'],
    ['toString', 'delivery-failed'],
    [undefined, 'delivery-failed'],
  ])('maps %s to %s', (code, reason) => {
    expect(reasonOfDeliveryError(code)).toBe(reason);
    expect(redrivable(undeliveredReasons)).toContain(reason);
  });
});
