/**
 * The handler as it is deployed, over mocked AWS clients and a scripted ComplyCube on loopback. Importing this resets both before each
 * test: one good photo, for which every request succeeds, and an empty claims bucket.
 */
import { GetObjectCommand, GetObjectTaggingCommand, PutObjectTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ChangeMessageVisibilityBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { makeJpeg } from 'sample-photos/jpeg';
import { makePng } from 'sample-photos/png';
import type { ClaimRecord } from '../../contract/claim-record';
import { claimKey } from '../../contract/claim-key';
import { ClaimsBucket } from './claims-bucket';
import { lambdaContext, photoLocation, s3Body, sqsEvent, sqsRecord } from './events';
import { s3Photo } from './s3-answers';
import { type Reply, type ScriptedServer, startScriptedServer } from './scripted-server';

export const s3 = mockClient(S3Client);
export const secretsManager = mockClient(SecretsManagerClient);
export const sqs = mockClient(SQSClient);
export const eventBridge = mockClient(EventBridgeClient);
export const jpeg = makeJpeg({ bytes: 40_000, seed: 1 });
export const png = makePng({ bytes: 40_000, seed: 1 });
export const clientId = '5eb1276d96be4a0008713af5';
export const metadata = { 'client-id': clientId };
export const accepted: Reply = { status: 200, body: { id: '5eb1b5f231778a0008d1c3f6', clientId } };

const uploadQueueUrl = 'https://sqs.eu-west-2.amazonaws.com/123456789012/uploads';
const deadLetterQueueUrl = 'https://sqs.eu-west-2.amazonaws.com/123456789012/dead-letters';

export let complyCube: ScriptedServer;
export let claimsBucket: ClaimsBucket;
export let invoke: (event: SQSEvent, remainingMs?: number) => Promise<SQSBatchResponse>;
export let logLines: string[];

beforeAll(async () => {
  complyCube = await startScriptedServer();
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-2',
    COMPLYCUBE_API_KEY_SECRET_ID: 'arn:secret',
    COMPLYCUBE_CALL_TIMEOUT_MS: '25000',
    CLAIMS_BUCKET: 'claims',
    CLOCK_SKEW_MS: '60000',
    COMPLYCUBE_LISTING_DELAY_MS: '15000',
    DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
    EVENT_BUS_NAME: 'default',
    AWS_LAMBDA_FUNCTION_NAME: 'upload',
    PHOTO_BUCKET: photoLocation.bucket,
    PHOTO_DEADLINE_MS: '60000',
    REFUSAL_REJECTED_AFTER_MS: '3600000',
    UNKNOWN_CLIENT_REJECTED_AFTER_MS: '300000',
    COMPLYCUBE_BASE_URL: `${complyCube.url}/v1`,
    COMPLYCUBE_REQUESTS_PER_SECOND: '1000',
    UPLOAD_QUEUE_URL: uploadQueueUrl,
  });
  const { handler } = await import('../../lambda/handler');
  invoke = async (event, remainingMs) => (await handler(event, lambdaContext(remainingMs))) as SQSBatchResponse;
});
afterAll(() => complyCube.close());

beforeEach(() => {
  for (const mock of [s3, secretsManager, sqs, eventBridge]) {
    mock.reset();
    mock.rejects(new Error('unplanned call'));
  }
  photoIs(jpeg);
  claimsBucket = new ClaimsBucket(s3, 'claims');
  s3.on(GetObjectTaggingCommand).resolves({ TagSet: [] });
  s3.on(PutObjectTaggingCommand).resolves({});
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString: 'test_abc' });
  sqs.on(ChangeMessageVisibilityBatchCommand).resolves({ Successful: [], Failed: [] });
  sqs.on(SendMessageCommand).resolves({});
  eventBridge.on(PutEventsCommand).resolves({ FailedEntryCount: 0 });
  complyCube.requests.length = 0;
  complyCube.replyWith(accepted);
  logLines = [];
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    logLines.push(String(chunk));
    return true;
  });
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

export const livePhotoId = '5eb1b5f231778a0008d1c3f6';
/** Has the object carry these tags. */
export const tagsAre = (tags: Readonly<Record<string, string>>, options: Parameters<typeof s3Photo>[1] = {}) => {
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  photoIs(jpeg, { tagCount: TagSet.length, ...options });
  s3.on(GetObjectTaggingCommand).resolves({ TagSet });
};
/** Tags of others, as many. */
export const othersTags = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`tag-${at}`, '']));
export const photoIs = (bytes: Buffer, options: Parameters<typeof s3Photo>[1] = {}) =>
  s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).callsFake(() => s3Photo(bytes, { metadata, ...options }));
/** Sends one message with the photo's event. */
export const invokeOne = (body = s3Body(), receives = 1) => invoke(sqsEvent(sqsRecord('m1', body, receives)));
export const writtenTags = () =>
  s3
    .commandCalls(PutObjectTaggingCommand)
    .map(({ args: [{ input }] }) =>
      Object.fromEntries((input.Tagging?.TagSet ?? []).map(({ Key = '', Value }) => [Key, Value])),
    );
/** The visibility timeouts that were set, in seconds: one list for each request. */
export const waits = () =>
  sqs
    .commandCalls(ChangeMessageVisibilityBatchCommand)
    .map(({ args: [{ input }] }) => (input.Entries ?? []).map(({ VisibilityTimeout }) => VisibilityTimeout));
/** What was sent to the dead-letter queue. */
export const deadLetters = () =>
  sqs.commandCalls(SendMessageCommand).map(({ args: [{ input }] }) => ({
    body: input.MessageBody,
    reason: input.MessageAttributes?.['DeadLetterReason']?.StringValue,
  }));
/** The photo's claim as it is now. */
export const claim = () => claimsBucket.record(claimKey(photoLocation));
/** Makes another delivery's claim, whose lease ends `leaseMs` from now. */
export const claimExists = (leaseMs: number, more: Partial<ClaimRecord> = {}) => {
  const { bucket, key, versionId, eTag } = photoLocation;
  claimsBucket.set(claimKey(photoLocation), {
    ...{ bucket, key, versionId, eTag },
    claimedAt: new Date(Date.now() - 60_000).toISOString(),
    leaseUntil: new Date(Date.now() + leaseMs).toISOString(),
    attempt: 1,
    holder: 'another',
    ...more,
  });
};
/** What was published: type and detail. */
export const published = () =>
  eventBridge.commandCalls(PutEventsCommand).flatMap(({ args: [{ input }] }) =>
    (input.Entries ?? []).map(({ DetailType, Detail = '' }) => ({
      type: DetailType,
      ...(JSON.parse(Detail) as Record<string, unknown>),
    })),
  );
/** The photos' log lines. */
export const photoLines = () =>
  logLines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => 'key' in line);
export const acknowledged = { batchItemFailures: [] };
export const retried = { batchItemFailures: [{ itemIdentifier: 'm1' }] };
