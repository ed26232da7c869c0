/**
 * Lambda may freeze an execution environment at any time. After a thaw its clock has jumped, but its timers have not fired yet. The
 * photo must not be uploaded or tagged then if another environment may have taken it over.
 */
import { GetObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { SQSBatchResponse } from 'aws-lambda';
import { AcceptedUploads } from '../../lambda/aws/accepted-uploads';
import { ApiKey } from '../../lambda/aws/api-key';
import { Claims } from '../../lambda/aws/claims';
import { systemClock } from '../../lambda/clock';
import { ComplyCube } from '../../lambda/complycube/complycube';
import { createHandler } from '../../lambda/create-handler';
import { createLog } from '../../lambda/observe/log';
import { ClientErasures } from '../../lambda/aws/client-erasures';
import { ErasureRecords } from '../../lambda/aws/erasure-records';
import { OutcomeEvents } from '../../lambda/aws/outcome-events';
import { PhotoStore } from '../../lambda/aws/photo-store';
import type { Turn } from '../../lambda/complycube/pace';
import type { BatchDeps } from '../../lambda/process-batch';
import { UploadQueue } from '../../lambda/aws/upload-queue';
import { lambdaContext, photoLocation, s3Body, sqsEvent, sqsRecord } from './fixtures/events';
import { fakeTime, settled, until } from './fixtures/fake-time';
import {
  acknowledged,
  claim,
  complyCube,
  invokeOne,
  livePhotoId,
  photoLines,
  published,
  retried,
  s3,
  secretsManager,
  waits,
  writtenTags,
} from './fixtures/handler-fixture';
import { unlimitedPace } from './fixtures/unlimited-pace';

const durations = { photoDeadlineMs: 60_000, clockSkewMs: 60_000, listingDelayMs: 15_000 };
/** Of the lease of 135 s, at least 60 s must be left: the clock skew. */
const lastMomentMs = 75_000;

beforeEach(() => fakeTime());

/** Simulates a freeze: time passes, but no timer fires. */
const freezeFor = (ms: number) => jest.setSystemTime(Date.now() + ms);

/** Invokes the handler with changed dependencies. AWS is mocked. */
function invokeWith(changes: Partial<BatchDeps>, remainingMs?: number): Promise<SQSBatchResponse> {
  const region = { region: 'eu-west-2' };
  const client = new S3Client(region);
  const handler = createHandler({
    photos: new PhotoStore(client),
    claims: new Claims(client, 'claims', durations, systemClock),
    acceptedUploads: new AcceptedUploads(client, 'claims', systemClock),
    apiKey: new ApiKey(new SecretsManagerClient(region), 'arn:secret'),
    complyCube: new ComplyCube(`${complyCube.url}/v1`, unlimitedPace, 1_000),
    pace: unlimitedPace,
    clientErasures: new ClientErasures(client, 'claims'),
    erasureRecords: new ErasureRecords(client, 'claims'),
    events: new OutcomeEvents(new EventBridgeClient(region), 'default'),
    queue: new UploadQueue(new SQSClient(region), { upload: 'uploads', deadLetter: 'dead-letters' }, systemClock),
    metadata: { clientIdMetadata: 'client-id', performLivenessCheck: undefined },
    keyPrefixes: [''],
    areOperatorsNamed: false,
    secondLookAfterMs: 600_000,
    photoBucket: photoLocation.bucket,
    rejection: { unknownClientRejectedAfterMs: 300_000, refusalRejectedAfterMs: 3_600_000, clockSkewMs: 60_000 },
    callTimeoutMs: 1_000,
    photoDeadlineMs: 60_000,
    log: createLog(),
    clock: systemClock,
    functionName: 'upload',
    ...changes,
  });
  return handler(sqsEvent(sqsRecord('m1', s3Body())), lambdaContext(remainingMs)) as Promise<SQSBatchResponse>;
}

describe('when the environment is frozen', () => {
  /** Time passes when the key is read, right before the upload. */
  const freezeBeforePost = (ms: number) => {
    secretsManager.on(GetSecretValueCommand).callsFake(() => {
      freezeFor(ms);
      return { SecretString: 'test_abc' };
    });
  };
  /** Time passes when the tags are read, right before they are written. */
  const freezeBeforeTags = (ms: number) => {
    s3.on(GetObjectTaggingCommand).callsFake(() => {
      freezeFor(ms);
      return { TagSet: [] };
    });
  };

  it('before the upload, the photo is not uploaded if too little time is left', async () => {
    freezeBeforePost(54_001);
    await expect(invokeWith({})).resolves.toEqual(retried);
    expect(complyCube.requests).toHaveLength(0);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'no-time-left' })]);
    expect(claim()).toBeUndefined();
  });

  it('before the upload, the photo is uploaded if enough time is left', async () => {
    freezeBeforePost(54_000);
    await expect(invokeWith({})).resolves.toEqual(acknowledged);
  });

  // The photo deadline is set longer than the lease allows for, so that only the lease can stop the upload.
  it.each([
    [lastMomentMs, 1, acknowledged],
    [lastMomentMs + 1, 0, retried],
  ])(
    'before the upload for %i ms, the photo is sent %i times, because the rest of the lease must be at least the clock skew',
    async (ms, calls, answer) => {
      freezeBeforePost(ms);
      await expect(invokeWith({ photoDeadlineMs: 600_000 }, 900_000)).resolves.toEqual(answer);
      expect(complyCube.requests).toHaveLength(calls);
      if (calls === 0) expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'lease-expired' })]);
    },
  );

  it('before tagging, the photo is tagged if the rest of the lease is at least the clock skew', async () => {
    freezeBeforeTags(lastMomentMs);
    await expect(invokeOne()).resolves.toEqual(acknowledged);
    expect(writtenTags()).toHaveLength(1);
  });

  it('before tagging, the photo is not tagged if the rest of the lease is too short, and the next delivery adopts the live photo', async () => {
    freezeBeforeTags(lastMomentMs + 1);
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(writtenTags()).toEqual([]);
    expect(published()).toEqual([]);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'lease-expired' })]);
    expect(claim()).toMatchObject({ livePhotoId });
    s3.on(GetObjectTaggingCommand).resolves({ TagSet: [] });
    await expect(invokeOne(s3Body(), 2)).resolves.toEqual(acknowledged);
    expect(complyCube.requests).toHaveLength(1);
  });

  it('until another delivery takes over the claim, that claim is not changed', async () => {
    s3.on(GetObjectTaggingCommand).callsFakeOnce(async () => {
      freezeFor(10 * 60_000);
      s3.on(GetObjectTaggingCommand).resolves({ TagSet: [] });
      complyCube.replyWith({ status: 200, body: { pages: 0, items: [] } }, { status: 200, body: { id: 'second' } });
      await expect(invokeWith({})).resolves.toEqual(acknowledged);
      return { TagSet: [] };
    });
    await expect(invokeOne()).resolves.toEqual(retried);
    expect(writtenTags()).toEqual([{ 'complycube-status': 'uploaded', 'complycube-live-photo-id': 'second' }]);
    expect(claim()).toMatchObject({ attempt: 2 });
    expect(claim()).not.toHaveProperty('livePhotoId');
  });
});

