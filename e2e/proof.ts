import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { FunctionLog } from '../local/function-log';
import { type PhotoResult, type PhotoToPut, runPhotos } from '../local/photo-run';
import type { AwsClients } from './aws-clients';
import { expectEmptyQueues } from './empty-queues';
import { feedFunctionLog } from './function-log-feed';
import { removeBucket } from './remove-bucket';
import { findStackId, listResources, type RecordedResource } from './stack-record';
import type { StackUnderTest } from './stack-under-test';
import { CheckError, type StepReport, type Steps } from './steps';

/** What a proof works with. */
export interface ProofEdges {
  readonly stack: StackUnderTest;
  readonly clients: AwsClients;
  readonly steps: Steps;
  readonly apiKey: string;
  readonly photos: readonly PhotoToPut[];
  /** Told of each photo as soon as it has ended. */
  readonly onResult: (result: PhotoResult) => void;
  /** Once aborted, photos that have not ended are given up. */
  readonly interruption: AbortSignal;
  /** How long the photos may take together. */
  readonly patienceMs: number;
  /** How often to look into the function's log. */
  readonly logIntervalMs: number;
}

/** The stack as it stands. */
interface Standing {
  readonly outputs: Readonly<Record<string, string>>;
  readonly logGroups: readonly string[];
}

/**
 * Deploys the stack, and checks that it does what it is for and that nothing changes when it is deployed again.
 * @returns what became of the photos; empty when none were put.
 */
export async function proveDeployment(edges: ProofEdges): Promise<readonly PhotoResult[]> {
  const { steps, stack, clients, apiKey } = edges;
  let results: readonly PhotoResult[] = [];
  await steps.take('bootstrap', () => bootstrapWhereNeeded(edges));
  const standing = await steps.take('deploy', () => deployAnew(edges));
  if (standing === undefined) return results;
  const { outputs } = standing;
  await steps.take('set the API key', async () => {
    const secretId = readOutput(outputs, 'ApiKeySecretId');
    await clients.secretsManager.send(new PutSecretValueCommand({ SecretId: secretId, SecretString: apiKey }));
    return { result: 'done', value: undefined };
  });
  await steps.take('photos', async () => {
    results = await sendPhotos(edges, standing);
    const wrong = results.filter(({ isAsExpected }) => !isAsExpected).length;
    if (wrong > 0) throw new CheckError(`${wrong} of ${results.length} did not end as they must`);
    return { result: `all ${results.length} ended as they must`, value: undefined };
  });
  await steps.take('queues', async () => {
    const queueUrls = {
      'the upload queue': readOutput(outputs, 'UploadQueueUrl'),
      'the dead-letter queue': readOutput(outputs, 'DeadLetterQueueUrl'),
    };
    await expectEmptyQueues(clients.sqs, queueUrls);
    return { result: 'both empty', value: undefined };
  });
  await steps.take('deploy again', async () => {
    const { isChanged } = await stack.deploy();
    if (isChanged) throw new CheckError('something changed, without a change');
    return { result: 'no changes', value: undefined };
  });
  return results;
}

/** Destroys the stack and what it keeps, and checks that this is nothing but buckets. */
export async function proveDestruction({ steps, stack, clients: { cloudFormation, s3 } }: ProofEdges): Promise<void> {
  const stackId = await steps.cleanUp('destroy', async () => {
    const id = await findStackId(cloudFormation, stack.name);
    if (id === undefined) return { result: 'there is no stack', value: undefined };
    await stack.destroy();
    return { result: 'done', value: id };
  });
  if (stackId === undefined) return;
  await steps.cleanUp('what remains', async () => {
    const remaining = (await listResources(cloudFormation, stackId)).filter(
      ({ status }) => status !== 'DELETE_COMPLETE',
    );
    const [buckets, others] = [remaining.filter(isBucket), remaining.filter((resource) => !isBucket(resource))];
    for (const { physicalId } of buckets) await removeBucket(s3, physicalId);
    if (others.length > 0) throw new CheckError(others.map(({ type, status }) => `${type} ${status}`).join(', '));
    return { result: `${buckets.length} buckets, as it must; now they are removed`, value: undefined };
  });
}

function isBucket({ type }: RecordedResource): boolean {
  return type === 'AWS::S3::Bucket';
}

async function bootstrapWhereNeeded({ stack, clients }: ProofEdges): Promise<StepReport<undefined>> {
  const standing = await findStackId(clients.cloudFormation, 'CDKToolkit');
  if (standing !== undefined) return { result: 'was done before', value: undefined };
  await stack.bootstrap();
  return { result: 'done', value: undefined };
}

async function deployAnew({ stack, clients: { cloudFormation } }: ProofEdges): Promise<StepReport<Standing>> {
  const { outputs } = await stack.deploy();
  const resources = await listResources(cloudFormation, stack.name);
  const leftOut =
    stack.typesLeftOut.length === 0 ? '' : `; the emulator does not have ${stack.typesLeftOut.join(', ')}`;
  return {
    result: `${resources.length} resources${leftOut}`,
    value: {
      outputs,
      logGroups: resources.filter(({ type }) => type === 'AWS::Logs::LogGroup').map(({ physicalId }) => physicalId),
    },
  };
}

/** Puts the photos and waits for their tags, with the function's log as the sign that they are written. */
async function sendPhotos(edges: ProofEdges, { outputs, logGroups }: Standing): Promise<PhotoResult[]> {
  const log = new FunctionLog();
  const givenUp = new AbortController();
  const giveUp = (): void => {
    givenUp.abort();
  };
  const timer = setTimeout(giveUp, edges.patienceMs);
  edges.interruption.addEventListener('abort', giveUp);
  const { signal } = givenUp;
  const feed = feedFunctionLog(edges.clients.logs, log, { logGroups, everyMs: edges.logIntervalMs, signal });
  const photos = runPhotos(edges.photos, {
    s3: edges.clients.s3,
    bucket: readOutput(outputs, 'PhotoBucketName'),
    log,
    onResult: edges.onResult,
    signal,
  }).finally(() => {
    clearTimeout(timer);
    giveUp();
  });
  const [results] = await Promise.all([photos, feed]);
  return results;
}

function readOutput(outputs: Readonly<Record<string, string>>, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new CheckError(`The stack has no output ${name}`);
  return value;
}
