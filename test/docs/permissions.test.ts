import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { LivePhotoUploader } from '../../lib/live-photo-uploader';
import type { LivePhotosStackProps, LivePhotoUploaderProps } from '../../lib/uploader-props';
import { account, DeployedTemplate } from '../lib/deployed-template';
import type { Statement } from '../lib/policy-evaluator';
import { toList } from '../../cli/policy/patterns';
import { deploy, everyOption, existingBucket, makeApp } from '../lib/stacks';
import { readTable } from './tables';

/** The name of a policy's resource in the table. The first pattern that matches counts. */
const resourceNames: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^arn:aws:s3:::kyc-accesslogs[^/]*\//, 'access logs'],
  [/^arn:aws:s3:::.*uploaderclaims[^/]*\/\*$/, 'claims'],
  [/^arn:aws:s3:::.*uploaderclaims[^/]*$/, 'claims bucket'],
  [/^arn:aws:s3:::[^/]+\/.*\*$/, 'photo objects'],
  [/^arn:aws:s3:::[^/]+$/, 'photo bucket'],
  [/^arn:aws:sqs:.*UploaderQueuesUpload/, 'upload queue'],
  [/^arn:aws:sqs:.*UploaderQueuesDeadLetter/, 'dead-letter queue'],
  [/^arn:aws:sqs:.*UploaderUndeliveredEvents/, 'undelivered-events queue'],
  [/^arn:aws:secretsmanager:/, 'API key'],
  [/^arn:aws:events:.*:event-bus\//, 'event bus'],
  [/^arn:aws:logs:/, 'log group'],
  [/^arn:aws:kms:.*:key\/(PipelineKey|5678)/, 'pipeline key'],
  [/^arn:aws:kms:/, 'encryption key'],
  [/UploaderAlarmsTopic/, 'alarm topic'],
  [/^\*$/, 'everything'],
];
const serviceNames: Readonly<Record<string, string>> = {
  'cloudwatch.amazonaws.com': 'CloudWatch',
  'events.amazonaws.com': 'EventBridge',
  'lambda.amazonaws.com': 'Lambda',
  [`logs.${account.region}.amazonaws.com`]: 'CloudWatch Logs',
  'logging.s3.amazonaws.com': 'S3 access logs',
  's3.amazonaws.com': 'S3',
};

describe('the table of permissions', () => {
  it('lists exactly what the policies of the stack allow and deny, with any settings', () => {
    const stacks = [{}, everyOption, { ...existingBucket, operatorRoleArns: everyOption.operatorRoleArns }].map(
      (settings: LivePhotosStackProps) => deploy(settings),
    );
    const templates = [...stacks, withOwnKey({ alarmEmail: everyOption.alarmEmail }), withOwnKey({}, true)];
    const permissions = templates.flatMap((template) => statementsOf(template).flatMap(permissionsOf));
    expect(documentedPermissions()).toEqual([...new Set(permissions)].sort());
  });
});

/** A stack with a key and a bucket for access logs, which are constructs of the app. */
function withOwnKey(props: LivePhotoUploaderProps, isExistingBucket = false): DeployedTemplate {
  const stack = new Stack(makeApp(), 'Kyc');
  new LivePhotoUploader(stack, 'Uploader', {
    ...props,
    pipelineKey: new Key(stack, 'PipelineKey'),
    accessLogsBucket: new Bucket(stack, 'AccessLogs') as IBucket,
    ...(isExistingBucket && { existingBucket: Bucket.fromBucketName(stack, 'Existing', 'existing-photos') }),
  });
  return new DeployedTemplate(Template.fromStack(stack).toJSON(), stack.stackName);
}

/** One line for each action on each resource. A row of the table can contain several. */
function documentedPermissions(): string[] {
  const lines = readTable('docs/security.md', 'Who may do what').flatMap(
    ({ who, may, actions = '', 'on what': onWhat = '' }) =>
      onWhat
        .split(', ')
        .flatMap((what) => actions.split(' ').map((action) => line(who, may, action.replaceAll('`', ''), what))),
  );
  return [...new Set(lines)].sort();
}

function permissionsOf(statement: Statement): string[] {
  const may = statement.Effect === 'Allow' ? 'may' : 'may not';
  // A role's trust policy has no resource: it is about the role.
  const whats =
    (statement as Partial<Statement>).Resource === undefined
      ? ["the function's role"]
      : toList(statement.Resource).map(nameOf);
  return whats.flatMap((what) => toList(statement.Action).map((action) => line(whoOf(statement), may, action, what)));
}

function line(...parts: readonly (string | undefined)[]): string {
  return parts.join(' | ');
}

/** @throws for a principal without a name in the table. */
function whoOf({ Principal, Condition = {} }: Statement): string {
  if (Principal === undefined) return 'the function';
  const { Service, AWS } = Principal === '*' ? { Service: undefined, AWS: '*' } : Principal;
  if (AWS === '*') return deniedBy(Condition);
  const name = serviceNames[String(Service)];
  if (name === undefined) throw new Error(`The table has no name for ${JSON.stringify(Principal)}`);
  return name;
}

function deniedBy({ ArnEquals, ArnNotEquals, Bool }: NonNullable<Statement['Condition']>): string {
  if (ArnEquals !== undefined) return 'trusted taggers';
  if (ArnNotEquals === undefined) return 'everyone';
  const roles = JSON.stringify(ArnNotEquals);
  const exempt = [
    'the function',
    ...(everyOption.trustedTaggerRoleArns.some((arn) => roles.includes(arn)) ? ['trusted taggers'] : []),
    ...(everyOption.operatorRoleArns.some((arn) => roles.includes(arn)) ? ['operators'] : []),
    ...(Bool?.['aws:PrincipalIsAWSService'] === 'false' ? ['AWS services'] : []),
  ];
  return `everyone except ${exempt.join(', ').replace(/, (?=[^,]*$)/, ' and ')}`;
}

/** @throws for a resource without a name in the table. */
function nameOf(resource: string): string {
  const [, name] = resourceNames.find(([pattern]) => pattern.test(resource)) ?? [];
  if (name === undefined) throw new Error(`The table has no name for ${resource}`);
  return name;
}

/** Every statement in the template, whichever property holds it. */
function statementsOf(template: DeployedTemplate): Statement[] {
  return template.resources.flatMap(({ properties, arn }) => {
    // In the policies of secrets and keys, `*` means the secret or the key.
    const { SecretId, KeyPolicy } = properties as { readonly SecretId?: string; readonly KeyPolicy?: unknown };
    const self = KeyPolicy === undefined ? SecretId : arn;
    return findStatements(properties)
      .filter((statement) => !isDelegation(statement))
      .map((statement) => (self === undefined ? statement : { ...statement, Resource: self }));
  });
}

/** A key's policy delegates to the IAM policies of the account. */
function isDelegation({ Principal }: Statement): boolean {
  return JSON.stringify(Principal ?? '').includes(':root"');
}

function findStatements(value: unknown): Statement[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, item]: [string, unknown]) =>
    name === 'Statement' ? (item as Statement[]) : findStatements(item),
  );
}
