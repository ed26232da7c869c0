import type { LivePhotosStackProps } from '../lib/uploader-props';
import { shown } from '../lib/prop-checks';
import { ConfigurationError, validateStackProps } from '../lib/validate-props';

/** Converts the value of `-c name=value`. A text that can't be converted remains, and `validateStackProps` refuses it. */
type Convert = (name: string, text: string) => unknown;

/** All settings of `cdk deploy -c name=value`. */
const conversions = {
  stackName: asText,
  tags: readTags,
  existingBucket: asText,
  bucketName: asText,
  encryptionKeyArn: asText,
  keyPrefix: asText,
  keyPrefixes: readList,
  clientIdMetadata: asText,
  forbidOverwrites: asFlag,
  uploadOrigins: readList,
  uploadedExpireDays: asWholeNumber,
  rejectedExpireDays: asWholeNumber,
  erasedExpireDays: asWholeNumber,
  trustedTaggerRoleArns: readList,
  apiKeySecret: asText,
  apiKeySecretKeyArn: asText,
  pipelineKeyArn: asText,
  accessLogsBucket: asText,
  complyCubeBaseUrl: asText,
  requestsPerSecond: asWholeNumber,
  maxConcurrency: asWholeNumber,
  performLivenessCheck: asFlag,
  operatorRoleArns: readList,
  evidenceRetentionDays: asWholeNumber,
  eventBus: asText,
  alarmEmail: asText,
  runbookUrl: asText,
  logRetention: asWholeNumber,
} satisfies { readonly [Name in keyof LivePhotosStackProps]: Convert };

/** The names of all settings. */
export const settingNames: readonly string[] = Object.keys(conversions);

/**
 * Reads the stack's configuration from the app's context.
 * @param context the whole context. Entries of the CDK are ignored.
 * @throws ConfigurationError for an unknown setting or a value of the wrong type.
 */
export function readSettings(context: Readonly<Record<string, unknown>>): LivePhotosStackProps {
  const settings = Object.entries(context).filter(([name]) => !isSetByCdk(name));
  const props = Object.fromEntries(
    settings.map(([name, value]) => {
      const convert = Object.entries(conversions).find(([known]) => known === name)?.[1];
      if (convert === undefined)
        throw new ConfigurationError(`Unknown setting ${name}: choose from ${settingNames.join(', ')}`);
      // Values from the command line are strings. cdk.json may contain numbers and booleans.
      const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
      if (Array.isArray(value)) {
        throw new ConfigurationError(
          `The setting ${name} is a list: write its values as one text, separated by commas`,
        );
      }
      if (!isPlain || value === '') throw new ConfigurationError(`The setting ${name} has no value`);
      return [name, convert(name, String(value))];
    }),
  ) as LivePhotosStackProps;
  validateStackProps(props);
  return props;
}

/** Context entries of the CDK: feature flags, options of its command line, and `cli-telemetry` in cdk.json. */
function isSetByCdk(name: string): boolean {
  return name.includes(':') || name === 'cli-telemetry';
}

function asText(_: string, text: string): string {
  return text;
}

function asFlag(_: string, text: string): boolean | string {
  return text === 'true' || text === 'false' ? text === 'true' : text;
}

function asWholeNumber(_: string, text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}

function readList(name: string, text: string): string[] {
  const values = text.split(',').map((value) => value.trim());
  if (values.includes(''))
    throw new ConfigurationError(`${name} is ${shown(text)}: it must be a list of values separated by commas`);
  return values;
}

/** Parses `team=kyc,stage=prod`. */
function readTags(name: string, text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((tag) => {
      const [, key, value] = /^([^=]+)=(.+)$/.exec(tag) ?? [];
      if (key === undefined || value === undefined) {
        throw new ConfigurationError(`${name} is ${shown(text)}: it must be a list of key=value separated by commas`);
      }
      return [key, value];
    }),
  );
}
