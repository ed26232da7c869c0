import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { generatedNames } from './generated-name';

/** The uploader's stack, and what else the statements depend on. */
export interface KeyUse {
  readonly account: string;
  readonly region: string;
  readonly partition: string;
  /** The domain of the partition's services. */
  readonly urlSuffix: string;
  /** A pattern for the names of the stack's log groups and rules. */
  readonly names: string;
  /** Whether EventBridge sends the events of an existing bucket. Otherwise S3 sends those of the stack's bucket. */
  readonly hasRule: boolean;
  /** Whether CloudWatch sends alarms to a topic. */
  readonly hasTopic: boolean;
}

/**
 * What the policy of the pipeline's key must allow AWS services. Roles need no statement: the policy must delegate to IAM
 * policies of the account.
 *
 * The statements name no resource of the stack, because these refer to the key. Resources that are named by a pattern have no
 * `Sid`: several uploaders can share a key.
 */
export function keyStatements(use: KeyUse): PolicyStatement[] {
  const { account, region, partition, urlSuffix, names } = use;
  const ofService = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  const allow = (
    service: string,
    actions: readonly string[],
    conditions: Record<string, Record<string, string>>,
  ): PolicyStatement =>
    new PolicyStatement({
      principals: [new ServicePrincipal(service)],
      actions: actions.map((action) => `kms:${action}`),
      // In a key's policy it means the key.
      resources: ['*'],
      conditions,
    });
  const sending = ['Decrypt', 'GenerateDataKey'];
  const ofAccount = { StringEquals: { 'aws:SourceAccount': account } };
  const from = (arn: string) => ({ ...ofAccount, ArnLike: { 'aws:SourceArn': arn } });
  return [
    // CloudWatch Logs user guide, "Encrypt log data in CloudWatch Logs using AWS KMS".
    allow(`logs.${region}.${urlSuffix}`, ['Encrypt', 'Decrypt', 'ReEncrypt*', 'GenerateDataKey*', 'DescribeKey'], {
      ArnLike: { 'kms:EncryptionContext:aws:logs:arn': ofService('logs', `log-group:${names}`) },
    }),
    // SQS developer guide, "Configure KMS permissions for AWS services".
    use.hasRule
      ? allow('events.amazonaws.com', sending, from(ofService('events', `rule/${names}`)))
      : allow('s3.amazonaws.com', sending, ofAccount),
    // SNS developer guide, "Enable compatibility between event sources from AWS services and encrypted topics".
    ...(use.hasTopic ? [allow('cloudwatch.amazonaws.com', sending, from(ofService('cloudwatch', 'alarm:*')))] : []),
  ];
}

/** Adds the statements to the policy of a key that this app creates. The policy of an imported key can't be changed. */
export function allowServices(scope: Construct, key: IKey, uses: Pick<KeyUse, 'hasRule' | 'hasTopic'>): void {
  const stack = Stack.of(scope);
  const { account, region, partition, urlSuffix } = stack;
  const use = { account, region, partition, urlSuffix, names: generatedNames(stack), ...uses };
  for (const statement of keyStatements(use)) key.addToResourcePolicy(statement);
}
