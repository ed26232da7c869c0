import { SQSClient } from '@aws-sdk/client-sqs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../bin/live-photos';
import { environmentNames, readEnvironment } from '../lambda/environment';
import { deployLocally, type LocalDeployment, type LocalServers } from './deploy';
import { type LocalEventBridge, startEventBridge } from './eventbridge/server';
import { compileRuntime } from './lambda/compile-runtime';
import { EnvironmentPool } from './lambda/environment-pool';
import { EventSource } from './lambda/event-source';
import { type LocalS3Options, startS3 } from './s3/server';
import { startSecretsManager } from './secrets-manager/server';
import { startSqs } from './sqs/server';
import { synthesize, type SynthesizedStack } from './synthesize';
import { localAccount } from './template';

/** The local servers take any, but for the policy of a form, which S3 verifies to be signed with these. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** How to run the pipeline on this machine. */
export interface PipelineOptions {
  /** Left out: synthesized now. */
  readonly stack?: SynthesizedStack;
  /** The stack's setting of that name, when it is synthesized now: origins whose pages may post photos. */
  readonly uploadOrigins?: readonly string[];
  readonly complyCube: ComplyCubeAccess;
  /** How many times faster the waits pass that the function asks for before a message comes back; 1 is real time. */
  readonly waitSpeed?: number;
  /** No such wait gets shorter than this by `waitSpeed`, in milliseconds; 0 unless given. */
  readonly leastWaitMs?: number;
  /** How S3 misbehaves; unless given, it doesn't. */
  readonly s3?: Pick<LocalS3Options, 'fault' | 'faultAfter' | 'ignoresConditions'>;
  /** Given each of S3's notifications and what sends it to the queue; unless given, it is sent once and at once. */
  readonly onNotification?: (body: string, send: () => void) => void;
  /** Takes each line that the function logs. */
  readonly onLogLine?: (line: string) => void;
  /** Told of each failed invocation. */
  readonly onError?: (error: Error) => void;
}

/** Which ComplyCube the function calls, and with what key. */
export interface ComplyCubeAccess {
  /** Such as `https://api.complycube.com/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Of the account; left out: as the stack has it. */
  readonly requestsPerSecond?: number;
}

/** The servers that a pipeline runs on. */
export interface PipelineServers extends LocalServers {
  readonly eventBridge: LocalEventBridge;
}

/** The pipeline as it runs on this machine. */
export interface LocalPipeline extends PipelineServers {
  readonly deployment: LocalDeployment;
  /** Environment variables by which an AWS SDK or the `aws` command finds the local servers. */
  readonly awsVariables: Readonly<Record<string, string>>;
  /** Processes of the function's execution environments. */
  readonly functionProcessIds: readonly number[];
  /** Waits for invocations under way, then ends everything. */
  stop(): Promise<void>;
}

/**
 * Synthesizes the stack, starts local servers, deploys the stack on them and starts to poll the queue.
 * @throws EnvironmentError when the function would refuse its variables, and what any step reports; whatever was started
 * by then is ended again.
 */
export async function startPipeline(options: PipelineOptions): Promise<LocalPipeline> {
  const endings: Ending[] = [];
  const stop = async (): Promise<void> => {
    for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end();
  };
  try {
    return await start(options, { endWith: (end) => endings.push(end), stop });
  } catch (error) {
    await stop();
    throw error;
  }
}

type Ending = () => unknown;
type EndWith = (end: Ending) => void;

async function start(
  options: PipelineOptions,
  { endWith, stop }: { readonly endWith: EndWith; readonly stop: () => Promise<void> },
): Promise<LocalPipeline> {
  const { stack, uploadOrigins = [], complyCube, onLogLine = () => undefined, onError = () => undefined } = options;
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-'));
  endWith(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const servers = await startServers(options, endWith);
  const { s3, sqs, secretsManager, eventBridge } = servers;
  const settings: Record<string, string> = uploadOrigins.length > 0 ? { uploadOrigins: uploadOrigins.join(',') } : {};
  const deployment = await deployLocally(stack ?? synthesize(join(folder, 'cdk.out'), createApp, settings), servers);
  const awsVariables = {
    AWS_REGION: localAccount.region,
    AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_SQS: sqs.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager.url,
    AWS_ENDPOINT_URL_EVENTBRIDGE: eventBridge.url,
  };
  const variables = { ...deployment.function.variables, ...awsVariables, ...overrides(deployment, complyCube) };
  // What the function refuses is refused here, once, and not by one failed invocation after another.
  const { apiKeySecretId } = readEnvironment({ ...variables, AWS_LAMBDA_FUNCTION_NAME: deployment.function.name });
  secretsManager.putSecretValue(apiKeySecretId, complyCube.apiKey);

  const runtimePath = compileRuntime(folder);
  const environments = new EnvironmentPool({ ...deployment.function, variables }, { runtimePath, onLogLine });
  endWith(() => environments.stop());
  const sqsClient = new SQSClient({ endpoint: sqs.url, region: localAccount.region, credentials: localCredentials });
  endWith(() => {
    sqsClient.destroy();
  });
  const eventSource = new EventSource(deployment.eventSource, {
    queueUrl: deployment.queueUrl,
    sqs: sqsClient,
    invoke: (event) => environments.invoke(event),
    onError,
  });
  endWith(() => eventSource.stop());

  return {
    ...servers,
    deployment,
    awsVariables,
    get functionProcessIds() {
      return environments.processIds;
    },
    stop,
  };
}

async function startServers(
  { waitSpeed = 1, leastWaitMs = 0, s3: misbehaviour, onNotification }: PipelineOptions,
  endWith: EndWith,
): Promise<PipelineServers> {
  const sqs = await startSqs({ ...localAccount, waitSpeed, leastWaitMs });
  endWith(() => sqs.close());
  const secretsManager = await startSecretsManager(localAccount);
  endWith(() => secretsManager.close());
  const sendToQueue = (queueArn: string, body: string): Promise<void> => {
    const send = (): void => {
      sqs.send(queueArn, body);
    };
    if (onNotification === undefined) send();
    else onNotification(body, send);
    return Promise.resolve();
  };
  const s3 = await startS3({ ...localAccount, ...misbehaviour, sendToQueue, accessKey: localCredentials });
  endWith(() => s3.close());
  const eventBridge = await startEventBridge();
  endWith(() => eventBridge.close());
  return { s3, sqs, secretsManager, eventBridge };
}

/** What differs from the deployed function's variables: where ComplyCube is. */
function overrides({ eventSource }: LocalDeployment, complyCube: ComplyCubeAccess): Record<string, string> {
  const { baseUrl, requestsPerSecond } = complyCube;
  const rate = requestsPerSecond === undefined ? undefined : Math.floor(requestsPerSecond / eventSource.maxConcurrency);
  return {
    [environmentNames.complyCubeBaseUrl]: baseUrl,
    ...(rate !== undefined && { [environmentNames.requestsPerSecond]: String(rate) }),
    // Node's age is this machine's matter: the deployed function runs on a newer one.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
