import { patterns } from '../contract/patterns';

/** What a value must be. */
export interface Check {
  readonly isValid: (value: unknown) => boolean;
  /** Completes the sentence "The value must be …". */
  readonly mustBe: string;
}

/** Also accepts a value that is omitted. */
export function optional({ isValid, mustBe }: Check): Check {
  return { isValid: (value) => value === undefined || isValid(value), mustBe };
}

/** A text that matches a pattern. */
function text(pattern: RegExp, mustBe: string): Check {
  return { isValid: (value) => typeof value === 'string' && pattern.test(value), mustBe };
}

/** A number within bounds. */
export function number(least: number, most: number): Check {
  // NaN fails both comparisons.
  const isValid = (value: unknown): boolean => typeof value === 'number' && value >= least && value <= most;
  return { isValid, mustBe: `a number from ${least} to ${most}` };
}

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): Check {
  const isValid = (value: unknown): boolean => Number.isInteger(value) && number(least, most).isValid(value);
  return { isValid, mustBe: `a whole number from ${least} to ${most}` };
}

/** True or false. */
export const flag: Check = { isValid: (value) => typeof value === 'boolean', mustBe: 'true or false' };

/** One of some texts. */
export function oneOf(values: readonly string[]): Check {
  return { isValid: (value) => values.some((one) => one === value), mustBe: `one of ${values.join(', ')}` };
}

/** A list whose items pass a check. */
export function listOf({ isValid, mustBe }: Check): Check {
  return { isValid: (value) => Array.isArray(value) && value.every(isValid), mustBe: `a list of ${mustBe}` };
}

/** A client of any version 3 of the SDK: an app may have several copies of it. Clients of other services are no S3 clients. */
export const s3Client: Check = {
  isValid: (value) => {
    const { config, send } = Object(value) as { readonly config?: unknown; readonly send?: unknown };
    return typeof send === 'function' && (Object(config) as { readonly serviceId?: unknown }).serviceId === 'S3';
  },
  mustBe: 'an S3Client of @aws-sdk/client-s3',
};

/** A signal that Node can combine with others. */
export const abortSignal: Check = {
  isValid: (value) => {
    try {
      // Throws for everything that is no signal, also for an object that only inherits from AbortSignal.
      Reflect.get(AbortSignal.prototype, 'aborted', value);
      return true;
    } catch {
      return false;
    }
  },
  mustBe: 'an AbortSignal',
};

/** The key or the version ID of an object: at most 1,024 bytes (S3 user guide, "Naming Amazon S3 objects"). */
export function objectName(mustBe: string): Check {
  return { isValid: (value) => typeof value === 'string' && isObjectName(value), mustBe };
}

function isObjectName(name: string): boolean {
  const bytes = Buffer.from(name);
  // Half a surrogate pair has no UTF-8, and no URL can contain it.
  return bytes.length >= 1 && bytes.length <= 1024 && bytes.toString() === name;
}

/** Labels between dots, and no IPv4 address (S3 user guide, "Bucket naming rules"). */
const bucketPattern =
  /^(?=.{3,63}$)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;

export const bucketName = text(bucketPattern, 'the name of an S3 bucket');

export const keyPrefix = text(patterns.keyPrefix, "1 to 512 characters of A-Z a-z 0-9 ! _ . ' ( ) / -");

export const metadataName = text(
  patterns.clientIdMetadata,
  'the name of S3 user metadata without x-amz-meta-: 1 to 64 characters of a-z 0-9 . _ -',
);

export const kmsKeyArn = text(patterns.kmsKeyArn, 'the ARN of a KMS key');
