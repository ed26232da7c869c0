import { join } from 'node:path';
import type { EventSourceSettings } from 'local-aws/lambda/event-source';
import type { LocalFunction } from 'local-aws/lambda/execution-environment';
import type { CorsRule } from 'local-aws/s3/buckets/bucket';
import type { QueueNotification } from 'local-aws/s3/events/notifier';
import type { LocalS3 } from 'local-aws/s3/server';
import type { LocalSecretsManager } from 'local-aws/secrets-manager/server';
import type { LocalSqs } from 'local-aws/sqs/server';
import type { SynthesizedStack } from './synthesize';
import { checkNames, DeployableTemplate, UnsupportedInTemplateError } from './template';

/** The local servers that a stack is deployed to. */
export interface LocalServers {
  readonly s3: LocalS3;
  readonly sqs: LocalSqs;
  readonly secretsManager: LocalSecretsManager;
}

/** A local deployment of the stack. */
export interface LocalDeployment {
  readonly function: LocalFunction;
  readonly eventSource: EventSourceSettings;
  /** The queue that the event source polls. */
  readonly queueUrl: string;
  readonly photoBucket: string;
  readonly deadLetterQueueArn: string;
  /** All its resources are deployed, so alarms and dashboard can be read from it. */
  readonly template: DeployableTemplate;
}

/** These types do not change how the pipeline runs locally. The local servers check no permissions. */
const typesWithoutLocalEffect = [
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Role',
  'AWS::Logs::LogGroup',
  'AWS::Logs::QueryDefinition',
  'AWS::S3::BucketPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::SecretsManager::ResourcePolicy',
];
const deployedTypes = [
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::S3::Bucket',
  'AWS::SQS::Queue',
  'AWS::SecretsManager::Secret',
];

/**
 * Deploys a synthesized stack to local servers.
 * @throws UnsupportedInTemplateError for a resource type or property that is not supported: ignoring it would make the local
 * pipeline differ from the deployed one.
 */
export async function deployLocally(stack: SynthesizedStack, servers: LocalServers): Promise<LocalDeployment> {
  const template = new DeployableTemplate(stack.template);
  const unknown = [...template.types].find((type) => ![...typesWithoutLocalEffect, ...deployedTypes].includes(type));
  if (unknown !== undefined) throw new UnsupportedInTemplateError(`${unknown} is not supported locally`);

  for (const id of typesWithoutLocalEffect.flatMap((type) => template.idsOf(type))) {
    template.register(id, { ref: localName(id), arn: localName(id) });
  }
  for (const id of template.idsOf('AWS::SecretsManager::Secret')) {
    checkNames(`${id}'s properties`, template.propertiesOf(id), ['Description', 'Tags']);
    template.register(id, { ref: servers.secretsManager.createSecret(localName(id)).arn });
  }
  const deadLetterQueueArn = deployQueues(template, servers.sqs);
  const photoBucket = await deployBuckets(template, servers.s3);
  const localFunction = deployFunction(template, stack.assemblyFolder);
  const eventSource = deployEventSource(template);
  const queueUrl = template.refOf(eventSource.queueArn);
  return { function: localFunction, eventSource, queueUrl, photoBucket, deadLetterQueueArn, template };
}

