import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { ChangeMessageVisibilityBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SQSBatchResponse } from 'aws-lambda';
import { Readable } from 'node:stream';
import { claimKey } from '../../contract/claim-key';
import { functionTimeoutMs } from '../../contract/durations';
import { photoLocation, s3Body, s3Record, sqsEvent, sqsRecord } from './fixtures/events';
import { fakeTime, never, settled, until } from './fixtures/fake-time';
import {
  acknowledged,
  claimsBucket,
  complyCube,
  eventBridge,
  invoke,
  invokeOne,
  jpeg,
  livePhotoId,
  metadata,
  photoIs,
  photoLines,
  published,
  retried,
  s3,
  secretsManager,
  sqs,
  waits,
  writtenTags,
} from './fixtures/handler-fixture';
import { s3Failure, s3Photo } from './fixtures/s3-answers';

const { bucket } = photoLocation;
const slowClaimKey = claimKey({ ...photoLocation, key: 'slow' });
const message = (key: string) => sqsRecord(key, s3Body(s3Record({ key })));
const slowPhoto = { Bucket: bucket, Key: 'slow' };
/** How often a hanging request was made. */
let hanging = 0;
const hang = () => {
  hanging++;
  return never();
};
const taggedKeys = () => s3.commandCalls(PutObjectTaggingCommand).map(({ args: [{ input }] }) => input.Key);
const lineOf = (key: string) => photoLines().find((line) => line['key'] === key);
const bodyIs = (body: () => Readable, tagCount = 0) =>
  s3.on(GetObjectCommand, slowPhoto).callsFake(() => s3Photo(jpeg, { metadata, tagCount, body: body() }));
const halfOf = (bytes: Buffer) => bytes.subarray(0, bytes.length / 2);

beforeEach(() => {
  hanging = 0;
  fakeTime();
});

/** Sends a slow photo and two good ones in a batch. Time advances when the good photos are done and the slow one hangs. */
async function invokeWithNeighbours(isHanging: () => boolean): Promise<{ value: SQSBatchResponse; tookMs: number }> {
  const answering = invoke(sqsEvent(message('before'), message('slow'), message('after')));
  const isTagged = (key: string) => taggedKeys().includes(key);
  await until(() => isTagged('before') && isTagged('after') && isHanging());
  return settled(answering, functionTimeoutMs);
}

/** The handler's answer that only the slow photo is retried. */
const onlySlow = { batchItemFailures: [{ itemIdentifier: 'slow' }] };

