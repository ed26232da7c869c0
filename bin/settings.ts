import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { LivePhotosStackProps } from '../lib/live-photos-stack';
import { ConfigurationError } from '../lib/validate-props';
import { patterns } from '../contract/patterns';

/** Reads a setting's value from the text that `-c name=value` gave. */
type Parse<Value> = (name: string, text: string) => Value;

/** Every setting of `cdk deploy -c name=value`; the stack checks what they mean, here they are just read. */
const parsers = {
  stackName: parseText(patterns.stackName, 'a letter, then letters, digits and -'),
  tags: parseTags,
  existingBucket: parseText(/^[A-Za-z0-9._-]{3,63}$/, "a bucket's name, not its ARN"),
  bucketName: parseText(),
  encryptionKeyArn: parseText(patterns.kmsKeyArn, 'the ARN of a KMS key'),
  keyPrefix: parseText(),
  forbidOverwrites: parseFlag,
  uploadOrigins: parseList,
  uploadedExpireDays: parseWholeNumber,
  rejectedExpireDays: parseWholeNumber,
  apiKeySecret: parseText(
    /^(arn:[^:]+:secretsmanager:[^:]+:\d{12}:secret:.+-[A-Za-z0-9]{6}|[A-Za-z0-9/_+=.@-]{1,512})$/,
    "a secret's name, or its whole ARN with the six characters at its end",
  ),
  complyCubeBaseUrl: parseText(),
  requestsPerSecond: parseWholeNumber,
  maxConcurrency: parseWholeNumber,
  performLivenessCheck: parseFlag,
  eventBus: parseText(),
  alarmEmail: parseText(/^[^@\s]+@[^@\s]+$/, 'an e-mail address'),
  runbookUrl: parseText(),
  logRetention: parseLogRetention,
} satisfies { readonly [Name in keyof LivePhotosStackProps]: Parse<LivePhotosStackProps[Name]> };

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(parsers);

/**
 * Reads the stack's configuration from the app's context.
 * @param context all of it; what the CDK itself put there is passed over.
 * @throws ConfigurationError for a setting that there isn't, and a value of the wrong kind.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): LivePhotosStackProps {
  const given = Object.entries(context).filter(([name]) => !isOfTheCdk(name));
  return Object.fromEntries(
    given.map(([name, value]) => {
      const parse = Object.entries(parsers).find(([known]) => known === name)?.[1];
      if (parse === undefined)
        throw new ConfigurationError(`There is no setting ${name}: choose from ${settingNames.join(', ')}`);
      // The command line gives texts; cdk.json may hold numbers and booleans as they are.
      const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
      if (!isPlain || value === '') throw new ConfigurationError(`The setting ${name} has no value`);
      return [name, parse(name, String(value))];
    }),
  );
}

/** The CDK's own context: feature flags, what its command line hands over, and what cdk.json sets. */
function isOfTheCdk(name: string): boolean {
  return name.includes(':') || name === 'cli-telemetry';
}

function parseText(pattern = /./, expected = 'a text'): Parse<string> {
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
  if (values.includes('')) throw new ConfigurationError(`${name} is ${text}: it must be values separated by commas`);
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
    throw new ConfigurationError(`${name} is ${days}: CloudWatch keeps logs for ${allowed.join(', ')} days`);
  return found;
}

/** Reads `team=kyc,stage=prod`; keys that begin with `aws:` are AWS's own (CloudFormation API reference, Tag). */
function parseTags(name: string, text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((tag) => {
      const [, key, value] = /^(?!aws:)([^=]{1,128})=(.{1,256})$/.exec(tag) ?? [];
      if (key === undefined || value === undefined) {
        throw new ConfigurationError(`${name} is ${text}: it must be key=value, several separated by commas`);
      }
      return [key, value];
    }),
  );
}
