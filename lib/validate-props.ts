import type { StackProps } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { patterns } from '../contract/patterns';
import * as check from './prop-checks';
import type { LivePhotosStackProps, LivePhotoUploaderProps } from './uploader-props';

/** A value is out of bounds or contradicts another. The message is one line that names the value and says what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** The pace without settings. */
export const defaultPace = { requestsPerSecond: 10, maxConcurrency: 2 } as const;

type Checks<Props> = { readonly [Name in keyof Required<Props>]: check.Check };

const maxExpireDays = 36_500;
/** Far above ComplyCube's default limits, and below what one environment can start. */
const maxRequestsPerSecond = 1_000;
/** A bucket's policy has at most 20 KB (S3 user guide), and ten of its statements name each tagger. */
const maxTaggerChars = 1_024;
/** A queue's policy has at most 8,192 bytes (SQS developer guide, "Policy quotas"). */
const maxOperatorChars = 6_000;
const retentionDays = Object.values(RetentionDays).filter((days) => typeof days === 'number');

/** Props that are the same for the construct and the stack. */
const sharedChecks = {
  bucketName: check.bucketName,
  keyPrefix: check.keyPrefix,
  keyPrefixes: check.keyPrefixes,
  clientIdMetadata: check.text(
    patterns.clientIdMetadata,
    '1 to 64 characters of a-z 0-9 . _ -, the first a letter or digit, and not perform-liveness-check, live-photo or x-amz-…',
  ),
  forbidOverwrites: check.flag,
  uploadOrigins: check.origins,
  complyCubeBaseUrl: check.apiUrl,
  requestsPerSecond: check.known(check.wholeNumber(2, maxRequestsPerSecond)),
  maxConcurrency: check.known(check.wholeNumber(2, maxRequestsPerSecond)),
  performLivenessCheck: check.flag,
  alarmEmail: check.text(/^[^@\s]+@[^@\s]+$/, 'an e-mail address'),
  runbookUrl: check.text(),
  logRetention: check.oneOf(retentionDays, 'days'),
} satisfies Partial<Checks<LivePhotoUploaderProps & LivePhotosStackProps>>;

const uploaderChecks = {
  ...sharedChecks,
  existingBucket: check.construct('bucketArn', 'a bucket construct (IBucket)'),
  encryptionKey: check.key,
  uploadedExpiration: check.days(1, maxExpireDays),
  rejectedExpiration: check.days(1, maxExpireDays),
  erasedExpiration: check.days(1, maxExpireDays),
  apiKeySecret: check.construct('secretArn', 'a secret construct (ISecret)'),
  apiKeySecretKey: check.key,
  pipelineKey: check.key,
  accessLogsBucket: check.construct('bucketArn', 'a bucket construct (IBucket)'),
  trustedTaggers: check.roles(maxTaggerChars),
  operators: check.roles(maxOperatorChars),
  evidenceRetention: check.days(1, maxExpireDays),
  eventBus: check.construct('eventBusArn', 'an event bus construct (IEventBus)'),
} satisfies Checks<LivePhotoUploaderProps>;

/** Props of every stack. CDK checks the others. */
const cdkChecks = {
  analyticsReporting: check.anything,
  crossRegionReferences: check.anything,
  description: check.anything,
  env: check.anything,
  notificationArns: check.anything,
  permissionsBoundary: check.anything,
  propertyInjectors: check.anything,
  stackName: check.known(check.text(patterns.stackName, 'a letter, then letters, digits and -')),
  suppressTemplateIndentation: check.anything,
  synthesizer: check.anything,
  tags: check.tags,
  terminationProtection: check.anything,
} satisfies Checks<StackProps>;

const nameOfBucket = check.text(/^[A-Za-z0-9._-]{3,63}$/, 'the name of a bucket, not its ARN');

const stackChecks = {
  ...cdkChecks,
  ...sharedChecks,
  existingBucket: nameOfBucket,
  encryptionKeyArn: check.text(patterns.kmsKeyArn, 'the ARN of a KMS key'),
  uploadedExpireDays: check.wholeNumber(1, maxExpireDays),
  rejectedExpireDays: check.wholeNumber(1, maxExpireDays),
  erasedExpireDays: check.wholeNumber(1, maxExpireDays),
  apiKeySecret: check.known(
    check.text(
      /^(arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:.+-[A-Za-z0-9]{6}|[A-Za-z0-9/_+=.@-]{1,512})$/,
      'the name of a secret, or its ARN with the six characters at the end',
    ),
  ),
  apiKeySecretKeyArn: check.text(patterns.kmsKeyArn, 'the ARN of a KMS key'),
  pipelineKeyArn: check.text(patterns.kmsKeyArn, 'the ARN of a KMS key'),
  accessLogsBucket: nameOfBucket,
  trustedTaggerRoleArns: check.roleArns(maxTaggerChars),
  operatorRoleArns: check.roleArns(maxOperatorChars),
  evidenceRetentionDays: check.wholeNumber(1, maxExpireDays),
  eventBus: check.known(
    check.text(
      /^(arn:[^:]+:events:[^:]+:\d{12}:event-bus\/)?[A-Za-z0-9/._-]{1,256}$/,
      'the name of an event bus, or its ARN',
    ),
  ),
} satisfies Checks<LivePhotosStackProps>;