describe('a request that never ends, even if it is aborted, delays only its photo', () => {
  it.each<[string, () => void, string]>([
    ['the GET of the photo', () => s3.on(GetObjectCommand, slowPhoto).callsFake(hang), 'deadline-exceeded'],
    [
      'the PUT of the claim',
      () => s3.on(PutObjectCommand, { Bucket: 'claims', Key: slowClaimKey }).callsFake(hang),
      'deadline-exceeded',
    ],
    [
      'the GET of another delivery’s claim',
      () => {
        claimsBucket.set(slowClaimKey, {});
        s3.on(GetObjectCommand, { Bucket: 'claims', Key: slowClaimKey }).callsFake(hang);
      },
      'deadline-exceeded',
    ],
    [
      'the body of another delivery’s claim',
      () => {
        claimsBucket.set(slowClaimKey, {});
        s3.on(GetObjectCommand, { Bucket: 'claims', Key: slowClaimKey }).callsFake(() => ({
          Body: { transformToString: hang },
          ETag: '"1"',
        }));
      },
      'deadline-exceeded',
    ],
    [
      'the read of the tags before the upload',
      () => {
        s3.on(GetObjectCommand, slowPhoto).callsFake(() => s3Photo(jpeg, { metadata, tagCount: 1 }));
        s3.on(GetObjectTaggingCommand, slowPhoto).callsFake(hang);
      },
      'deadline-exceeded',
    ],
    [
      'the read of the tags after the upload',
      () => s3.on(GetObjectTaggingCommand, slowPhoto).callsFake(hang),
      'deadline-exceeded',
    ],
    ['the write of the tags', () => s3.on(PutObjectTaggingCommand, slowPhoto).callsFake(hang), 'deadline-exceeded'],
    [
      'EventBridge',
      () =>
        eventBridge
          .on(PutEventsCommand)
          .callsFake(({ Entries }: PutEventsCommand['input']) =>
            Entries?.[0]?.Detail?.includes('"slow"') === true ? hang() : { FailedEntryCount: 0 },
          ),
      'deadline-exceeded',
    ],
    [
      'the delete of the claim after a failure',
      () => {
        s3.on(GetObjectCommand, slowPhoto).rejects(s3Failure(503, 'SlowDown'));
        s3.on(DeleteObjectCommand, { Bucket: 'claims', Key: slowClaimKey }).callsFake(hang);
      },
      's3-failed',
    ],
  ])('%s', async (_, arrange, errorCode) => {
    arrange();
    const { value } = await invokeWithNeighbours(() => hanging > 0);
    expect(value).toEqual(onlySlow);
    expect(lineOf('slow')).toMatchObject({ errorCode });
    for (const neighbour of ['before', 'after']) expect(lineOf(neighbour)).toMatchObject({ status: 'uploaded' });
    expect(waits().at(-1)).toHaveLength(1);
  });

  it('ComplyCube: its call times out, and the photo’s outcome is unknown', async () => {
    s3.on(GetObjectCommand, slowPhoto).callsFake(() => s3Photo(jpeg, { metadata: { 'client-id': 'slow' } }));
    complyCube.replyWith((response) => {
      if (complyCube.requests.at(-1)?.body.includes('"slow"') === true) hanging++;
      else response.end(JSON.stringify({ id: livePhotoId }));
    });
    const { value, tookMs } = await invokeWithNeighbours(() => hanging > 0);
    expect(value).toEqual(onlySlow);
    expect(tookMs).toBe(25_000);
    expect(lineOf('slow')).toMatchObject({ errorCode: 'outcome-unknown', ApiCallsUnanswered: 1 });
  });

  it('the delete of the claim after a rejection: the photo is still acknowledged', async () => {
    s3.on(GetObjectCommand, slowPhoto).callsFake(() => s3Photo(jpeg, { metadata: {} }));
    s3.on(DeleteObjectCommand, { Bucket: 'claims', Key: slowClaimKey }).callsFake(hang);
    const { value, tookMs } = await invokeWithNeighbours(() => hanging > 0);
    expect(value).toEqual(acknowledged);
    expect(tookMs).toBeLessThanOrEqual(4_000);
  });

  it('the note of an accepted photo: the photo is still acknowledged', async () => {
    // A note is written at most once in ten minutes.
    fakeTime(Date.now() + 86_400_000);
    s3.on(PutObjectCommand, { Bucket: 'claims', Key: 'accepted/latest.json' }).callsFake(hang);
    const answering = invokeOne();
    await until(() => hanging > 0);
    const { value, tookMs } = await settled(answering, functionTimeoutMs);
    expect(value).toEqual(acknowledged);
    expect(tookMs).toBeLessThanOrEqual(5_000);
  });
});

describe('a body delays only its photo', () => {
  it.each<[string, () => Readable]>([
    ['that stalls at its start', () => new Readable({ read: () => undefined })],
    [
      'that stalls halfway',
      () => {
        const body = new Readable({ read: () => undefined });
        body.push(halfOf(jpeg));
        return body;
      },
    ],
    [
      'that sends a byte a second',
      () => {
        let at = 0;
        return new Readable({
          read() {
            setTimeout(() => this.push(jpeg.subarray(at, ++at)), 1_000);
          },
        });
      },
    ],
  ])('%s: the photo is retried at its deadline, and the connection is closed', async (_, makeBody) => {
    const body = makeBody();
    bodyIs(() => body);
    const { value, tookMs } = await invokeWithNeighbours(() => body.listenerCount('data') > 0);
    expect(value).toEqual(onlySlow);
    expect(tookMs).toBe(55_000);
    expect(lineOf('slow')).toMatchObject({ errorCode: 'deadline-exceeded' });
    expect(body.destroyed).toBe(true);
    expect(complyCube.requests).toHaveLength(2);
  });

  const broken = () => Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  it.each<[string, (body: Readable) => void]>([
    ['that breaks', (body) => body.destroy(broken())],
    ['that is closed', (body) => body.destroy()],
  ])('%s before it is read: the photo is retried immediately', async (_, end) => {
    const body = Readable.from([jpeg]);
    bodyIs(() => body, 1);
    // The body breaks while the tags are read.
    s3.on(GetObjectTaggingCommand, slowPhoto).callsFake(async () => {
      end(body);
      await until(() => body.closed);
      return { TagSet: [] };
    });
    const { value, tookMs } = await invokeWithNeighbours(() => body.destroyed);
    expect(value).toEqual(onlySlow);
    expect(tookMs).toBe(0);
    expect(lineOf('slow')).toMatchObject({ errorCode: 's3-failed' });
  });

  it.each<[string, () => Readable]>([
    [
      'that breaks halfway',
      () =>
        Readable.from(
          (function* () {
            yield halfOf(jpeg);
            throw broken();
          })(),
        ),
    ],
    ['that ends halfway', () => Readable.from([halfOf(jpeg)])],
    ['that is longer than announced', () => Readable.from([halfOf(jpeg), jpeg])],
  ])('%s: the photo is retried immediately', async (_, makeBody) => {
    bodyIs(makeBody);
    const { value, tookMs } = await invokeWithNeighbours(() => lineOf('slow') !== undefined);
    expect(value).toEqual(onlySlow);
    expect(tookMs).toBe(0);
    expect(lineOf('slow')).toMatchObject({ errorCode: 's3-failed' });
  });
});

