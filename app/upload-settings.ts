import { uploadEnvironmentNames as names } from '../contract/upload-environment';
import { InvalidOptionError } from './check-options';
import { bucketName, type Check, keyPrefix, kmsKeyArn, metadataName } from './checks';

export { InvalidOptionError } from './check-options';

/** What a back end must know of the stack to grant uploads: options of `createUploadGrant`. */
export interface UploadSettings {
  readonly bucket: string;
  /** The stack's key prefixes. Empty: the stack processes all objects of the bucket. */
  readonly keyPrefixes: readonly string[];
  /** The name of the metadata with the client ID. Default: `client-id`. */
  readonly clientIdMetadata?: string;
  /** The ARN of the bucket's KMS key, if it has one. */
  readonly encryptionKeyArn?: string;
}

/**
 * Reads the settings from the environment variables that the construct's `addUploadEnvironment` sets.
 * @param environment usually `process.env`.
 * @throws InvalidOptionError if a variable is missing or invalid. `field` is the name of the variable, or `environment`.
 */
export function uploadSettingsFrom(environment: Readonly<Record<string, string | undefined>>): UploadSettings {
  const given: unknown = environment;
  if (typeof given !== 'object' || given === null) throw new InvalidOptionError('environment', 'must be process.env');
  const read = (name: string, { isValid, mustBe }: Check): string | undefined => {
    const value = environment[name];
    if (value === undefined || value === '' || isValid(value)) return value === '' ? undefined : value;
    throw new InvalidOptionError(name, `must be ${mustBe}`);
  };
  const bucket = read(names.bucket, bucketName);
  if (bucket === undefined) {
    throw new InvalidOptionError(names.bucket, "is not set: the construct's addUploadEnvironment sets it");
  }
  const clientIdMetadata = read(names.clientIdMetadata, metadataName);
  const encryptionKeyArn = read(names.encryptionKeyArn, kmsKeyArn);
  return {
    bucket,
    keyPrefixes: read(names.keyPrefixes, prefixList)?.split(',') ?? [],
    ...(clientIdMetadata !== undefined && { clientIdMetadata }),
    ...(encryptionKeyArn !== undefined && { encryptionKeyArn }),
  };
}

const prefixList: Check = {
  isValid: (value) => typeof value === 'string' && value.split(',').every(keyPrefix.isValid),
  mustBe: `key prefixes, separated by commas. Each has ${keyPrefix.mustBe}`,
};
