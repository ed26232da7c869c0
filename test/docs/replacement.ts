import type { Template } from '../../local/pipeline/template';

/**
 * The properties whose change makes CloudFormation replace a resource, for each type that the stack uses. Source: the
 * CloudFormation template reference, "Update requires: Replacement" of each property.
 */
const replacingProperties: Readonly<Record<string, readonly string[]>> = {
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CloudWatch::Dashboard': ['DashboardName'],
  'AWS::Events::Rule': ['EventBusName', 'Name'],
  'AWS::IAM::ManagedPolicy': ['Description', 'ManagedPolicyName', 'Path'],
  'AWS::IAM::Policy': [],
  'AWS::IAM::Role': ['Path', 'RoleName'],
  'AWS::KMS::Alias': ['AliasName'],
  'AWS::KMS::Key': [],
  'AWS::Lambda::EventSourceMapping': [
    'EventSourceArn',
    'SelfManagedEventSource',
    'StartingPosition',
    'StartingPositionTimestamp',
  ],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::Logs::QueryDefinition': [],
  'AWS::S3::Bucket': ['BucketName', 'BucketNamePrefix', 'BucketNamespace'],
  'AWS::S3::BucketPolicy': ['Bucket'],
  'AWS::SNS::Subscription': ['Endpoint', 'Protocol', 'TopicArn'],
  'AWS::SNS::Topic': ['FifoTopic', 'TopicName'],
  'AWS::SNS::TopicPolicy': [],
  'AWS::SQS::Queue': ['FifoQueue', 'QueueName'],
  'AWS::SQS::QueuePolicy': [],
  'AWS::SecretsManager::ResourcePolicy': ['SecretId'],
  'AWS::SecretsManager::Secret': ['Name'],
};

/** What an update of a stack does, by logical ID. A resource is in one list at most. */
export interface Changes {
  readonly replaced: readonly string[];
  readonly createdOrDeleted: readonly string[];
  readonly updated: readonly string[];
}

/** Compares two templates of one stack like CloudFormation. @throws for a type that has no line in the table. */
export function compareTemplates(before: Template, after: Template): Changes {
  const ids = [...new Set([...Object.keys(before.Resources), ...Object.keys(after.Resources)])];
  const [old, current] = [before.Resources, after.Resources];
  const createdOrDeleted = ids.filter((id) => old[id] === undefined || current[id] === undefined);
  const common = ids.filter((id) => !createdOrDeleted.includes(id));
  const replaced = new Set<string>();
  const isReplaced = (id: string): boolean => {
    const [{ Type = '', Properties: from = {} } = {}, { Properties: to = {} } = {}] = [old[id], current[id]];
    const names = replacingProperties[Type];
    if (names === undefined) throw new Error(`The table has no line for ${Type}`);
    return names.some(
      (name) => !isSame(from[name], to[name]) || [...replaced].some((other) => refersTo(to[name], other)),
    );
  };
  // A resource that is replaced gets another name, which can replace the resources that name it.
  for (let found = true; found;) {
    const more = common.filter((id) => !replaced.has(id) && isReplaced(id));
    for (const id of more) replaced.add(id);
    found = more.length > 0;
  }
  const updated = common.filter((id) => !replaced.has(id) && !isSame(old[id], current[id]));
  return { replaced: [...replaced], createdOrDeleted, updated };
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function refersTo(value: unknown, id: string): boolean {
  const text = JSON.stringify(value ?? null);
  return text.includes(`{"Ref":"${id}"}`) || text.includes(`{"Fn::GetAtt":["${id}",`);
}
