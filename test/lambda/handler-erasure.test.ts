import { GetObjectCommand, HeadObjectCommand, PutObjectTaggingCommand } from '@aws-sdk/client-s3';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { erasureRecordKey } from '../../contract/erasure-record';
import { photoLocation, sqsEvent, sqsRecord, s3Body, s3Record } from './fixtures/events';
import {
  calls,
  claimExpires,
  deleted,
  erase,
  erasureRecord,
  evidence,
  getAndDelete,
  livePhoto,
  lost,
  notFound,
  operator,
  photoExists,
  photoIsGone,
  tags,
  tombstones,
  uploadedTags,
  usedByCheck,
} from './fixtures/erasure-fixture';
import {
  acknowledged,
  accepted,
  claim,
  claimExists,
  claimsBucket,
  clientId,
  complyCube,
  deadLetters,
  eventBridge,
  invoke,
  jpeg,
  livePhotoId,
  logLines,
  metadata,
  othersTags,
  photoLines,
  published,
  retried,
  s3,
  sqs,
  waits,
} from './fixtures/handler-fixture';
import { s3Failure, s3Photo } from './fixtures/s3-answers';
import type { Reply } from './fixtures/scripted-server';

const { bucket, key, versionId, eTag } = photoLocation;
const done = { bucket, key, versionId, erasure: 'request-1' };

