import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { findStackId, listResources } from '../../e2e/stack-record';

const mock = mockClient(CloudFormationClient);
const client = new CloudFormationClient({ region: 'us-east-1' });

function failure(message: string): CloudFormationServiceException {
  return new CloudFormationServiceException({ name: 'ValidationError', $fault: 'client', $metadata: {}, message });
}

beforeEach(() => {
  mock.reset();
  mock.onAnyCommand().rejects(new Error('This call was not planned'));
});

describe('finding a stack', () => {
  it('returns its ID', async () => {
    const stack = { StackName: 'Mine', CreationTime: new Date(), StackStatus: 'CREATE_COMPLETE' } as const;
    mock.on(DescribeStacksCommand, { StackName: 'Mine' }).resolves({ Stacks: [{ ...stack, StackId: 'arn:mine' }] });
    expect(await findStackId(client, 'Mine')).toBe('arn:mine');
  });

  it('returns undefined if it does not exist', async () => {
    mock.on(DescribeStacksCommand).rejects(failure('Stack with id Mine does not exist'));
    expect(await findStackId(client, 'Mine')).toBeUndefined();
  });

  it('fails if CloudFormation fails', async () => {
    mock.on(DescribeStacksCommand).rejects(failure('Rate exceeded'));
    await expect(findStackId(client, 'Mine')).rejects.toThrow('Rate exceeded');
  });
});

describe('a stack’s resources', () => {
  const common = { StackId: 'arn:mine', EventId: '1', StackName: 'Mine', Timestamp: new Date() };
  const event = (LogicalResourceId: string, ResourceType: string, ResourceStatus: 'CREATE_COMPLETE') => ({
    ...common,
    LogicalResourceId,
    PhysicalResourceId: `mine-${LogicalResourceId}`.toLowerCase(),
    ResourceType,
    ResourceStatus,
  });

  it('have the status of their latest event, on every page', async () => {
    mock
      .on(DescribeStackEventsCommand, { StackName: 'arn:mine' })
      .resolves({
        StackEvents: [
          { ...event('Mine', 'AWS::CloudFormation::Stack', 'CREATE_COMPLETE') },
          { ...event('Bucket', 'AWS::S3::Bucket', 'CREATE_COMPLETE'), ResourceStatus: 'DELETE_SKIPPED' },
        ],
        NextToken: 'more',
      })
      .on(DescribeStackEventsCommand, { StackName: 'arn:mine', NextToken: 'more' })
      .resolves({
        StackEvents: [
          event('Bucket', 'AWS::S3::Bucket', 'CREATE_COMPLETE'),
          event('Logs', 'AWS::Logs::LogGroup', 'CREATE_COMPLETE'),
        ],
      });
    expect(await listResources(client, 'arn:mine')).toEqual([
      { logicalId: 'Bucket', physicalId: 'mine-bucket', type: 'AWS::S3::Bucket', status: 'DELETE_SKIPPED' },
      { logicalId: 'Logs', physicalId: 'mine-logs', type: 'AWS::Logs::LogGroup', status: 'CREATE_COMPLETE' },
    ]);
  });
});