/** @throws ConfigurationError for the first prop of a stack that is unknown or has a wrong value. */
export function validateStackProps(props: LivePhotosStackProps): void {
  checkEach(props, stackChecks, (name) => name);
}

/** The props of a stack that its uploader has too, with the same meaning. */
export function sharedProps(props: LivePhotosStackProps): Pick<LivePhotosStackProps, keyof typeof sharedChecks> {
  return Object.fromEntries(Object.entries(props).filter(([name]) => name in sharedChecks));
}

/** @throws ConfigurationError for the first prop that is unknown, has a wrong value, or contradicts another. */
export function validateProps(props: LivePhotoUploaderProps): void {
  checkEach(props, uploaderChecks, nameOf);
  const { requestsPerSecond = defaultPace.requestsPerSecond, maxConcurrency = defaultPace.maxConcurrency } = props;
  // Each environment may start at least one call per second, so there can't be more environments than calls.
  ensure(
    maxConcurrency <= requestsPerSecond,
    `maxConcurrency is ${maxConcurrency}: it must be a whole number from 2 to requestsPerSecond, which is ${requestsPerSecond}`,
  );
  ensure(
    props.apiKeySecretKey === undefined || props.apiKeySecret !== undefined,
    `${nameOf('apiKeySecretKey')} needs apiKeySecret: the secret that the stack creates uses ${nameOf('pipelineKey')}, if that is set`,
  );
  ensure(
    props.keyPrefix === undefined || props.keyPrefixes === undefined,
    `keyPrefix contradicts keyPrefixes: add ${props.keyPrefix ?? ''} to keyPrefixes, and remove keyPrefix`,
  );
  checkCarriedKeys(props);
  if (props.existingBucket === undefined) return;

  for (const name of [
    'bucketName',
    'forbidOverwrites',
    'uploadOrigins',
    'uploadedExpiration',
    'rejectedExpiration',
    'erasedExpiration',
    'trustedTaggers',
  ] as const) {
    ensure(
      isNothing(props[name]),
      `${nameOf(name)} contradicts existingBucket: configure it on the existing bucket instead`,
    );
  }
}

/** Whether a value asks for nothing, so that it contradicts nothing. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === false || (Array.isArray(value) && value.length === 0);
}

/** Constructs carry keys, which the function uses unless a prop names another one. */
function checkCarriedKeys({
  existingBucket,
  encryptionKey,
  apiKeySecret,
  apiKeySecretKey,
}: LivePhotoUploaderProps): void {
  const carried = {
    "existingBucket's key": encryptionKey ?? existingBucket?.encryptionKey,
    "apiKeySecret's key": apiKeySecretKey ?? apiKeySecret?.encryptionKey,
  };
  for (const [name, key] of Object.entries(carried)) {
    const problem = key === undefined ? undefined : check.key(name, key);
    if (problem !== undefined) throw new ConfigurationError(problem);
  }
}

/** JavaScript and objects that are spread into props escape the compiler's checks. */
function checkEach(
  props: unknown,
  checks: Readonly<Record<string, check.Check>>,
  nameFor: (name: string) => string,
): void {
  if (typeof props !== 'object' || props === null || Array.isArray(props)) {
    throw new ConfigurationError(`props is ${check.shown(props)}: it must be an object with the props`);
  }
  for (const [name, value] of Object.entries(props)) {
    const isKnown = Object.hasOwn(checks, name);
    ensure(isKnown, `Unknown prop ${name}: choose from ${Object.keys(checks).join(', ')}`);
    if (value === undefined) continue;
    const problem = checks[name]?.(nameFor(name), value);
    if (problem !== undefined) throw new ConfigurationError(problem);
  }
}

/** The name of a prop for messages, with the stack's setting in parentheses if that has another name. */
export function nameOf(prop: string): string {
  const setting = stackSettings[prop];
  return setting === undefined ? prop : `${prop} (${setting})`;
}

const stackSettings: Readonly<Record<string, string>> = {
  uploadedExpiration: 'uploadedExpireDays',
  rejectedExpiration: 'rejectedExpireDays',
  erasedExpiration: 'erasedExpireDays',
  evidenceRetention: 'evidenceRetentionDays',
  trustedTaggers: 'trustedTaggerRoleArns',
  operators: 'operatorRoleArns',
  encryptionKey: 'encryptionKeyArn',
  apiKeySecretKey: 'apiKeySecretKeyArn',
  pipelineKey: 'pipelineKeyArn',
} satisfies { readonly [Prop in keyof LivePhotoUploaderProps]?: keyof LivePhotosStackProps };

function ensure(isValid: boolean, message: string): void {
  if (!isValid) throw new ConfigurationError(message);
}
