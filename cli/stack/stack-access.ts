import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { RequiredOutput, StackOutput } from '../../contract/stack-outputs';
import { CommandError } from '../command-error';
import type { StackChoice } from '../options';
import { type FindLastErrors, findInCloudWatch, findLocally } from '../redrive/function-errors';
import { findStack, readOutputs, type Stack } from './stack';

/** A stack, and clients for its services. */
export interface StackAccess {
  readonly stack: Stack;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly secretsManager: SecretsManagerClient;
  readonly lambda: LambdaClient;
  /** Undefined for the local pipeline, which has no such services. */
  readonly onAws:
    | {
        readonly iam: IAMClient;
        readonly eventBridge: EventBridgeClient;
        readonly cloudWatch: CloudWatchClient;
        readonly kms: KMSClient;
      }
    | undefined;
  /** @param logGroup of the function; undefined for the local pipeline. */
  readonly lastErrorsIn: (logGroup: string | undefined) => FindLastErrors;
}

/** What `npm start -- --serve` publishes about its pipeline. */
export interface StackDescription {
  readonly name: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** By the names of the deployed stack's outputs. */
  readonly outputs: Readonly<Record<RequiredOutput, string> & Partial<Record<StackOutput, string>>>;
  /** The URL of each service. */
  readonly endpoints: Readonly<Record<'s3' | 'sqs' | 'secretsManager' | 'lambda', string>>;
}

/** Finds the chosen stack. @throws CommandError if it does not exist. */
export async function accessStack(
  choice: StackChoice,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<StackAccess> {
  return 'localUrl' in choice ? accessLocally(choice.localUrl) : accessOnAws(choice.stackName, environment);
}

async function accessOnAws(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<StackAccess> {
  // Emulators have no host name for each bucket, and may return queue URLs of AWS.
  const isEmulator = (environment['AWS_ENDPOINT_URL'] ?? '') !== '';
  const logs = new CloudWatchLogsClient();
  return {
    stack: await findStack(name, new CloudFormationClient()),
    // An existing bucket can be in another region. `doctor` reports that.
    s3: new S3Client({ forcePathStyle: isEmulator, followRegionRedirects: true }),
    sqs: new SQSClient({ useQueueUrlAsEndpoint: !isEmulator }),
    secretsManager: new SecretsManagerClient(),
    lambda: new LambdaClient(),
    onAws: {
      iam: new IAMClient(),
      eventBridge: new EventBridgeClient(),
      cloudWatch: new CloudWatchClient(),
      kms: new KMSClient(),
    },
    lastErrorsIn: (logGroup) => {
      if (logGroup === undefined) throw new CommandError('The function has no log group: deploy the stack again');
      return findInCloudWatch(logs, logGroup, Date.now());
    },
  };
}

async function accessLocally(localUrl: string): Promise<StackAccess> {
  const { name, region, credentials, outputs, endpoints } = await readDescription(localUrl);
  const common = { region, credentials };
  return {
    stack: { ...readOutputs(name, (output) => outputs[output]), ...onlyOnAws },
    s3: new S3Client({ ...common, endpoint: endpoints.s3, forcePathStyle: true }),
    sqs: new SQSClient({ ...common, endpoint: endpoints.sqs }),
    secretsManager: new SecretsManagerClient({ ...common, endpoint: endpoints.secretsManager }),
    lambda: new LambdaClient({ ...common, endpoint: endpoints.lambda }),
    onAws: undefined,
    lastErrorsIn: () => findLocally(localUrl),
  };
}

/** The local pipeline has none of these. */
const onlyOnAws = { status: undefined, place: undefined };

async function readDescription(localUrl: string): Promise<StackDescription> {
  try {
    const description: unknown = await (await fetch(localUrl)).json();
    if (typeof description === 'object' && description !== null && 'endpoints' in description) {
      return description as StackDescription;
    }
  } catch (cause) {
    throw new CommandError(`No response from ${localUrl}: is \`npm start -- --serve\` running?`, { cause });
  }
  throw new CommandError(
    `${localUrl} is no local pipeline: use the URL that \`npm start -- --serve\` prints after --local`,
  );
}
