/**
 * The handler as it is deployed, over mocked AWS clients and a scripted ComplyCube on loopback. Whoever imports this has both set up
 * anew before each test: one good photo, whose every call succeeds.
 */
import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ChangeMessageVisibilityCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, afterEach, beforeAll, beforeEach, jest } from '@jest/globals';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { makeJpeg } from '../../local/sample-photos/jpeg';
import { makePng } from '../../local/sample-photos/png';
import type { ClaimRecord } from '../../lambda/claims';
import { lambdaContext, photoLocation, s3Body, sqsEvent, sqsRecord } from './events';
import { s3Failure, s3Photo } from './s3-answers';
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

export let complyCube: ScriptedServer;
export let invoke: (event: SQSEvent, remainingMs?: number) => Promise<SQSBatchResponse>;
export let logLines: string[];

beforeAll(async () => {
  complyCube = await startScriptedServer();
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-2',
    COMPLYCUBE_API_KEY_SECRET_ID: 'arn:secret',
    COMPLYCUBE_CALL_TIMEOUT_MS: '1000',
    CLAIM_LEASE_MS: '120000',
    CLAIMS_BUCKET: 'claims',
    EVENT_BUS_NAME: 'default',
    AWS_LAMBDA_FUNCTION_NAME: 'upload',
    COMPLYCUBE_BASE_URL: `${complyCube.url}/v1`,
    COMPLYCUBE_REQUESTS_PER_SECOND: '1000',
    UPLOAD_QUEUE_URL: 'https://sqs.eu-west-2.amazonaws.com/123456789012/uploads',
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
  s3.on(PutObjectCommand).resolves({ ETag: '"claim"' });
  s3.on(DeleteObjectCommand).resolves({});
  s3.on(GetObjectTaggingCommand).resolves({ TagSet: [] });
  s3.on(PutObjectTaggingCommand).resolves({});
  secretsManager.on(GetSecretValueCommand).resolves({ SecretString: 'test_abc' });
  sqs.on(ChangeMessageVisibilityCommand).resolves({});
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
  jest.restoreAllMocks();
});

export const photoIs = (bytes: Buffer, options: Parameters<typeof s3Photo>[1] = {}) =>
  s3.on(GetObjectCommand, { Bucket: photoLocation.bucket }).callsFake(() => s3Photo(bytes, { metadata, ...options }));
export const invokeOne = (body = s3Body(), receives = 1) => invoke(sqsEvent(sqsRecord('m1', body, receives)));
export const writtenTags = () =>
  s3
    .commandCalls(PutObjectTaggingCommand)
    .map(({ args: [{ input }] }) =>
      Object.fromEntries((input.Tagging?.TagSet ?? []).map(({ Key = '', Value }) => [Key, Value])),
    );
export const waits = () =>
  sqs.commandCalls(ChangeMessageVisibilityCommand).map(({ args: [{ input }] }) => input.VisibilityTimeout);
/** What was written to the claim after it was made: `released`, or the record as it was changed. */
export const claimChanges = () => [
  ...s3.commandCalls(DeleteObjectCommand).map(() => 'released'),
  ...s3
    .commandCalls(PutObjectCommand)
    .slice(1)
    .map(({ args: [{ input }] }) => JSON.parse(input.Body as string) as ClaimRecord),
];
/** Has another's claim stand, whose lease ends so many milliseconds from now. */
export const claimStands = (leaseMs: number, more: Partial<ClaimRecord> = {}) => {
  const record = {
    ...photoLocation,
    claimedAt: new Date(Date.now() - 60_000).toISOString(),
    leaseUntil: new Date(Date.now() + leaseMs).toISOString(),
    attempt: 1,
    holder: 'another',
    ...more,
  };
  s3.on(PutObjectCommand, { IfNoneMatch: '*' }).rejects(s3Failure(412, 'PreconditionFailed'));
  s3.on(GetObjectCommand, { Bucket: 'claims' }).callsFake(() => ({
    Body: { transformToString: () => Promise.resolve(JSON.stringify(record)) },
    ETag: '"other"',
  }));
};
/** What was published: type and detail. */
export const published = () =>
  eventBridge.commandCalls(PutEventsCommand).flatMap(({ args: [{ input }] }) =>
    (input.Entries ?? []).map(({ DetailType, Detail = '' }) => ({
      type: DetailType,
      ...(JSON.parse(Detail) as Record<string, unknown>),
    })),
  );
export const acknowledged = { batchItemFailures: [] };
export const kept = { batchItemFailures: [{ itemIdentifier: 'm1' }] };
