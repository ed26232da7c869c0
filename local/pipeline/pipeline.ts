import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentNames } from '../../contract/environment';
import { readEnvironment } from '../../lambda/read-environment';
import type { AwsJsonFaults } from 'local-aws/aws-json-protocol';
import { deployLocally, type LocalDeployment, type LocalServers } from './deploy';
import { type LocalEventBridge, type LocalEventBridgeOptions, startEventBridge } from 'local-aws/eventbridge/server';
import { compileRuntime } from 'local-aws/lambda/compile-runtime';
import { EnvironmentPool } from 'local-aws/lambda/environment-pool';
import { EventSource } from 'local-aws/lambda/event-source';
import {
  type ExecutionEnvironmentOptions,
  InvocationError,
  type LocalFunction,
} from 'local-aws/lambda/execution-environment';
import type { InvocationReport } from 'local-aws/lambda/invocation-report';
import { speedUpWaits } from './speed-up-waits';
import { type LocalS3Options, startS3 } from 'local-aws/s3/server';
import { startSecretsManager } from 'local-aws/secrets-manager/server';
import { type LocalSqsOptions, startSqs } from 'local-aws/sqs/server';
import { synthesize, type SynthesizedStack } from './synthesize';
import { localAccount } from './template';

/** The start of the function's access key ID. The rest is random. */
export const functionAccessKeyPrefix = 'function-';

/** The local servers accept any credentials. Only the signature of a presigned POST must be made with these. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/** Options of {@link startPipeline}. */
export interface PipelineOptions {
  /** Default: synthesized with `settings`. */
  readonly stack?: SynthesizedStack;
  /** Settings of the stack, as in `cdk deploy -c name=value`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly complyCube: ComplyCubeAccess;
  /** Factor by which the waits in the queue and the function's own waits are shortened. Default: 1, real time. */
  readonly waitSpeed?: number;
  /** Minimum of a wait in the queue after `waitSpeed` was applied, in milliseconds. Default: 0. */
  readonly leastWaitMs?: number;
  /** The program that runs the function, and its Node. Default: local-aws's own runtime on this process's Node. */
  readonly runtime?: Pick<ExecutionEnvironmentOptions, 'runtimePath' | 'nodePath'>;
  /** Environment variables of the function that override the stack's. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Faults of S3. Default: none. */
  readonly s3?: Pick<LocalS3Options, 'fault' | 'faultAfter' | 'ignoresConditions'>;
  /** Faults of the other services. Default: none. */
  readonly sqs?: Pick<LocalSqsOptions, 'fault' | 'faultAfter' | 'receiveLimit'>;
  readonly secretsManager?: AwsJsonFaults;
  readonly eventBridge?: Omit<LocalEventBridgeOptions, 'port'>;
  /** Called with each S3 event and a function that sends it to the queue. Default: sends it once, immediately. */
  readonly onNotification?: (body: string, send: SendNotification) => void;
  /** Called with each line that the function logs. */
  readonly onLogLine?: (line: string) => void;
  /** Called with each failed invocation. */
  readonly onError?: (error: Error) => void;
  /** Called with Lambda's report of each invocation. */
  readonly onReport?: (report: InvocationReport) => void;
  /** Whether Lambda throttles the function now. Default: never. */
  readonly isThrottled?: () => boolean;
  /** Called for each execution environment. Returns how far its clock is ahead, in milliseconds. Default: 0. */
  readonly clockShiftMs?: () => number;
}

/** Sends an S3 event to the queue. `body` replaces the event. */
export type SendNotification = (body?: string) => void;

/** Minimum visibility timeout, in real time: the function's work is not sped up. */
const leastWorkMs = 10_000;

/** The ComplyCube API that the function calls. */
export interface ComplyCubeAccess {
  /** Such as `https://api.complycube.com/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  /** The account's limit. Default: the stack's setting. */
  readonly requestsPerSecond?: number;
}

/** The local servers of a pipeline. */
export interface PipelineServers extends LocalServers {
  readonly eventBridge: LocalEventBridge;
}

