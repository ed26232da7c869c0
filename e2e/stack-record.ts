import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
} from '@aws-sdk/client-cloudformation';

/** A resource as the latest event about it tells. */
export interface RecordedResource {
  readonly logicalId: string;
  readonly physicalId: string;
  /** Such as `AWS::S3::Bucket`. */
  readonly type: string;
  /** Such as `CREATE_COMPLETE`; `DELETE_SKIPPED` for what a deleted stack keeps. */
  readonly status: string;
}

/**
 * Looks a stack up by its name.
 * @returns its ID, by which it can be asked for when it is deleted too; undefined when there is none of that name.
 */
export async function findStackId(client: CloudFormationClient, name: string): Promise<string | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0]?.StackId;
  } catch (error) {
    // A ValidationError, as for much else (CloudFormation API reference, DescribeStacks).
    if (error instanceof CloudFormationServiceException && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}

/** Lists what a stack's events tell of its resources; its ID finds those of a deleted stack too. */
export async function listResources(client: CloudFormationClient, stack: string): Promise<RecordedResource[]> {
  const resources = new Map<string, RecordedResource>();
  // Newest first (CloudFormation API reference, DescribeStackEvents).
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: stack })) {
    for (const event of StackEvents) {
      const { LogicalResourceId: logicalId = '', PhysicalResourceId: physicalId = '', ResourceType: type = '' } = event;
      if (type === 'AWS::CloudFormation::Stack' || resources.has(logicalId)) continue;
      resources.set(logicalId, { logicalId, physicalId, type, status: event.ResourceStatus ?? '' });
    }
  }
  return [...resources.values()];
}
