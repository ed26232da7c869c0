import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { inquire } from '../cli/stack/inquire';
import { FunctionLog } from '../local/start/function-log';
import { type PhotoResult, type PhotoToPut, runPhotos } from '../local/start/photo-run';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { AwsClients, RoleCredentials } from './aws-clients';
import { expectEmptyQueues } from './empty-queues';
import { feedFunctionLog } from './function-log-feed';
import type { ComplyCubeAccess } from './live-photo-check';
import { removeBucket } from './remove-bucket';
import { findStackId, listResources, type RecordedResource } from './stack-record';
import type { StackUnderTest } from './stack-under-test';
import { CheckError, type StepReport, type Steps } from './steps';

/** What a proof depends on. */
export interface ProofDeps {
  readonly stack: StackUnderTest;
  readonly clients: AwsClients;
  readonly steps: Steps;
  /** A client of SQS with the credentials of a session. */
  readonly sqsOf: (credentials: RoleCredentials) => SQSClient;
  readonly complyCube: ComplyCubeAccess;
  readonly photos: readonly PhotoToPut[];
  /** Called when a photo has its outcome. */
  readonly onResult: (result: PhotoResult) => void;
  /** When aborted, the run no longer waits for outcomes. */
  readonly interruption: AbortSignal;
  /** Time limit for all photos together. */
  readonly photosTimeoutMs: number;
  /** Interval between two reads of the function's log. */
  readonly logIntervalMs: number;
}

/** The deployed stack. */
export interface DeployedStack {
  readonly outputs: Readonly<Record<string, string>>;
  readonly logGroups: readonly string[];
}

/** The result of {@link proveDeployment}. */
export interface DeploymentProof {
  /** Empty if no photo was uploaded. */
  readonly results: readonly PhotoResult[];
  /** Undefined if the deployment failed. */
  readonly deployed: DeployedStack | undefined;
}

/** Deploys the stack, uploads photos, and checks their outcomes, the queues, and that a second deployment changes nothing. */
export async function proveDeployment(deps: ProofDeps): Promise<DeploymentProof> {
  const { steps, stack, clients, complyCube } = deps;
  let results: readonly PhotoResult[] = [];
  await steps.run('bootstrap', () => bootstrapOnce(deps));
  const deployed = await steps.run('deploy', () => deployStack(deps));
  if (deployed === undefined) return { results, deployed };
  const { outputs } = deployed;
  await steps.run('set the API key', async () => {
    const secretId = readOutput(outputs, 'ApiKeySecretId');
    await clients.secretsManager.send(
      new PutSecretValueCommand({ SecretId: secretId, SecretString: complyCube.apiKey }),
    );
    return { result: 'done', value: undefined };
  });
  await steps.run('read the API key', () => checkApiKey(deps, outputs));
  await steps.run('photos', () => checkPhotos(deps, deployed, (all) => (results = all)));
  await steps.run('queues', async () => {
    await expectEmptyQueues(clients.sqs, queuesOf(outputs));
    return { result: 'both empty', value: undefined };
  });
  await steps.run('deploy again', async () => {
    const { isChanged } = await stack.deploy();
    if (isChanged) throw new CheckError('the same template changed the stack');
    return { result: 'no changes', value: undefined };
  });
  return { results, deployed };
}

/** The URLs of the queues, by their names in sentences. */
export function queuesOf(outputs: DeployedStack['outputs']): Record<string, string> {
  return {
    'the upload queue': readOutput(outputs, 'UploadQueueUrl'),
    'the dead-letter queue': readOutput(outputs, 'DeadLetterQueueUrl'),
  };
}

