import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { LivePhotosStackProps } from '../lib/uploader-props';
import { ConfigurationError } from '../lib/validate-props';
import { patterns } from '../contract/patterns';

/** Parses the value of `-c name=value`. */
type Parse<Value> = (name: string, text: string) => Value;

/** All settings of `cdk deploy -c name=value`. Here only the format is checked; `validateProps` checks limits and combinations. */
const parsers = {
  stackName: parseText(patterns.stackName, 'a letter, then letters, digits and -'),
  tags: parseTags,
  existingBucket: parseText(/^[A-Za-z0-9._-]{3,63}$/, 'the name of a bucket, not its ARN'),
  bucketName: parseText(),
  encryptionKeyArn: parseText(patterns.kmsKeyArn, 'the ARN of a KMS key'),
  keyPrefix: parseText(),
  forbidOverwrites: parseFlag,
  uploadOrigins: parseList,
  uploadedExpireDays: parseWholeNumber,
  rejectedExpireDays: parseWholeNumber,
  trustedTaggerRoleArns: parseList,
  apiKeySecret: parseText(
    /^(arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:.+-[A-Za-z0-9]{6}|[A-Za-z0-9/_+=.@-]{1,512})$/,
    'the name of a secret, or its ARN with the six characters at the end',
  ),
  apiKeySecretKeyArn: parseText(patterns.kmsKeyArn, 'the ARN of a KMS key'),
  complyCubeBaseUrl: parseText(),
  requestsPerSecond: parseWholeNumber,
  maxConcurrency: parseWholeNumber,
  performLivenessCheck: parseFlag,
  operatorRoleArns: parseList,
  eventBus: parseText(
    /^(arn:[^:]+:events:[^:]+:\d{12}:event-bus\/)?[A-Za-z0-9/._-]{1,256}$/,
    'the name of an event bus, or its ARN',
  ),
  alarmEmail: parseText(/^[^@\s]+@[^@\s]+$/, 'an e-mail address'),
  runbookUrl: parseText(),
  logRetention: parseLogRetention,
} satisfies { readonly [Name in keyof LivePhotosStackProps]: Parse<LivePhotosStackProps[Name]> };

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(parsers);

/**
 * Reads the stack's configuration from the app's context.
 * @param context the whole context. Entries of the CDK are ignored.
 * @throws ConfigurationError for an unknown setting or a value of the wrong type.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): LivePhotosStackProps {
  const settings = Object.entries(context).filter(([name]) => !isSetByCdk(name));
  return Object.fromEntries(
    settings.map(([name, value]) => {
      const parse = Object.entries(parsers).find(([known]) => known === name)?.[1];
      if (parse === undefined)
        throw new ConfigurationError(`Unknown setting ${name}: choose from ${settingNames.join(', ')}`);
      // Values from the command line are strings. cdk.json may contain numbers and booleans.
      const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
      if (Array.isArray(value)) {
        throw new ConfigurationError(
          `The setting ${name} is a list: write its values as one text, separated by commas`,
        );
      }
      if (!isPlain || value === '') throw new ConfigurationError(`The setting ${name} has no value`);
      return [name, parse(name, String(value))];
    }),
  );
}

/** Context entries of the CDK: feature flags, options of its command line, and `cli-telemetry` in cdk.json. */
function isSetByCdk(name: string): boolean {
  return name.includes(':') || name === 'cli-telemetry';
}

function parseText(pattern = /./, expected = 'a non-empty string'): Parse<string> {
  return (name, text) => {
    if (!pattern.test(text)) throw new ConfigurationError(`${name} is ${text}: it must be ${expected}`);
    return text;
  };
}

function parseFlag(name: string, text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new ConfigurationError(`${name} is ${text}: it must be true or false`);
  return text === 'true';
}

function parseList(name: string, text: string): string[] {
  const values = text.split(',').map((value) => value.trim());
  if (values.includes(''))
    throw new ConfigurationError(`${name} is ${text}: it must be a list of values separated by commas`);
  return values;
}

function parseWholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new ConfigurationError(`${name} is ${text}: it must be a whole number`);
  return Number(text);
}

function parseLogRetention(name: string, text: string): RetentionDays {
  const allowed = Object.values(RetentionDays).filter((days) => typeof days === 'number');
  const days = parseWholeNumber(name, text);
  const found = allowed.find((retention) => retention.valueOf() === days);
  if (found === undefined)
    throw new ConfigurationError(`${name} is ${days}: it must be one of ${allowed.join(', ')} days`);
  return found;
}

/** Parses `team=kyc,stage=prod`. AWS reserves keys that start with `aws:` (CloudFormation API reference, Tag). */
function parseTags(name: string, text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((tag) => {
      const [, key, value] = /^(?!aws:)([^=]{1,128})=(.{1,256})$/.exec(tag) ?? [];
      if (key === undefined || value === undefined) {
        throw new ConfigurationError(`${name} is ${text}: it must be a list of key=value separated by commas`);
      }
      return [key, value];
    }),
  );
}
