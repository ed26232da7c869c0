import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import { ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { photoMessage } from '../cli/photos/photo-message';
import { deadLetterReasonAttribute, type ErasureReasonCode } from '../contract/dead-letter-reasons';
import { erasureMessage } from '../contract/erasure-message';
import { objectHash } from '../contract/object-hash';
import type { ObjectVersion } from '../contract/object-version';
import { tagNames } from '../contract/outcome-tags';
import { metadataNames } from '../contract/photo-rules';
import { readLogLine } from '../local/pipeline/log-line';
import { type PhotoResult, readTags } from '../local/start/photo-run';
import { expectEmptyQueues } from './empty-queues';
import { countLivePhotos, hasLivePhoto } from './live-photo-check';
import { runAsOperator } from './operator-command';
import { type DeployedStack, deployStack, type ProofDeps, queuesOf, readOutput } from './proof';
import { createSession, deleteRole, isDenied, type Session, untilAllowed } from './session';
import { findStackId } from './stack-record';
import { CheckError } from './steps';

/** An uploaded photo to erase. */
interface Uploaded extends ObjectVersion {
  readonly livePhotoId: string;
  readonly clientId: string;
}

/** The roles of the proof. Both may do what an operator does. The stack names only the operator. */
interface Roles {
  readonly operator: Session;
  readonly stranger: Session;
}

/** An erasure waits until the lease of the photo's upload ends. */
const timeoutMs = 240_000;
const pollMs = 1_000;

/**
 * Checks erasures: a stack without operators refuses them, only an operator may send them afterwards, the live photo is gone at
 * ComplyCube, there is evidence, and a late event does not bring the photo back.
 * @returns the names of the roles that were created.
 */
export async function proveErasure(
  deps: ProofDeps,
  { outputs, logGroups }: DeployedStack,
  results: readonly PhotoResult[],
): Promise<readonly string[]> {
  const { steps, stack, clients } = deps;
  const roleNames = ['operator', 'stranger'].map((name) => `${stack.name}-${name}`);
  const roles = await steps.run('create two roles', () => createRoles(deps, roleNames));
  const photos = await steps.run('photos to erase', async () => {
    const [refused, erased] = await findUploaded(deps, outputs, results);
    if (refused === undefined || erased === undefined) throw new CheckError('two photos must be uploaded');
    return { result: 'two are uploaded', value: { refused, erased } };
  });
  if (roles === undefined || photos === undefined) return roleNames;
  const { operator, stranger } = roles;
  const uploadQueue = readOutput(outputs, 'UploadQueueUrl');

  await steps.run('erasure without operators', async () => {
    await untilAllowed(() => send(erasureOf(photos.refused), uploadQueue, deps.sqsOf(stranger.credentials)));
    await expectDeadLetter('operators-not-named', readOutput(outputs, 'DeadLetterQueueUrl'), clients.sqs);
    if (!(await hasLivePhoto(photos.refused.livePhotoId, deps.complyCube))) throw new CheckError('it is erased');
    return { result: 'dead-lettered with operators-not-named, and the live photo exists', value: undefined };
  });
  stack.addSettings({ operatorRoleArns: operator.roleArn });
  await steps.run('deploy with an operator', () => deployStack(deps));
  await steps.run('erasure by another role', async () => {
    await expectDenied(() => send(erasureOf(photos.refused), uploadQueue, deps.sqsOf(stranger.credentials)));
    return { result: 'SQS denies sending it', value: undefined };
  });
  await steps.run('redrive the erasure', async () => {
    await asOperator(['redrive', 'dead-letters', '--reason', 'operators-not-named', '--yes']);
    return { result: await expectErased(photos.refused, deps), value: undefined };
  });
  await steps.run('erase', async () => {
    await asOperator(['erase', photos.erased.key, '--yes']);
    return { result: await expectErased(photos.erased, deps), value: undefined };
  });
  await steps.run('evidence', async () => {
    const rows = (await asOperator(['report', '--erasures', '--json'])).trim().split('\n');
    checkEvidence(
      rows.map((row) => JSON.parse(row) as Readonly<Record<string, string>>),
      [photos.refused, photos.erased],
      operator,
    );
    return { result: `2 records, requested by ${operator.senderId}`, value: undefined };
  });
  await steps.run('late event', async () => {
    const before = await countLivePhotos(photos.erased.clientId, deps.complyCube);
    const event = { ...photos.erased, isCopy: false, eventTime: new Date().toISOString() };
    const body = photoMessage(event, { command: 'backfill', nowMs: Date.now() });
    await send(body, uploadQueue, deps.sqsOf(operator.credentials));
    await until('the function does not skip it', () => isSkipped(photos.erased, deps, logGroups));
    if ((await countLivePhotos(photos.erased.clientId, deps.complyCube)) !== before)
      throw new CheckError('the photo is uploaded again');
    return { result: 'skipped, and no live photo was created', value: undefined };
  });
  await steps.run('queues after erasures', async () => {
    await expectEmptyQueues(clients.sqs, queuesOf(outputs));
    return { result: 'both empty', value: undefined };
  });
  return roleNames;

  function asOperator(words: readonly string[]): Promise<string> {
    return runAsOperator(words, operator, stack.name);
  }
}

/** Deletes the roles, also those of a run that was interrupted. */
export async function deleteRoles({ steps, clients }: ProofDeps, roleNames: readonly string[]): Promise<void> {
  await steps.cleanUp('delete the roles', async () => {
    for (const name of roleNames) await deleteRole(clients.iam, name);
    return { result: 'done', value: undefined };
  });
}

async function createRoles({ stack, clients }: ProofDeps, [operator = '', stranger = '']: readonly string[]) {
  const stackId = await findStackId(clients.cloudFormation, stack.name);
  if (stackId === undefined) throw new CheckError('no stack exists');
  const value: Roles = {
    operator: await createSession(operator, stackId, clients),
    stranger: await createSession(stranger, stackId, clients),
  };
  return { result: 'both with the permissions of an operator', value };
}

/** Finds two photos that were uploaded. */
async function findUploaded(
  { clients }: ProofDeps,
  outputs: DeployedStack['outputs'],
  results: readonly PhotoResult[],
): Promise<Uploaded[]> {
  const bucket = readOutput(outputs, 'PhotoBucketName');
  const uploaded = results.filter(({ livePhotoId }) => livePhotoId !== undefined).slice(0, 2);
  return Promise.all(
    uploaded.map(async ({ key, livePhotoId = '' }) => {
      const {
        VersionId,
        ETag = '',
        Metadata = {},
      } = await clients.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      const clientId = Metadata[metadataNames.clientId] ?? '';
      return { bucket, key, versionId: VersionId, eTag: ETag.replaceAll('"', ''), livePhotoId, clientId };
    }),
  );
}

function erasureOf({ bucket, key, versionId, eTag }: Uploaded): string {
  const requestedAt = new Date().toISOString();
  return erasureMessage({ bucket, key, versionId, eTag, requestId: randomUUID(), requestedAt });
}

async function send(body: string, queueUrl: string, sqs: SQSClient): Promise<void> {
  await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
}

/** Looks at the message without hiding it. */
async function expectDeadLetter(reason: ErasureReasonCode, queueUrl: string, sqs: SQSClient): Promise<void> {
  const command = new ReceiveMessageCommand({
    ...{ QueueUrl: queueUrl, VisibilityTimeout: 0, WaitTimeSeconds: 1 },
    MessageAttributeNames: [deadLetterReasonAttribute],
  });
  await until(`no message is dead-lettered with ${reason}`, async () => {
    const { Messages: [message] = [] } = await sqs.send(command);
    return message?.MessageAttributes?.[deadLetterReasonAttribute]?.StringValue === reason;
  });
}

/** @throws CheckError unless AWS denies the call. */
async function expectDenied(call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (isDenied(error)) return;
    throw error;
  }
  throw new CheckError('the call was allowed');
}