/** Turns a logical ID of the CDK, such as `UploaderPhotoBucket36AA475E`, into `uploader-photo-bucket`. */
function localName(id: string): string {
  return id
    .replace(/[0-9A-F]{8}$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase();
}

interface QueueProperties {
  readonly RedrivePolicy?: { readonly deadLetterTargetArn: string };
  readonly [attribute: string]: unknown;
}

/**
 * Creates the queues in the template's order: each dead-letter queue comes before its source queue.
 * @returns the ARN of the dead-letter queue.
 */
function deployQueues(template: DeployableTemplate, sqs: LocalSqs): string {
  let deadLetterQueueArn: string | undefined;
  for (const id of template.idsOf('AWS::SQS::Queue')) {
    const properties = template.propertiesOf(id) as QueueProperties;
    const attributes = Object.entries(properties).map(([name, value]) => [name, attributeText(value)]);
    const { url, arn } = sqs.createQueue(localName(id), Object.fromEntries(attributes) as Record<string, string>);
    template.register(id, { ref: url, arn, queueName: localName(id) });
    deadLetterQueueArn ??= properties.RedrivePolicy?.deadLetterTargetArn;
  }
  if (deadLetterQueueArn === undefined) throw new Error('The template has no dead-letter queue');
  return deadLetterQueueArn;
}

/** SQS accepts attributes as strings, with structures as JSON. */
function attributeText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

interface BucketProperties {
  readonly VersioningConfiguration?: { readonly Status: string };
  readonly NotificationConfiguration?: { readonly QueueConfigurations: readonly QueueConfiguration[] };
  readonly CorsConfiguration?: { readonly CorsRules: readonly CorsRuleProperties[] };
}

interface CorsRuleProperties {
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly ExposedHeaders?: readonly string[];
  readonly MaxAge?: number;
}

interface QueueConfiguration {
  readonly Event: QueueNotification['events'][number];
  readonly Queue: string;
  readonly Filter?: { readonly S3Key: { readonly Rules: readonly { Name: 'prefix' | 'suffix'; Value: string }[] } };
}

const bucketProperties = ['CorsConfiguration', 'NotificationConfiguration', 'VersioningConfiguration'];
const corsRuleProperties = ['AllowedHeaders', 'AllowedMethods', 'AllowedOrigins', 'ExposedHeaders', 'Id', 'MaxAge'];
const bucketPropertiesWithoutLocalEffect = [
  'BucketEncryption',
  'LifecycleConfiguration', // no local run lasts for days
  'OwnershipControls',
  'PublicAccessBlockConfiguration',
  'Tags',
];

/** @returns the name of the photo bucket: the one with notifications. */
async function deployBuckets(template: DeployableTemplate, s3: LocalS3): Promise<string> {
  let photoBucket: string | undefined;
  for (const id of template.idsOf('AWS::S3::Bucket')) {
    const properties = template.propertiesOf(id) as BucketProperties;
    checkNames(`${id}'s properties`, properties, [...bucketProperties, ...bucketPropertiesWithoutLocalEffect]);
    const { VersioningConfiguration, NotificationConfiguration = { QueueConfigurations: [] } } = properties;
    checkNames(`${id}'s notifications`, NotificationConfiguration, ['QueueConfigurations']);
    const name = localName(id);
    const notifications = NotificationConfiguration.QueueConfigurations.map(
      ({ Event, Queue, Filter }): QueueNotification => ({
        queueArn: Queue,
        events: [Event],
        ...Object.fromEntries((Filter?.S3Key.Rules ?? []).map((rule) => [rule.Name, rule.Value])),
      }),
    );
    const cors = (properties.CorsConfiguration?.CorsRules ?? []).map((rule) => toCorsRule(id, rule));
    const isVersioned = VersioningConfiguration?.Status === 'Enabled';
    await s3.createBucket(name, { isVersioned, notifications, cors });
    template.register(id, { ref: name, arn: `arn:aws:s3:::${name}` });
    if (notifications.length > 0) photoBucket = name;
  }
  if (photoBucket === undefined) throw new Error('The template has no bucket that sends events');
  return photoBucket;
}

function toCorsRule(id: string, rule: CorsRuleProperties): CorsRule {
  checkNames(`the CORS rules of ${id}`, rule, corsRuleProperties);
  return {
    allowedOrigins: rule.AllowedOrigins,
    allowedMethods: rule.AllowedMethods,
    ...(rule.AllowedHeaders !== undefined && { allowedHeaders: rule.AllowedHeaders }),
    ...(rule.ExposedHeaders !== undefined && { exposedHeaders: rule.ExposedHeaders }),
    ...(rule.MaxAge !== undefined && { maxAgeSeconds: rule.MaxAge }),
  };
}

interface FunctionProperties {
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
  readonly Handler: string;
  readonly MemorySize: number;
  /** In seconds. */
  readonly Timeout: number;
}

const functionProperties = ['Code', 'Environment', 'Handler', 'MemorySize', 'Timeout'];
const functionPropertiesWithoutLocalEffect = [
  'Architectures',
  'Description',
  'LoggingConfig',
  'Role',
  'Runtime', // the function runs on this machine's Node
  'Tags',
  'TracingConfig',
];

function deployFunction(template: DeployableTemplate, assemblyFolder: string): LocalFunction {
  const id = onlyOne(template, 'AWS::Lambda::Function');
  const properties = template.propertiesOf(id) as FunctionProperties;
  checkNames(`${id}'s properties`, properties, [...functionProperties, ...functionPropertiesWithoutLocalEffect]);
  const name = localName(id);
  template.register(id, { ref: name });
  return {
    name,
    codeFolder: join(assemblyFolder, String(template.metadataOf(id, 'aws:asset:path'))),
    handler: properties.Handler,
    memoryMb: properties.MemorySize,
    timeoutMs: properties.Timeout * 1000,
    variables: properties.Environment.Variables,
  };
}

interface MappingProperties {
  readonly BatchSize: number;
  readonly EventSourceArn: string;
  readonly FunctionName: string;
  readonly FunctionResponseTypes?: readonly string[];
  readonly ScalingConfig?: { readonly MaximumConcurrency: number };
}

const mappingProperties = ['BatchSize', 'EventSourceArn', 'FunctionName', 'FunctionResponseTypes', 'ScalingConfig'];

function deployEventSource(template: DeployableTemplate): EventSourceSettings {
  const id = onlyOne(template, 'AWS::Lambda::EventSourceMapping');
  const properties = template.propertiesOf(id) as MappingProperties;
  checkNames(`${id}'s properties`, properties, mappingProperties);
  const { BatchSize, EventSourceArn, FunctionResponseTypes, ScalingConfig } = properties;
  if (FunctionResponseTypes?.includes('ReportBatchItemFailures') !== true) {
    throw new UnsupportedInTemplateError(`${id} must have ReportBatchItemFailures`);
  }
  if (ScalingConfig === undefined) {
    throw new UnsupportedInTemplateError(`${id} must have a MaximumConcurrency`);
  }
  return { queueArn: EventSourceArn, batchSize: BatchSize, maxConcurrency: ScalingConfig.MaximumConcurrency };
}

function onlyOne(template: DeployableTemplate, type: string): string {
  const [id, another] = template.idsOf(type);
  if (id === undefined || another !== undefined) throw new Error(`The template must have exactly one ${type}`);
  return id;
}
