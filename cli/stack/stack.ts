import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CommandError } from '../command-error';

/** A stack that uploads live photos, by what its outputs name. */
export interface Stack {
  readonly name: string;
  readonly photoBucket: string;
  readonly apiKeySecretId: string;
  readonly uploadQueueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly functionName: string;
  /** CloudFormation's word for its state, such as `UPDATE_COMPLETE`; undefined for the one of this machine. */
  readonly status: string | undefined;
  /** EventBridge's rules, which announce the objects of a bucket that stood before the stack. */
  readonly ruleNames: readonly string[];
}

/**
 * Finds a deployed stack by its name.
 * @throws CommandError when there is none of that name, or when it is another kind of stack.
 */
export async function findStack(name: string, cloudFormation: CloudFormationClient): Promise<Stack> {
  const described = await describeStack(name, cloudFormation);
  const outputs = new Map(
    (described?.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]),
  );
  const { StackResources = [] } = await cloudFormation.send(new DescribeStackResourcesCommand({ StackName: name }));
  return {
    ...readOutputs(name, (output) => outputs.get(output)),
    status: described?.StackStatus,
    ruleNames: StackResources.flatMap(({ ResourceType, PhysicalResourceId }) =>
      ResourceType === 'AWS::Events::Rule' && PhysicalResourceId !== undefined ? [PhysicalResourceId] : [],
    ),
  };
}

async function describeStack(name: string, cloudFormation: CloudFormationClient) {
  try {
    const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0];
  } catch (cause) {
    // A ValidationError, as for much else (CloudFormation API reference, DescribeStacks).
    if (!(cause instanceof CloudFormationServiceException && cause.message.includes('does not exist'))) throw cause;
    const region = await cloudFormation.config.region();
    throw new CommandError(
      `There is no stack ${name} in ${region}: name it with --stack, and the region with AWS_REGION`,
      { cause },
    );
  }
}

/**
 * Reads what a stack's outputs name.
 * @throws CommandError naming an output that is missing.
 */
export function readOutputs(
  name: string,
  outputOf: (name: string) => string | undefined,
): Omit<Stack, 'status' | 'ruleNames'> {
  const read = (output: string): string => {
    const value = outputOf(output);
    if (value === undefined || value === '') {
      throw new CommandError(`${name} has no output ${output}: it is no stack of live photos, or is not deployed yet`);
    }
    return value;
  };
  return {
    name,
    photoBucket: read('PhotoBucketName'),
    apiKeySecretId: read('ApiKeySecretId'),
    uploadQueueUrl: read('UploadQueueUrl'),
    deadLetterQueueUrl: read('DeadLetterQueueUrl'),
    functionName: read('FunctionName'),
  };
}
