import { SQSClient } from '@aws-sdk/client-sqs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../bin/live-photos';
import { environmentNames } from '../../contract/environment';
import { readEnvironment } from '../../lambda/read-environment';
import type { AwsJsonFaults } from 'local-aws/aws-json-protocol';
import { deployLocally, type LocalDeployment, type LocalServers } from './deploy';
import { type LocalEventBridge, type LocalEventBridgeOptions, startEventBridge } from 'local-aws/eventbridge/server';
import { compileRuntime } from 'local-aws/lambda/compile-runtime';
import { EnvironmentPool } from 'local-aws/lambda/environment-pool';
import { EventSource } from 'local-aws/lambda/event-source';
import { InvocationError, type LocalFunction } from 'local-aws/lambda/execution-environment';
import type { InvocationReport } from 'local-aws/lambda/invocation-report';
import { speedUpWaits } from './speed-up-waits';
import { type LocalS3Options, startS3 } from 'local-aws/s3/server';
import { startSecretsManager } from 'local-aws/secrets-manager/server';
import { startSqs } from 'local-aws/sqs/server';
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
  /** How many times faster the function's waits pass, in the queue and after an unknown outcome; default: 1, real time. */
  readonly waitSpeed?: number;
  /** No wait in the queue gets shorter than this by `waitSpeed`, in milliseconds; default: 0. */
  readonly leastWaitMs?: number;
  /** Environment variables of the function that replace the stack's. */
  readonly variables?: Readonly<Record<string, string>>;
  /** How S3 misbehaves; by default it doesn't. */
  readonly s3?: Pick<LocalS3Options, 'fault' | 'faultAfter' | 'ignoresConditions'>;
  /** How the other services misbehave; by default they don't. */
  readonly sqs?: AwsJsonFaults;
  readonly secretsManager?: AwsJsonFaults;
  readonly eventBridge?: Omit<LocalEventBridgeOptions, 'port'>;
  /** Called with each of S3's notifications and a function that sends it to the queue; default: it is sent once, at once. */
  readonly onNotification?: (body: string, send: SendNotification) => void;
  /** Called with each line that the function logs. */
  readonly onLogLine?: (line: string) => void;
  /** Called with each failed invocation. */
  readonly onError?: (error: Error) => void;
  /** Called with Lambda's measurements of each invocation. */
  readonly onReport?: (report: InvocationReport) => void;
  /** Whether the account has no concurrency left for the function now; by default it always has. */
  readonly isThrottled?: () => boolean;
  /** Called for each execution environment: how far its clock is ahead, in milliseconds; negative: behind. Default: 0. */
  readonly clockShiftMs?: () => number;
}

/** Sends a notification to the queue, or another body in its place. */
export type SendNotification = (body?: string) => void;

/** While the function works on a message, the message stays hidden: in real time, however fast waits pass. */
const leastWorkMs = 10_000;

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
  /** The function with the variables that it runs with. */
  readonly function: LocalFunction;
  /** Invokes the function with an event. @throws InvocationError when the invocation fails. */
  readonly invoke: (event: unknown) => Promise<unknown>;
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
  const { stack, uploadOrigins = [], complyCube, onReport, isThrottled } = options;
  const { onLogLine = () => undefined, onError = () => undefined, clockShiftMs } = options;
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
  const { waitSpeed = 1 } = options;
  const variables = {
    ...speedUpWaits(deployment.function.variables, waitSpeed),
    ...awsVariables,
    ...overrides(deployment, complyCube),
    ...options.variables,
  };
  // What the function refuses is refused here, once, and not by one failed invocation after another.
  const { apiKeySecretId } = readEnvironment({ ...variables, AWS_LAMBDA_FUNCTION_NAME: deployment.function.name });
  secretsManager.putSecretValue(apiKeySecretId, complyCube.apiKey);

  const runtimePath = compileRuntime(folder);
  const localFunction = { ...deployment.function, variables };
  const environments = new EnvironmentPool(localFunction, { runtimePath, onLogLine, onReport, clockShiftMs });
  endWith(() => environments.stop());
  const sqsClient = new SQSClient({ endpoint: sqs.url, region: localAccount.region, credentials: localCredentials });
  endWith(() => {
    sqsClient.destroy();
  });
  const eventSource = new EventSource(deployment.eventSource, {
    queueUrl: deployment.queueUrl,
    sqs: sqsClient,
    invoke: (event) => {
      if (isThrottled?.() !== true) return environments.invoke(event);
      // The messages come back when their visibility timeout is over.
      onReport?.({ functionName: deployment.function.name, outcome: 'throttled', durationMs: undefined });
      return Promise.reject(new InvocationError('the account has no concurrency left for the function'));
    },
    onError,
  });
  endWith(() => eventSource.stop());

  return {
    ...servers,
    deployment,
    function: localFunction,
    invoke: (event) => environments.invoke(event),
    awsVariables,
    get functionProcessIds() {
      return environments.processIds;
    },
    stop,
  };
}

async function startServers(options: PipelineOptions, endWith: EndWith): Promise<PipelineServers> {
  const { waitSpeed = 1, leastWaitMs = 0, onNotification } = options;
  const sqs = await startSqs({ ...localAccount, ...options.sqs, waitSpeed, leastWaitMs, leastWorkMs });
  endWith(() => sqs.close());
  const secretsManager = await startSecretsManager({ ...localAccount, ...options.secretsManager });
  endWith(() => secretsManager.close());
  const sendToQueue = (queueArn: string, body: string): Promise<void> => {
    const send = (sent = body): void => {
      sqs.send(queueArn, sent);
    };
    if (onNotification === undefined) send();
    else onNotification(body, send);
    return Promise.resolve();
  };
  const s3 = await startS3({ ...localAccount, ...options.s3, sendToQueue, accessKey: localCredentials });
  endWith(() => s3.close());
  const eventBridge = await startEventBridge(options.eventBridge);
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