describe('a service that never answers does not block the batch', () => {
  it('Secrets Manager: photos that need no key are processed, the others are retried after ten seconds', async () => {
    fakeTime(Date.now() + 2 * 86_400_000); // the key in the cache is too old
    secretsManager.on(GetSecretValueCommand).callsFake(hang);
    s3.on(GetObjectCommand, { Bucket: bucket, Key: 'rejected' }).callsFake(() => s3Photo(jpeg, { metadata: {} }));
    const answering = invoke(sqsEvent(message('a'), message('rejected'), message('b')));
    await until(() => hanging > 0 && writtenTags().length > 0);
    const { value, tookMs } = await settled(answering, functionTimeoutMs);
    expect(value).toEqual({ batchItemFailures: [{ itemIdentifier: 'a' }, { itemIdentifier: 'b' }] });
    expect(tookMs).toBe(10_000);
    expect(lineOf('a')).toMatchObject({ errorCode: 'secrets-manager-failed' });
  });

  it('SQS: good photos are acknowledged without waiting for it', async () => {
    sqs.on(ChangeMessageVisibilityBatchCommand).callsFake(hang);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
  });

  it('SQS: a failed photo is retried after both requests were aborted after five seconds each', async () => {
    sqs.on(ChangeMessageVisibilityBatchCommand).callsFake(hang);
    complyCube.replyWith({ status: 429 });
    const answering = invokeOne();
    await until(() => photoLines().length > 0);
    const { value, tookMs } = await settled(answering, functionTimeoutMs);
    expect(value).toEqual(retried);
    expect(tookMs).toBe(10_000);
    expect(hanging).toBe(2);
  });

  it('SQS: a message that is not an event is retried when it can’t be dead-lettered', async () => {
    sqs.on(SendMessageCommand).callsFake(hang);
    const answering = invoke(sqsEvent(message('before'), sqsRecord('slow', 'no event'), message('after')));
    await until(() => hanging > 0 && taggedKeys().length === 2);
    const { value, tookMs } = await settled(answering, functionTimeoutMs);
    expect(value).toEqual(onlySlow);
    expect(tookMs).toBe(5_000);
  });

  it('all services: the handler returns before the function’s timeout', async () => {
    for (const mock of [s3, sqs, eventBridge, secretsManager]) {
      mock.reset();
      mock.callsFake(hang);
    }
    const answering = invoke(sqsEvent(...['a', 'b', 'c'].map(message)));
    await until(() => hanging > 0);
    const { value, tookMs } = await settled(answering, functionTimeoutMs);
    expect(value.batchItemFailures).toHaveLength(3);
    expect(tookMs).toBeLessThan(functionTimeoutMs);
  });

  it('all services, with less time left than a photo’s deadline: the handler returns in time', async () => {
    for (const mock of [s3, sqs]) {
      mock.reset();
      mock.callsFake(hang);
    }
    const answering = invoke(sqsEvent(message('a')), 40_000);
    await until(() => hanging > 0);
    const { value, tookMs } = await settled(answering, 40_000);
    expect(value.batchItemFailures).toHaveLength(1);
    expect(tookMs).toBeLessThanOrEqual(40_000);
  });
});

describe('after its deadline a photo', () => {
  /** Lets the read of the tags answer after the photo's deadline. */
  const invokeWithLateTags = async () => {
    let answer: () => void = () => undefined;
    s3.on(GetObjectTaggingCommand, slowPhoto).callsFakeOnce(async () => {
      hanging++;
      await new Promise<void>((resolve) => (answer = resolve));
      return { TagSet: [] };
    });
    const answering = invoke(sqsEvent(message('slow')));
    await until(() => hanging > 0);
    const { value } = await settled(answering, functionTimeoutMs);
    expect(value).toEqual(onlySlow);
    answer();
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  };

  it('is not tagged', async () => {
    photoIs(jpeg);
    await invokeWithLateTags();
    expect(complyCube.requests).toHaveLength(1);
    expect(published()).toEqual([]);
    expect(taggedKeys()).toEqual([]);
    expect(claimsBucket.record(slowClaimKey)).toMatchObject({ livePhotoId });
  });

  it('is not uploaded', async () => {
    photoIs(jpeg, { tagCount: 1 });
    await invokeWithLateTags();
    expect(complyCube.requests).toHaveLength(0);
  });
});
