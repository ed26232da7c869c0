/**
 * Principals with `lambda:InvokeFunction` can pass the function any event. They can invent the sender, but no receipt handle of the
 * queue.
 */
import { type BatchResultErrorEntry, ChangeMessageVisibilityBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { clientErasureMessage } from '../../contract/client-erasure-message';
import {
  calls,
  deleted,
  erasureRecord,
  evidence,
  livePhoto,
  operator,
  photoExists,
  tags,
  tombstones,
  uploadedTags,
} from './fixtures/erasure-fixture';
import { s3Body, s3Record, sqsEvent, sqsRecord } from './fixtures/events';
import {
  acknowledged,
  accepted,
  claim,
  claimExists,
  clientId,
  complyCube,
  invoke,
  logLines,
  queueHolds,
  retried,
  sqs,
} from './fixtures/handler-fixture';
import { clientErasureKey } from '../../contract/client-erasure-progress';
import { claimsBucket } from './fixtures/handler-fixture';

const forgedHandle = (Id: string): BatchResultErrorEntry => ({ Id, Code: 'ReceiptHandleIsInvalid', SenderFault: true });
const unanswered = new Error('socket hang up');
const ofClient: SQSRecord = (() => {
  const requestedAt = '2026-11-26T12:00:00.000Z';
  const record = sqsRecord('m1', clientErasureMessage({ clientId, requestId: 'request-1', requestedAt }));
  return { ...record, attributes: { ...record.attributes, SenderId: operator } };
})();

describe('an erasure with an operator as its sender', () => {
  it.each<[string, () => void, SQSRecord, ...SQSRecord[]]>([
    ['refuses the invented receipt handle', () => refuses('0'), erasureRecord()],
    ['refuses the invented receipt handle of a client’s erasure', () => refuses('0'), ofClient],
    ['refuses it at a later receive', () => refuses('0'), erasureRecord({}, operator, 5)],
    [
      'refuses it, and accepts another one of the same event',
      () => refuses('0'),
      erasureRecord(),
      sqsRecord('m2', '{"Event":"s3:TestEvent"}'),
    ],
    [
      'accepts it, and refuses another one of the same event',
      () => refuses('1'),
      erasureRecord(),
      sqsRecord('m2', '{"Event":"s3:TestEvent"}'),
    ],
    [
      'does not know the queue’s messages at all',
      () => sqs.on(ChangeMessageVisibilityBatchCommand).rejects(notFound),
      erasureRecord(),
    ],
    ['does not answer', () => sqs.on(ChangeMessageVisibilityBatchCommand).rejects(unanswered), erasureRecord()],
  ])('erases nothing, and is retried, when SQS %s', async (_, arrange, ...records) => {
    photoExists();
    claimExists(-1, { isCopy: false });
    arrange();
    await expect(invoke(sqsEvent(...records))).resolves.toEqual(retried);
    expect([calls(), tags, evidence(), tombstones()]).toEqual([[], uploadedTags, [], []]);
    expect(claim()).not.toHaveProperty('erasure');
    expect(claimsBucket.record(clientErasureKey('request-1'))).toBeUndefined();
    expect(logLines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({ message: 'erasure is retried', errorCode: 'sqs-failed', ErasuresRetried: 1 }),
    );
  });

  it('is carried out when SQS accepts the receipt handle at a later delivery', async () => {
    photoExists();
    claimExists(-1, { isCopy: false });
    sqs.on(ChangeMessageVisibilityBatchCommand).rejectsOnce(unanswered).resolves({});
    complyCube.replyWith(livePhoto(), deleted);
    await expect(invoke(sqsEvent(erasureRecord()))).resolves.toEqual(retried);
    await expect(invoke(sqsEvent(erasureRecord({}, operator, 2)))).resolves.toEqual(acknowledged);
    expect(evidence()).toHaveLength(1);
  });

  it('is carried out when the function received it itself, whatever SQS answers to its visibility', async () => {
    photoExists();
    claimExists(-1, { isCopy: false });
    complyCube.replyWith(livePhoto(), deleted);
    const { messageId, ...drawn } = erasureRecord({}, operator, 2);
    queueHolds([{ messageId: 'drawn', ...drawn }]);
    const nothing = sqsRecord(messageId, '{"Event":"s3:TestEvent"}');
    sqs.on(ChangeMessageVisibilityBatchCommand).rejects(unanswered);
    await expect(invoke(sqsEvent(nothing, { ...nothing, messageId: 'm2' }))).resolves.toEqual(acknowledged);
    expect(evidence()).toHaveLength(1);
  });

  it('does not hold up a photo of the same event, whose outcome no sender decides', async () => {
    photoExists();
    refuses('0');
    complyCube.replyWith(accepted);
    const photo = sqsRecord('m2', s3Body(s3Record({ versionId: 'version-2' })));
    await expect(invoke(sqsEvent(erasureRecord(), photo))).resolves.toEqual(retried);
  });
});

const notFound = Object.assign(new Error('The specified queue does not exist'), { name: 'QueueDoesNotExist' });

function refuses(...ids: string[]): void {
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({ Successful: [], Failed: ids.map(forgedHandle) });
}
