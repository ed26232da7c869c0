import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import type { RequiredOutput, StackOutput } from '../../contract/stack-outputs';
import { CommandError } from '../command-error';

/** A stack that uploads live photos, with the resources that its outputs name. */
export interface Stack {
  readonly name: string;
  readonly photoBucket: string;
  readonly apiKeySecretId: string;
  readonly uploadQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  /** The dead-letter queue of the EventBridge rule, which a stack has if it uses an existing bucket. */
  readonly undeliveredEventsQueueUrl: string | undefined;
  readonly functionName: string;
  /** The settings. Undefined: the stack is older than these outputs, or the bucket is an existing one. */
  readonly erasedExpireDays: number | undefined;
  readonly evidenceRetentionDays: number | undefined;
  /** CloudFormation's status, such as `UPDATE_COMPLETE`; undefined for the local pipeline. */
  readonly status: string | undefined;
  /** EventBridge rules, which a stack has if it uses an existing bucket. */
  readonly ruleNames: readonly string[];
  readonly alarmNames: readonly string[];
  /** Whether the alarms notify a topic. */
  readonly hasTopic: boolean;
  /** Where it is deployed; undefined for the local pipeline. */
  readonly place: StackPlace | undefined;
}

/** The name of the EventBridge rule. CloudFormation's ID of a rule can begin with its event bus. */
export function ruleNameOf({ ruleNames: [rule] }: Stack): string | undefined {
  return rule?.split('|').at(-1);
}

/** An AWS account and a region. */
export interface StackPlace {
  readonly account: string;
  readonly region: string;
}

/**
 * Finds a deployed stack by its name.
 * @throws CommandError if there is no stack with this name, or if it is another kind of stack.
 */
export async function findStack(name: string, cloudFormation: CloudFormationClient): Promise<Stack> {
  const described = await describeStack(name, cloudFormation);
  const outputs = new Map(
    (described?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
  return {
    ...readOutputs(name, (output) => outputs.get(output)),
    status: described?.StackStatus,
    place: placeOf(described?.StackId),
  };
}

/** CloudFormation's ID of a stack is its ARN. */
function placeOf(stackId: string | undefined): StackPlace | undefined {
  const [, , , region, account] = stackId?.split(':') ?? [];
  return account === undefined || region === undefined ? undefined : { account, region };
}

async function describeStack(name: string, cloudFormation: CloudFormationClient) {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0];
  } catch (cause) {
    // The error is a ValidationError, like many others (CloudFormation API reference, DescribeStacks).
    if (!(cause instanceof CloudFormationServiceException && cause.message.includes('does not exist'))) throw cause;
    const region = await cloudFormation.config.region();
    throw new CommandError(
      `There is no stack ${name} in ${region}: set its name with --stack, and its region with AWS_REGION`,
      { cause },
    );
  }
}

/**
 * Reads the resources that a stack's outputs name. The app may have created others of the same types in the stack.
 * @throws CommandError naming a missing output.
 */
export function readOutputs(
  name: string,
  outputOf: (output: StackOutput) => string | undefined,
): Omit<Stack, 'status' | 'place'> {
  const read = (output: RequiredOutput | 'ObjectCreatedRuleName'): string => {
    const value = outputOf(output);
    if (value === undefined || value === '') {
      throw new CommandError(
        `${name} has no output ${output}: deploy the stack again; in your own CDK app, call addOutputs() of the LivePhotoUploader first. --stack names another stack`,
      );
    }
    return value;
  };
  const undeliveredEventsQueueUrl = outputOf('UndeliveredEventsQueueUrl');
  return {
    name,
    photoBucket: read('PhotoBucketName'),
    apiKeySecretId: read('ApiKeySecretId'),
    uploadQueueUrl: read('UploadQueueUrl'),
    deadLetterQueueUrl: read('DeadLetterQueueUrl'),
    functionName: read('FunctionName'),
    undeliveredEventsQueueUrl,
    ruleNames: undeliveredEventsQueueUrl === undefined ? [] : [read('ObjectCreatedRuleName')],
    alarmNames: outputOf('AlarmNames')?.split(',') ?? [],
    hasTopic: outputOf('AlarmTopicArn') !== undefined,
    erasedExpireDays: numberOf(outputOf('ErasedExpireDays')),
    evidenceRetentionDays: numberOf(outputOf('EvidenceRetentionDays')),
  };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}