/** A pipeline that runs on this machine. */
export interface LocalPipeline extends PipelineServers {
  readonly deployment: LocalDeployment;
  /** The event source mapping, which can be disabled and enabled. */
  readonly eventSource: EventSource;
  /** The function with all its environment variables. */
  readonly function: LocalFunction;
  /** Invokes the function. @throws InvocationError if the invocation fails. */
  readonly invoke: (event: unknown) => Promise<unknown>;
  /** Environment variables that make AWS SDKs and the `aws` command use the local servers. */
  readonly awsVariables: Readonly<Record<string, string>>;
  /** Process IDs of the function's execution environments. */
  readonly functionProcessIds: readonly number[];
  /** Waits for running invocations, then stops everything. */
  stop(): Promise<void>;
}

/** An S3 client for a pipeline's buckets. */
export function connectToS3({ s3 }: Pick<LocalPipeline, 's3'>): S3Client {
  const { region } = localAccount;
  return new S3Client({ region, endpoint: s3.url, forcePathStyle: true, credentials: localCredentials });
}

/** As often with SQS, a receive returns fewer messages than it asks for, although more are ready. */
export function receivesFewer(asked: number): number {
  return 1 + Math.floor(Math.random() * asked);
}

/** How many messages the upload queue contains, hidden ones included. */
export function countQueued({ sqs, deployment }: LocalPipeline): number {
  const { ready, inFlight, delayed } = sqs.depth(deployment.eventSource.queueArn);
  return ready + inFlight + delayed;
}

/**
 * Synthesizes the stack, starts local servers, deploys the stack to them and starts to poll the queue.
 * @throws EnvironmentError if the function would refuse its environment variables. Everything that was started is stopped.
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
  const { complyCube, onReport, isThrottled } = options;
  const { onLogLine = () => undefined, onError = () => undefined, clockShiftMs } = options;
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-'));
  endWith(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  // Nobody else knows the function's access key, so nobody else can read the API key from the local Secrets Manager.
  const functionAccessKeyId = `${functionAccessKeyPrefix}${randomBytes(16).toString('hex')}`;
  const servers = await startServers(options, functionAccessKeyId, endWith);
  const { s3, sqs, secretsManager, eventBridge } = servers;
  const stack = options.stack ?? synthesize(join(folder, 'cdk.out'), options.settings);
  const deployment = await deployLocally(stack, servers);
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
    AWS_ACCESS_KEY_ID: functionAccessKeyId,
    ...overrides(deployment, complyCube),
    ...options.variables,
  };
  // Fails here, once, if the function would refuse its environment variables at each invocation.
  const { apiKeySecretId } = readEnvironment({ ...variables, AWS_LAMBDA_FUNCTION_NAME: deployment.function.name });
  secretsManager.putSecretValue(apiKeySecretId, complyCube.apiKey);

  const runtime = options.runtime ?? { runtimePath: compileRuntime(folder) };
  const localFunction = { ...deployment.function, variables };
  const environments = new EnvironmentPool(localFunction, { ...runtime, onLogLine, onReport, clockShiftMs });
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
      // The messages reappear after their visibility timeout.
      onReport?.({ functionName: deployment.function.name, outcome: 'throttled', durationMs: undefined });
      return Promise.reject(new InvocationError('the account has no concurrency left for the function'));
    },
    onError,
  });
  endWith(() => eventSource.disable());

  return {
    ...servers,
    deployment,
    eventSource,
    function: localFunction,
    invoke: (event) => environments.invoke(event),
    awsVariables,
    get functionProcessIds() {
      return environments.processIds;
    },
    stop,
  };
}

async function startServers(
  options: PipelineOptions,
  readerAccessKeyId: string,
  endWith: EndWith,
): Promise<PipelineServers> {
  const { waitSpeed = 1, leastWaitMs = 0, onNotification } = options;
  const sqs = await startSqs({ ...localAccount, ...options.sqs, waitSpeed, leastWaitMs, leastWorkMs });
  endWith(() => sqs.close());
  const secretsManager = await startSecretsManager({ ...localAccount, ...options.secretsManager, readerAccessKeyId });
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

/** Environment variables that differ from those of a deployed function. */
function overrides({ eventSource }: LocalDeployment, complyCube: ComplyCubeAccess): Record<string, string> {
  const { baseUrl, requestsPerSecond } = complyCube;
  const rate = requestsPerSecond === undefined ? undefined : Math.floor(requestsPerSecond / eventSource.maxConcurrency);
  return {
    [environmentNames.complyCubeBaseUrl]: baseUrl,
    ...(rate !== undefined && { [environmentNames.requestsPerSecond]: String(rate) }),
    // This machine's Node may be older than the deployed function's.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