describe('an erasure', () => {
  it('deletes the live photo in the tags, after it has read it', async () => {
    photoExists({ team: 'kyc', ...uploadedTags });
    claimExists(-1, { isCopy: false });
    complyCube.replyWith(livePhoto(), deleted);
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
    expect(tags).toEqual({ team: 'kyc', 'complycube-status': 'erased' });
    expect(published()).toEqual([
      { type: 'Live Photo Erased', bucket, key, versionId, eTag, erasure: 'deleted', requestId: 'request-1' },
    ]);
    expect(photoLines()).toEqual([expect.objectContaining({ ...done, outcome: 'deleted', PhotosErased: 1 })]);
  });

  it('leaves one record of evidence, without the client, the live photo and the object’s key', async () => {
    photoExists();
    claimExists(-1, { isCopy: false });
    complyCube.replyWith(livePhoto(), deleted);
    await erase();
    await erase({}, operator, 2);
    const request = { requestId: 'request-1', requestedAt: '2026-11-26T12:00:00.000Z' };
    expect(claimsBucket.record(erasureRecordKey({ ...photoLocation, ...request }))).toEqual(evidence()[0]);
    expect(evidence()).toEqual([
      {
        ...{ ...request, requestedBy: operator },
        ...{ bucket, versionId, eTag, keyHash: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
        ...{ outcome: 'deleted', status: 204, erasedAt: expect.any(String) as unknown },
      },
    ]);
    const kept = JSON.stringify([evidence(), tombstones(), published(), claim()?.erasure]);
    for (const secret of [clientId, livePhotoId, key.split('/')[1], 'test_abc']) {
      expect(kept.replaceAll(`"key":"${key}"`, '')).not.toContain(secret);
    }
    expect(claim()?.livePhotoId).toBeUndefined();
    expect(logLines.join('')).not.toContain(clientId);
  });

  it('does nothing for a version that was erased, also for another request', async () => {
    photoExists();
    claimExists(-1, { isCopy: false });
    complyCube.replyWith(livePhoto(), deleted);
    await erase();
    await expect(erase({ requestId: 'request-2' })).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
    expect(evidence()).toHaveLength(1);
    expect(photoLines().at(-1)).toMatchObject({ outcome: 'already-erased', DuplicatesSkipped: 1 });
  });

  it('is not-found without a deletion when ComplyCube has no such live photo', async () => {
    photoExists();
    complyCube.replyWith(notFound);
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete.slice(0, 1));
    expect(tags).toEqual({ 'complycube-status': 'erased' });
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'not-found', status: 404 })]);
    expect(photoLines()).toEqual([expect.objectContaining({ PhotosErased: 1, ErasuresNotFound: 1 })]);
  });

  it('is retried while ComplyCube has a live photo that it does not find for its deletion', async () => {
    photoExists();
    complyCube.replyWith(livePhoto(), notFound, livePhoto());
    await expect(erase()).resolves.toEqual(retried);
    expect(evidence()).toEqual([]);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'outcome-unknown' })]);
  });

  it('is deleted when somebody else deletes the live photo at the same moment', async () => {
    photoExists();
    complyCube.replyWith(livePhoto(), notFound, notFound);
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'deleted', status: 404 })]);
  });

  it('makes no call for a version that never had a live photo', async () => {
    photoExists({ 'complycube-status': 'rejected', 'complycube-rejection': 'too-small' });
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual([]);
    expect(tags).toEqual({ 'complycube-status': 'erased' });
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'not-found' })]);
    expect(evidence()).toEqual([expect.not.objectContaining({ status: expect.anything() as unknown })]);
  });

  it('keeps the tags and publishes nothing when ComplyCube refuses, because a check has used the live photo', async () => {
    photoExists();
    claimExists(-1, { isCopy: false });
    complyCube.replyWith(livePhoto(), usedByCheck);
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(tags).toEqual(uploadedTags);
    expect(published()).toEqual([]);
    expect(tombstones()).toEqual([]);
    const said = 'A check has used the live photo of …';
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'refused', status: 422, said })]);
    expect(photoLines()).toEqual([expect.objectContaining({ level: 'ERROR', outcome: 'refused', ErasuresRefused: 1 })]);
  });

  it('that was refused is final for its request, and tried again for another request', async () => {
    photoExists();
    claimExists(-1, { isCopy: false });
    complyCube.replyWith(livePhoto(), usedByCheck, livePhoto(), deleted);
    await erase();
    await erase({}, operator, 2);
    expect(calls()).toHaveLength(2);
    await expect(erase({ requestId: 'request-2' })).resolves.toEqual(acknowledged);
    expect(tags).toEqual({ 'complycube-status': 'erased' });
    expect(evidence().map(({ outcome }) => outcome)).toEqual(['refused', 'deleted']);
  });

  it.each<[string, Reply[], string]>([
    ['a gateway answers 404 to the reading', [{ status: 404, body: '<html>' }], 'refused'],
    [
      'a gateway answers 404 to the deletion',
      [livePhoto(), { status: 404, body: { message: 'Not Found' } }],
      'refused',
    ],
    ['the live photo has another client', [livePhoto({ clientId: 'another' })], 'outcome-unknown'],
    ['the live photo has no client', [livePhoto({ clientId: undefined })], 'outcome-unknown'],
    ['the live photo has another size', [livePhoto({ size: 40_001 })], 'outcome-unknown'],
    ['the live photo has no size', [livePhoto({ size: undefined })], 'outcome-unknown'],
    ['the answer is about another live photo', [livePhoto({ id: 'another' })], 'outcome-unknown'],
    ['ComplyCube answers 200 to the deletion', [livePhoto(), { status: 200, body: {} }], 'outcome-unknown'],
    ['ComplyCube answers 429', [livePhoto(), { status: 429 }], 'rate-limited'],
    ['ComplyCube answers 503', [livePhoto(), { status: 503 }], 'outcome-unknown'],
    ['ComplyCube answers nothing', [livePhoto(), lost], 'outcome-unknown'],
  ])('is retried when %s', async (_, replies, errorCode) => {
    photoExists();
    claimExists(-1, { isCopy: false });
    complyCube.replyWith(...replies);
    await expect(erase()).resolves.toEqual(retried);
    expect(calls()).toEqual(getAndDelete.slice(0, replies.length));
    expect(tags).toEqual(uploadedTags);
    expect([evidence(), published(), tombstones()]).toEqual([[], [], []]);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode, ErasuresRetried: 1 })]);
  });

  it('counts as deleted when the answer was lost and the live photo is gone afterwards', async () => {
    photoExists();
    claimExists(-1, { isCopy: false });
    complyCube.replyWith(livePhoto(), lost, notFound);
    await expect(erase()).resolves.toEqual(retried);
    await expect(erase({}, operator, 2)).resolves.toEqual(acknowledged);
    expect(calls()).toEqual([...getAndDelete, getAndDelete[0]]);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'deleted', status: 404 })]);
  });

  it('deletes again when the answer was lost and the live photo still exists', async () => {
    photoExists();
    claimExists(-1, { isCopy: false });
    complyCube.replyWith(livePhoto(), lost, livePhoto(), deleted);
    await erase();
    await expect(erase({}, operator, 2)).resolves.toEqual(acknowledged);
    expect(calls()).toEqual([...getAndDelete, ...getAndDelete]);
  });

  it.each([401, 402, 403])('waits five minutes after %i, and does not stop uploads', async (status) => {
    photoExists();
    const upload = s3Body(s3Record({ versionId: 'version-2' }));
    // The answers come in the order of the requests: 401 is repeated with the key that is read again.
    const refusal: Reply = { status, body: { type: 'unauthorized' } };
    complyCube.replyWith(...(status === 401 ? [refusal, refusal] : [refusal]), accepted);
    await expect(erase()).resolves.toEqual(retried);
    const [, [seconds = 0] = []] = waits();
    expect(seconds).toBeGreaterThanOrEqual(300);
    const batch = sqsEvent(sqsRecord('m2', upload));
    await expect(invoke(batch)).resolves.toEqual(acknowledged);
  });

  it.each([402, 403])('in the same batch does not keep a photo from being uploaded: %i', async (status) => {
    photoExists();
    let answered: () => void = () => undefined;
    const refused = new Promise<void>((resolve) => (answered = resolve));
    complyCube.replyWith((response) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end('{"type":"unauthorized"}', answered);
    }, accepted);
    // The photo is read only after ComplyCube has refused the erasure.
    s3.on(GetObjectCommand, { VersionId: 'version-2' }).callsFake(async () => {
      await refused;
      await new Promise(setImmediate);
      return s3Photo(jpeg, { metadata });
    });
    const upload = sqsRecord('m2', s3Body(s3Record({ versionId: 'version-2' })));
    await expect(invoke(sqsEvent(erasureRecord(), upload))).resolves.toEqual(retried);
    expect(published()).toEqual([expect.objectContaining({ type: 'Live Photo Uploaded', versionId: 'version-2' })]);
  });

  it('publishes its event, and keeps all tags, when the object has no room for a tag', async () => {
    photoExists(othersTags(10));
    claimExists(-1, { livePhotoId });
    complyCube.replyWith(livePhoto(), deleted);
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(tags).toEqual(othersTags(10));
    expect(tombstones()).toHaveLength(1);
    expect(published()).toEqual([expect.objectContaining({ type: 'Live Photo Erased' })]);
    expect(photoLines()).toEqual([expect.objectContaining({ isTagged: false, OutcomesUntagged: 1 })]);
  });

  it.each<[string, () => void]>([
    [
      'EventBridge fails',
      () => eventBridge.on(PutEventsCommand).rejectsOnce(new Error('throttled')).resolves({ FailedEntryCount: 0 }),
    ],
    [
      'the tags can’t be written',
      () => s3.on(PutObjectTaggingCommand).rejectsOnce(s3Failure(503, 'SlowDown')).resolves({}),
    ],
  ])('repeats what is missing, and no call, when %s', async (_, arrange) => {
    photoExists();
    complyCube.replyWith(livePhoto(), deleted);
    arrange();
    await expect(erase()).resolves.toEqual(retried);
    await expect(erase({}, operator, 2)).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'deleted', status: 204 })]);
    expect(published()).toContainEqual(expect.objectContaining({ type: 'Live Photo Erased', erasure: 'deleted' }));
  });

  it('works for an archived object, which can’t be read', async () => {
    photoExists();
    claimExists(-1, { isCopy: false });
    s3.on(GetObjectCommand, { Bucket: bucket }).rejects(s3Failure(403, 'InvalidObjectState'));
    complyCube.replyWith(livePhoto(), deleted);
    await expect(erase()).resolves.toEqual(acknowledged);
  });

  it('does not take a 404 of HEAD for an object that is gone', async () => {
    photoExists();
    s3.on(HeadObjectCommand).rejects(s3Failure(404, 'NotFound'));
    await expect(erase()).resolves.toEqual(retried);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 's3-failed' })]);
  });
});