describe('a message', () => {
  it('is hidden for at least the photo deadline when processing starts', async () => {
    await invokeWith({ photoDeadlineMs: 600_000 });
    expect(waits()).toEqual([[600]]);
  });
});

describe('a photo whose deadline passes during its upload', () => {
  it('has an unknown outcome: its claim is kept, and leased until ComplyCube lists the live photo', async () => {
    let posts = 0;
    complyCube.replyWith(() => {
      posts++;
    });
    const answering = invokeWith({ complyCube: new ComplyCube(`${complyCube.url}/v1`, unlimitedPace, 600_000) });
    await until(() => posts > 0);
    const { value, tookMs } = await settled(answering, 75_000);
    expect(value).toEqual(retried);
    expect(tookMs).toBe(55_000);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'outcome-unknown', ApiCallsUnanswered: 1 })]);
    expect(claim()).toMatchObject({ attempt: 1, leaseUntil: new Date(Date.now() + 75_000).toISOString() });
    expect(claim()).not.toHaveProperty('maybeUploaded');
  });

  it('is not uploaded if its turn starts after the deadline', async () => {
    let begin: (turn: Turn) => void = () => undefined;
    let isWaiting = false;
    const turn = () =>
      new Promise<Turn>((resolve) => {
        isWaiting = true;
        begin = resolve;
      });
    const answering = invokeWith({ complyCube: new ComplyCube(`${complyCube.url}/v1`, { turn }, 1_000) });
    await until(() => isWaiting);
    const { value } = await settled(answering, 75_000);
    expect(value).toEqual(retried);
    expect(photoLines()).toEqual([expect.objectContaining({ errorCode: 'deadline-exceeded' })]);
    begin(await unlimitedPace.turn());
    await until(() => claim() === undefined);
    expect(complyCube.requests).toHaveLength(0);
  });
});
