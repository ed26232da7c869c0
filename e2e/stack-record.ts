import {
  type CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
  paginateDescribeStackEvents,
} from '@aws-sdk/client-cloudformation';

/** A resource according to its latest stack event. */
export interface RecordedResource {
  readonly logicalId: string;
  readonly physicalId: string;
  /** Such as `AWS::S3::Bucket`. */
  readonly type: string;
  /** Such as `CREATE_COMPLETE`, or `DELETE_SKIPPED` for a retained resource of a deleted stack. */
  readonly status: string;
}

/**
 * Finds a stack by its name.
 * @returns its ID, which stays valid after its deletion; undefined if no stack has this name.
 */
export async function findStackId(client: CloudFormationClient, name: string): Promise<string | undefined> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks[0]?.StackId;
  } catch (error) {
    // CloudFormation reports this as ValidationError, like other errors (API reference, DescribeStacks).
    if (error instanceof CloudFormationServiceException && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}

/** Lists a stack's resources from its events. @param stack name or ID; the ID also finds a deleted stack. */
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