describe('an erasure of a version that is gone', () => {
  it('deletes the live photo that its claim names', async () => {
    photoIsGone();
    claimExists(-1, { livePhotoId });
    complyCube.replyWith(livePhoto({ clientId: 'any' }), deleted);
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(calls()).toEqual(getAndDelete);
    expect(claim()).not.toHaveProperty('livePhotoId');
    expect(evidence()).toEqual([expect.objectContaining({ outcome: 'deleted' })]);
    expect(published()).toEqual([expect.objectContaining({ type: 'Live Photo Erased' })]);
  });

  it('is dead-lettered when no claim tells which live photo it had', async () => {
    photoIsGone();
    await expect(erase()).resolves.toEqual(acknowledged);
    expect(deadLetters()).toEqual([expect.objectContaining({ reason: 'live-photo-unknown' })]);
    expect(evidence()).toEqual([]);
  });

  it('does nothing when it was erased before, also after its claim has expired', async () => {
    photoIsGone();
    claimExists(-1, { livePhotoId });
    complyCube.replyWith(livePhoto(), deleted);
    await erase();
    claimExpires();
    await expect(erase({ requestId: 'request-2' })).resolves.toEqual(acknowledged);
    expect(deadLetters()).toEqual([]);
    expect(evidence()).toHaveLength(1);
  });
});

describe('an erasure that must not happen', () => {
  it.each(['AIDAEXAMPLE', '123456789012', 'AROAEXAMPLE', ''])('is dead-lettered: the sender is %j', async (sender) => {
    photoExists();
    await expect(erase({}, sender)).resolves.toEqual(acknowledged);
    expect(deadLetters()).toEqual([expect.objectContaining({ reason: 'sender-not-operator' })]);
    expect([calls(), s3.calls()]).toEqual([[], []]);
    expect(logLines.map((line) => JSON.parse(line) as object)).toContainEqual(
      expect.objectContaining({
        level: 'ERROR',
        reason: 'sender-not-operator',
        ErasuresDeadLettered: 1,
        FunctionName: 'upload',
      }),
    );
  });

  it('is dead-lettered: the version has another ETag', async () => {
    photoExists();
    await expect(erase({ eTag: 'another' })).resolves.toEqual(acknowledged);
    expect(deadLetters()).toEqual([expect.objectContaining({ reason: 'version-mismatch' })]);
    expect(calls()).toEqual([]);
  });

  it('is retried when SQS does not accept the dead letter', async () => {
    photoExists();
    sqs.on(SendMessageCommand).rejects(new Error('throttled'));
    await expect(erase({}, 'AIDAEXAMPLE')).resolves.toEqual(retried);
  });
});
