import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import { LivePhotosStack } from '../../lib/live-photos-stack';
import type { LivePhotosStackProps } from '../../lib/uploader-props';
import { existingBucket, makeApp, makeStack } from './stacks';

interface TemplateWithConditions {
  readonly Conditions: Readonly<Record<string, { readonly 'Fn::Equals': readonly [unknown, string] }>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** The value of `DashboardUrl` in a region, as CloudFormation evaluates it. */
function dashboardUrl(stack: LivePhotosStack, partition: string, region: string): string {
  const { Conditions, Outputs } = Template.fromStack(stack).toJSON() as TemplateWithConditions;
  const evaluate = (value: unknown): string => {
    if (typeof value === 'string') return value;
    const [[name, argument] = []] = Object.entries(value as Record<string, unknown>);
    if (name === 'Ref') {
      return { 'AWS::Partition': partition, 'AWS::Region': region }[String(argument)] ?? 'Dashboard';
    }
    if (name === 'Fn::Join') return (argument as [string, unknown[]])[1].map(evaluate).join('');
    if (name === 'Fn::If') {
      const [id, then, otherwise] = argument as [string, unknown, unknown];
      const [left, right] = Conditions[id]?.['Fn::Equals'] ?? [];
      return evaluate(evaluate(left) === right ? then : otherwise);
    }
    throw new Error(`The test does not evaluate ${String(name)}`);
  };
  return evaluate(Outputs['DashboardUrl']?.Value);
}

const partitions = [
  ['aws', 'eu-west-2', 'eu-west-2.console.aws.amazon.com'],
  ['aws-cn', 'cn-north-1', 'cn-north-1.console.amazonaws.cn'],
  ['aws-us-gov', 'us-gov-west-1', 'us-gov-west-1.console.amazonaws-us-gov.com'],
] as const;

describe.each(partitions)('in the partition %s', (partition, region, host) => {
  const stackIn = (props: LivePhotosStackProps) =>
    new LivePhotosStack(makeApp(), 'LivePhotos', { ...props, env: { region } });

  it('the dashboard’s URL has the host of the console, whether the region is known at synthesis or not', () => {
    const url = `https://${host}/cloudwatch/home?region=${region}#dashboards/dashboard/Dashboard`;
    expect(dashboardUrl(makeStack(), partition, region)).toBe(url);
    expect(dashboardUrl(stackIn({}), partition, region)).toBe(url);
  });

  it.each([
    ['a new bucket', { alarmEmail: 'on-call@example.com' }],
    ['an existing bucket', existingBucket],
  ])('the template for %s has no ARN and no host of another partition', (_, props) => {
    expectOnly(partition, stackIn(props));
  });

  it.each([false, true])(
    'nor has that of an app with keys, access logs and grants, with an existing bucket: %s',
    (isExisting) => {
      const stack = new Stack(makeApp(), 'Kyc', { env: { region } });
      const uploader = new LivePhotoUploader(stack, 'Uploader', {
        pipelineKey: new Key(stack, 'PipelineKey'),
        encryptionKey: new Key(stack, 'PhotoKey'),
        accessLogsBucket: new Bucket(stack, 'AccessLogs') as IBucket,
        alarmEmail: 'on-call@example.com',
        ...(isExisting && { existingBucket: Bucket.fromBucketName(stack, 'Existing', 'existing-photos') }),
      });
      const backEnd = new Role(stack, 'BackEnd', { assumedBy: new AccountRootPrincipal() });
      uploader.grantUpload(backEnd);
      uploader.grantReadOutcomes(backEnd);
      expectOnly(partition, stack);
    },
  );
});

/** Expects ARNs and hosts of no other partition. */
function expectOnly(partition: string, stack: Stack): void {
  const text = JSON.stringify(Template.fromStack(stack).toJSON());
  const arns = [...text.matchAll(/"arn:(aws[a-z-]*):/g)].map(([, found]) => found);
  expect(arns.length).toBeGreaterThan(0);
  expect(arns.filter((found) => found !== partition)).toEqual([]);
  // Principals of services have this domain in every partition.
  const hosts = [...text.matchAll(/[a-z0-9.-]*\.amazonaws\.[a-z.]+/g)].map(([found]) => found);
  expect(hosts.filter((found) => !/^(s3|logging\.s3|events|lambda|cloudwatch)\.amazonaws\.com$/.test(found))).toEqual(
    [],
  );
}
