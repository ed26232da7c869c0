import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CommandError } from '../command-error';
import type { StackChoice } from '../command-line';
import { type FindLastErrors, findInCloudWatch, findLocally } from '../redrive/function-errors';
import { findStack, readOutputs, type Stack } from './stack';

/** A stack, and the clients to reach it. */
export interface StackAccess {
  readonly stack: Stack;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly secretsManager: SecretsManagerClient;
  readonly lambda: LambdaClient;
  /** Undefined for the stack of this machine, which has no such service. */
  readonly onAws: { readonly iam: IAMClient; readonly eventBridge: EventBridgeClient } | undefined;
  /** @param logGroup of the function; the stack of this machine has none. */
  readonly lastErrorsIn: (logGroup: string | undefined) => FindLastErrors;
}

/** What `npm start -- --serve` tells of the pipeline that it runs. */
export interface StackDescription {
  readonly name: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** As the deployed stack's outputs are named. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Where each service's API is. */
  readonly endpoints: Readonly<Record<'s3' | 'sqs' | 'secretsManager' | 'lambda', string>>;
}

/** Finds the stack that was chosen. @throws CommandError when it is not there. */
export async function accessStack(
  choice: StackChoice,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<StackAccess> {
  return 'localUrl' in choice ? accessLocally(choice.localUrl) : accessOnAws(choice.stackName, variables);
}

async function accessOnAws(
  name: string,
  variables: Readonly<Record<string, string | undefined>>,
): Promise<StackAccess> {
  // Emulators do not answer on a host name for each bucket, and may name queues as AWS does.
  const isEmulator = (variables['AWS_ENDPOINT_URL'] ?? '') !== '';
  const logs = new CloudWatchLogsClient();
  return {
    stack: await findStack(name, new CloudFormationClient()),
    s3: new S3Client({ forcePathStyle: isEmulator }),
    sqs: new SQSClient({ useQueueUrlAsEndpoint: !isEmulator }),
    secretsManager: new SecretsManagerClient(),
    lambda: new LambdaClient(),
    onAws: { iam: new IAMClient(), eventBridge: new EventBridgeClient() },
    lastErrorsIn: (logGroup) => {
      if (logGroup === undefined) throw new CommandError('The function names no log group: deploy the stack anew');
      return findInCloudWatch(logs, logGroup, Date.now());
    },
  };
}

async function accessLocally(localUrl: string): Promise<StackAccess> {
  const { name, region, credentials, outputs, endpoints } = await readDescription(localUrl);
  const common = { region, credentials };
  return {
    stack: { ...readOutputs(name, (output) => outputs[output]), status: undefined, ruleNames: [] },
    s3: new S3Client({ ...common, endpoint: endpoints.s3, forcePathStyle: true }),
    sqs: new SQSClient({ ...common, endpoint: endpoints.sqs }),
    secretsManager: new SecretsManagerClient({ ...common, endpoint: endpoints.secretsManager }),
    lambda: new LambdaClient({ ...common, endpoint: endpoints.lambda }),
    onAws: undefined,
    lastErrorsIn: () => findLocally(localUrl),
  };
}

async function readDescription(localUrl: string): Promise<StackDescription> {
  try {
    const description: unknown = await (await fetch(localUrl)).json();
    if (typeof description === 'object' && description !== null && 'endpoints' in description) {
      return description as StackDescription;
    }
  } catch (cause) {
    throw new CommandError(`Nothing answers at ${localUrl}: is \`npm start -- --serve\` running?`, { cause });
  }
  throw new CommandError(`${localUrl} is no stack: give the URL behind --local that \`npm start -- --serve\` prints`);
}