/** Destroys the stack, checks that only buckets remain, and deletes them. */
export async function proveDestruction({ steps, stack, clients: { cloudFormation, s3 } }: ProofDeps): Promise<void> {
  const stackId = await steps.cleanUp('destroy', async () => {
    const id = await findStackId(cloudFormation, stack.name);
    if (id === undefined) return { result: 'no stack exists', value: undefined };
    await stack.destroy();
    return { result: 'done', value: id };
  });
  if (stackId === undefined) return;
  await steps.cleanUp('remaining', async () => {
    const remaining = (await listResources(cloudFormation, stackId)).filter(
      ({ status }) => status !== 'DELETE_COMPLETE',
    );
    const [buckets, others] = [remaining.filter(isBucket), remaining.filter((resource) => !isBucket(resource))];
    for (const { physicalId } of buckets) await removeBucket(s3, physicalId);
    if (others.length > 0) throw new CheckError(others.map(({ type, status }) => `${type} ${status}`).join(', '));
    return { result: `only ${buckets.length} buckets, which are now deleted`, value: undefined };
  });
}

function isBucket({ type }: RecordedResource): boolean {
  return type === 'AWS::S3::Bucket';
}

async function bootstrapOnce({ stack, clients }: ProofDeps): Promise<StepReport<undefined>> {
  const existing = await findStackId(clients.cloudFormation, 'CDKToolkit');
  if (existing !== undefined) return { result: 'already done', value: undefined };
  await stack.bootstrap();
  return { result: 'done', value: undefined };
}

export async function deployStack({
  stack,
  clients: { cloudFormation },
}: ProofDeps): Promise<StepReport<DeployedStack>> {
  const { outputs } = await stack.deploy();
  const resources = await listResources(cloudFormation, stack.name);
  const unsupported =
    stack.unsupportedTypes.length === 0 ? '' : `; not supported here: ${stack.unsupportedTypes.join(', ')}`;
  return {
    result: `${resources.length} resources${unsupported}`,
    value: {
      outputs,
      logGroups: resources.filter(({ type }) => type === 'AWS::Logs::LogGroup').map(({ physicalId }) => physicalId),
    },
  };
}

/** Checks that the function can read and decrypt the API key: it makes a call to ComplyCube. */
export async function checkApiKey(
  { clients: { lambda } }: ProofDeps,
  outputs: DeployedStack['outputs'],
): Promise<StepReport<undefined>> {
  const answer = await inquire(lambda, readOutput(outputs, 'FunctionName'), { inquiry: 'account' });
  if (answer.answer === 'accepted') return { result: 'ComplyCube accepts it', value: undefined };
  throw new CheckError(answer.answer === 'failed' ? answer.because : `ComplyCube answered ${answer.status}`);
}

/** Checks the photos' outcomes. @param onResults called with all results, before any of them fails the check. */
export async function checkPhotos(
  deps: ProofDeps,
  deployed: DeployedStack,
  onResults: (results: readonly PhotoResult[]) => void,
): Promise<StepReport<undefined>> {
  const results = await sendPhotos(deps, deployed);
  onResults(results);
  const wrong = results.filter(({ isAsExpected }) => !isAsExpected).length;
  if (wrong > 0) throw new CheckError(`${wrong} of ${results.length} have an unexpected outcome`);
  return { result: `all ${results.length} have the expected outcome`, value: undefined };
}

/** Uploads the photos and waits for their tags. The function's log shows when tags are written. */
async function sendPhotos(deps: ProofDeps, { outputs, logGroups }: DeployedStack): Promise<PhotoResult[]> {
  const log = new FunctionLog();
  const timeout = new AbortController();
  const stop = (): void => timeout.abort();
  const timer = setTimeout(stop, deps.photosTimeoutMs);
  deps.interruption.addEventListener('abort', stop);
  const { signal } = timeout;
  const feed = feedFunctionLog(deps.clients.logs, log, { logGroups, everyMs: deps.logIntervalMs, signal });
  const photos = runPhotos(deps.photos, {
    s3: deps.clients.s3,
    bucket: readOutput(outputs, 'PhotoBucketName'),
    log,
    onResult: deps.onResult,
    signal,
  }).finally(() => {
    clearTimeout(timer);
    stop();
  });
  const [results] = await Promise.all([photos, feed]);
  return results;
}

/** An output of the stack. @throws CheckError if it does not exist. */
export function readOutput(outputs: Readonly<Record<string, string>>, name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new CheckError(`The stack has no output ${name}`);
  return value;
}
