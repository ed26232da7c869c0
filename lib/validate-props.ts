import { type Duration, Token } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { isLoopbackHost, patterns } from '../contract/patterns';
import type { LivePhotosStackProps, LivePhotoUploaderProps } from './uploader-props';

/** A value is out of bounds or contradicts another. The message is one line that names the value and says what to do. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Far above ComplyCube's default limits, and below what one environment can start. */
const maxRequestsPerSecond = 1_000;

/** @throws ConfigurationError for the first value that is out of bounds or contradicts another. */
export function validateProps(
  props: LivePhotoUploaderProps & { readonly requestsPerSecond: number; readonly maxConcurrency: number },
): void {
  const { requestsPerSecond, maxConcurrency, existingBucket } = props;
  check(
    isWholeNumber(requestsPerSecond, 2, maxRequestsPerSecond),
    `requestsPerSecond is ${requestsPerSecond}: it must be a whole number from 2 to ${maxRequestsPerSecond}`,
  );
  // Lambda's minimum for an event source's maximum concurrency is 2. Each environment may start at least one call per second,
  // so there can't be more environments than calls.
  check(
    isWholeNumber(maxConcurrency, 2, requestsPerSecond),
    `maxConcurrency is ${maxConcurrency}: it must be a whole number from 2 to requestsPerSecond, which is ${requestsPerSecond}`,
  );
  check(
    props.keyPrefix === undefined || patterns.keyPrefix.test(props.keyPrefix),
    `keyPrefix is ${props.keyPrefix ?? ''}: it must be 1 to 512 characters of A-Z a-z 0-9 ! _ . ' ( ) / -`,
  );
  checkBaseUrl(props.complyCubeBaseUrl);
  for (const origin of props.uploadOrigins ?? []) checkOrigin(origin);
  checkExpiration('uploadedExpiration', props.uploadedExpiration);
  checkExpiration('rejectedExpiration', props.rejectedExpiration);
  for (const name of ['trustedTaggers', 'operators'] as const) {
    checkRoleArns(
      nameOf(name),
      props[name]?.map(({ roleArn }) => roleArn),
    );
  }
  if (props.bucketName !== undefined) checkBucketName(props.bucketName);
  check(
    props.apiKeySecretKey === undefined || props.apiKeySecret !== undefined,
    `${nameOf('apiKeySecretKey')} needs apiKeySecret: the secret that the stack creates has no customer managed key`,
  );
  if (existingBucket === undefined) return;

  for (const name of [
    'bucketName',
    'forbidOverwrites',
    'uploadOrigins',
    'uploadedExpiration',
    'rejectedExpiration',
    'trustedTaggers',
  ] as const) {
    check(
      props[name] === undefined || props[name] === false,
      `${nameOf(name)} contradicts existingBucket: configure it on the existing bucket instead`,
    );
  }
}

function checkBaseUrl(value: string | undefined): void {
  if (value === undefined || Token.isUnresolved(value)) return;
  const isHttps = URL.canParse(value) && new URL(value).protocol === 'https:';
  check(
    isHttps,
    `complyCubeBaseUrl is ${value}: it must be an https URL, because the API key and photos are sent to it`,
  );
}

/** Checks for the format of the `Origin` header. Plain HTTP is allowed only for loopback hosts, for development. */
function checkOrigin(value: string): void {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isSafe = url?.protocol === 'https:' || isLoopbackHost(url?.hostname ?? '');
  check(
    isSafe && url?.origin === value && !value.includes('*'),
    `uploadOrigins has ${value}: each must be an https origin such as https://app.example.com, or an origin on localhost`,
  );
}

function checkExpiration(name: 'uploadedExpiration' | 'rejectedExpiration', value: Duration | undefined): void {
  if (value === undefined) return;
  const days = value.toDays({ integral: false });
  check(isWholeNumber(days, 1, 36_500), `${nameOf(name)} is ${days} days: it must be a whole number from 1 to 36,500`);
}

/** Checks ARNs of roles. A wildcard would match other roles, and the ARN of a session matches none. */
export function checkRoleArns(name: string, arns: readonly string[] = []): void {
  for (const arn of arns) {
    check(
      Token.isUnresolved(arn) || patterns.roleArn.test(arn),
      `${name} has ${arn}: each must be the ARN of a role, such as arn:aws:iam::111122223333:role/name`,
    );
  }
}

/** The name of a prop for messages, with the stack's setting in parentheses if that has another name. */
function nameOf(prop: keyof LivePhotoUploaderProps): string {
  const setting = stackSettings[prop];
  return setting === undefined ? prop : `${prop} (${setting})`;
}

const stackSettings: { readonly [Prop in keyof LivePhotoUploaderProps]?: keyof LivePhotosStackProps } = {
  uploadedExpiration: 'uploadedExpireDays',
  rejectedExpiration: 'rejectedExpireDays',
  trustedTaggers: 'trustedTaggerRoleArns',
  operators: 'operatorRoleArns',
  apiKeySecretKey: 'apiKeySecretKeyArn',
};

function checkBucketName(name: string): void {
  try {
    Bucket.validateBucketName(name);
  } catch (cause) {
    const [problem = ''] = (cause as Error).message.split('\n').slice(-1);
    throw new ConfigurationError(`bucketName is ${name}: ${problem}`, { cause });
  }
}

function check(isValid: boolean, message: string): void {
  if (!isValid) throw new ConfigurationError(message);
}

function isWholeNumber(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