async function expectErased(photo: Uploaded, { clients, complyCube }: ProofDeps): Promise<string> {
  const { bucket, key, versionId, livePhotoId } = photo;
  await until('the version is not tagged as erased', async () => {
    const tags = await readTags(key, versionId, { s3: clients.s3, bucket });
    return tags.get(tagNames.status) === 'erased' && !tags.has(tagNames.livePhotoId);
  });
  if (await hasLivePhoto(livePhotoId, complyCube)) throw new CheckError('ComplyCube still has the live photo');
  return 'tagged as erased, and ComplyCube has no such live photo';
}

function checkEvidence(
  rows: readonly Readonly<Record<string, string>>[],
  photos: readonly Uploaded[],
  { senderId }: Session,
): void {
  const described = (row: Readonly<Record<string, string | undefined>>): string =>
    ['bucket', 'key_hash', 'version', 'outcome', 'status', 'requested_by'].map((name) => row[name]).join(' ');
  const expected = photos.map((photo) =>
    described({
      ...{ bucket: photo.bucket, key_hash: objectHash(photo), version: photo.versionId },
      ...{ outcome: 'deleted', status: '204', requested_by: senderId },
    }),
  );
  const found = rows.map(described);
  if (found.sort().join('\n') !== expected.sort().join('\n')) {
    throw new CheckError(`the evidence is:\n${found.join('\n')}\ninstead of:\n${expected.join('\n')}`);
  }
}

async function isSkipped(
  { key, versionId }: Uploaded,
  { clients }: ProofDeps,
  logGroups: readonly string[],
): Promise<boolean> {
  for (const logGroupName of logGroups) {
    for await (const { events = [] } of paginateFilterLogEvents({ client: clients.logs }, { logGroupName })) {
      const lines = events.map(({ message = '' }) => readLogLine(message.trimEnd()) ?? {});
      if (lines.some((line) => line['status'] === 'skipped' && line['key'] === key && line['versionId'] === versionId))
        return true;
    }
  }
  return false;
}

/** @throws CheckError with the problem if the condition is not true in time. */
async function until(problem: string, isTrue: () => Promise<boolean>): Promise<void> {
  const endsAt = performance.now() + timeoutMs;
  while (!(await isTrue())) {
    if (performance.now() > endsAt) throw new CheckError(problem);
    await sleep(pollMs);
  }
}
