import { type Duration, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { inspect } from 'node:util';
import { apiUrlRule, isApiUrl } from '../contract/api-url';
import { isSafeOrigin, patterns } from '../contract/patterns';

/** Checks a value by itself. @returns what is wrong, in one line that begins with the name, or undefined. */
export type Check = (name: string, value: unknown) => string | undefined;

/** Accepts any value: CDK checks it. */
export const anything: Check = () => undefined;

/** A text that matches a pattern. A token passes, because its text is known only at deployment. */
export function text(pattern = /./, expected = 'a non-empty string'): Check {
  return (name, value) =>
    typeof value === 'string' && (Token.isUnresolved(value) || pattern.test(value))
      ? undefined
      : `${name} is ${shown(value)}: it must be ${expected}`;
}

/** Whether a list contains the token of a list. CDK can't write other values beside it, and sees such a token only alone in a list. */
function hasListToken(values: unknown): boolean {
  return (
    Array.isArray(values) &&
    values.some((value) => typeof value === 'string' && Token.isUnresolved([value]) && !Token.isUnresolved(value))
  );
}

/** A value that decides what is synthesized, so it can't be a token. */
export function known(check: Check): Check {
  return (name, value) =>
    Token.isUnresolved(value) || hasListToken(value)
      ? `${name} is a token: it must be known at synthesis, because other values depend on it`
      : check(name, value);
}

export const flag: Check = known((name, value) =>
  typeof value === 'boolean' ? undefined : `${name} is ${quoted(value)}: it must be true or false`,
);

/** A whole number within bounds. */
export function wholeNumber(least: number, most: number): Check {
  return (name, value) =>
    Token.isUnresolved(value) || (Number.isInteger(value) && Number(value) >= least && Number(value) <= most)
      ? undefined
      : `${name} is ${quoted(value)}: it must be a whole number from ${least} to ${most.toLocaleString('en')}`;
}

/** One of some numbers. */
export function oneOf(allowed: readonly number[], unit: string): Check {
  return (name, value) =>
    Token.isUnresolved(value) || allowed.includes(value as number)
      ? undefined
      : `${name} is ${quoted(value)}: it must be one of ${allowed.join(', ')} ${unit}`;
}

/** A construct with an attribute. `instanceof` would fail, because an app may have several copies of the CDK. */
export function construct(attribute: string, expected: string): Check {
  return (name, value) =>
    Construct.isConstruct(value) && attribute in value
      ? undefined
      : `${name} is ${quoted(value)}: it must be ${expected}`;
}

/** A key construct. */
export const key: Check = (name, value) => {
  const problem = construct('keyArn', 'a key construct (IKey)')(name, value);
  if (problem !== undefined) return problem;
  return isAlias(value as IKey)
    ? `${name} is an alias: it must be the key itself, because IAM policies can't name a key by an alias`
    : undefined;
};

/** `Key.fromKeyArn` accepts the ARN of an alias too. */
function isAlias(given: IKey): boolean {
  return 'aliasName' in given || /:alias\//.test(given.keyArn);
}

/** A duration in whole days. */
export function days(least: number, most: number): Check {
  return (name, value) => {
    if (!isDuration(value)) return `${name} is ${quoted(value)}: it must be a Duration, such as Duration.days(30)`;
    if (value.isUnresolved()) {
      // CDK can't convert a token to another unit.
      return value.unitLabel() === 'days'
        ? undefined
        : `${name} is a token: it must be in days, as Duration.days(token)`;
    }
    const found = value.toDays({ integral: false });
    return wholeNumber(least, most)(name, found)?.replace(':', ' days:');
  };
}

function isDuration(value: unknown): value is Duration {
  const methods = ['toDays', 'isUnresolved', 'unitLabel'] as const;
  return methods.every((method) => typeof (value as Partial<Duration> | null | undefined)?.[method] === 'function');
}

/** Tags of a stack. AWS reserves keys that start with `aws:` (CloudFormation API reference, Tag). */
export const tags: Check = (name, value) => {
  const entries = isPlainObject(value) ? Object.entries(value) : [];
  const isRight = entries.every(
    ([key, tag]) => /^(?!aws:).{1,128}$/.test(key) && typeof tag === 'string' && /^.{1,256}$/.test(tag),
  );
  return entries.length > 0 && isRight
    ? undefined
    : `${name} is ${quoted(value)}: it must be keys of 1 to 128 characters with values of 1 to 256, and no key may begin with aws:`;
};

export const bucketName: Check = (name, value) => {
  if (typeof value !== 'string') return text()(name, value);
  if (Token.isUnresolved(value)) return undefined;
  try {
    Bucket.validateBucketName(value);
    return undefined;
  } catch (error) {
    const [problem = ''] = (error as Error).message.split('\n').slice(-1);
    return `${name} is ${value}: ${problem}`;
  }
};

const maxKeyPrefixes = 10;
/** The limits of an EventBridge pattern (2,048 characters) and of a function's environment variables (4 KB) leave room for more. */
const maxKeyPrefixChars = 1_024;
const ofKeyPrefix = "1 to 512 characters of A-Z a-z 0-9 ! _ . ' ( ) / -";

export const keyPrefix: Check = known(text(patterns.keyPrefix, ofKeyPrefix));

/** Prefixes of keys. S3 refuses overlapping ones in a bucket's notifications. */
export const keyPrefixes: Check = known((name, value) => {
  if (!Array.isArray(value) || value.length < 1 || value.length > maxKeyPrefixes) {
    return `${name} is ${quoted(value)}: it must be a list of 1 to ${maxKeyPrefixes} prefixes`;
  }
  for (const prefix of value as readonly unknown[]) {
    if (Token.isUnresolved(prefix)) return known(anything)(name, prefix);
    const isPrefix = typeof prefix === 'string' && patterns.keyPrefix.test(prefix);
    if (!isPrefix) return `${name} has ${shown(prefix)}: each must be ${ofKeyPrefix}`;
  }
  const prefixes = value as readonly string[];
  const chars = prefixes.join('').length;
  if (chars > maxKeyPrefixChars) {
    return `${name} has ${chars} characters in total: it must have at most ${maxKeyPrefixChars.toLocaleString('en')}`;
  }
  const [shorter, longer] = findOverlap(prefixes) ?? [];
  return shorter === undefined
    ? undefined
    : `${name} has ${shorter} and ${longer}: no prefix may begin with another. Keep only ${shorter}`;
});

/** @returns two prefixes of which one begins with the other, if there are any. */
export function findOverlap(prefixes: readonly string[]): [shorter: string, longer: string] | undefined {
  // Sorted, a prefix is next to one that begins with it.
  const sorted = [...prefixes].sort();
  const at = sorted.findIndex((prefix, index) => sorted[index + 1]?.startsWith(prefix));
  return at === -1 ? undefined : [String(sorted[at]), String(sorted[at + 1])];
}

/** The message does not repeat credentials. */
export const apiUrl: Check = (name, value) => {
  if (Token.isUnresolved(value) || (typeof value === 'string' && isApiUrl(value))) return undefined;
  const problem = String(value).includes('@') ? 'contains credentials' : `is ${shown(value)}`;
  return `${name} ${problem}: it must be ${apiUrlRule}`;
};

export const origins: Check = (name, value) => {
  if (Token.isUnresolved(value)) return undefined;
  if (hasListToken(value)) return `${name} has the token of a list beside other values: pass it alone, or each value`;
  if (!Array.isArray(value)) {
    return `${name} is ${quoted(value)}: it must be a list of origins such as https://app.example.com`;
  }
  const wrong: unknown = value.find((origin) => !Token.isUnresolved(origin) && !isSafeOrigin(origin));
  return wrong === undefined && !value.includes(undefined)
    ? undefined
    : `${name} has ${shown(wrong)}: each must be an https origin such as https://app.example.com, or an origin on localhost`;
};

/**
 * ARNs of roles. A wildcard would match other roles, and the ARN of a session matches none.
 * @param maxChars the most characters in total, because the policies that contain the ARNs have a maximum size.
 */
export function roleArns(maxChars: number): Check {
  return known((name, value) => {
    const expected = 'the ARN of a role, such as arn:aws:iam::111122223333:role/name';
    if (!Array.isArray(value)) return `${name} is ${quoted(value)}: it must be a list, each value ${expected}`;
    const isRole = (arn: unknown): boolean =>
      Token.isUnresolved(arn) || (typeof arn === 'string' && patterns.roleArn.test(arn));
    const wrong = value.findIndex((arn) => !isRole(arn));
    if (wrong !== -1) return `${name} has ${shown(value[wrong])}: each must be ${expected}`;
    const chars = value.join('').length;
    return chars <= maxChars
      ? undefined
      : `${name} has ARNs of ${chars.toLocaleString('en')} characters in total: a policy has room for ${maxChars.toLocaleString('en')}`;
  });
}

/** Role constructs. @param maxChars the most characters of their ARNs in total. */
export function roles(maxChars: number): Check {
  return (name, value) => {
    if (!Array.isArray(value)) return `${name} is ${quoted(value)}: it must be a list of role constructs (IRole)`;
    const isRole = construct('roleArn', '');
    for (const role of value as readonly unknown[]) {
      if (isRole(name, role) !== undefined) return `${name} has ${quoted(role)}: each must be a role construct (IRole)`;
    }
    return roleArns(maxChars)(
      name,
      value.map(({ roleArn }: { readonly roleArn: string }) => roleArn),
    );
  };
}

/** A text without quotes, unless they show where it begins and ends. */
export function shown(value: unknown): string {
  return typeof value === 'string' && /^\S+( \S+)*$/.test(value) ? value : quoted(value);
}

/** A text in quotes, so that `"5"` is not taken for the number. The result is one line for any value. */
function quoted(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? `${value}n` : String(value);
  if (Array.isArray(value) || isPlainObject(value)) return listed(value);
  const { constructor } = value as { readonly constructor?: unknown };
  return typeof constructor === 'function' ? `a ${constructor.name}` : 'an object';
}

/** JSON can't express what contains itself or a `bigint`. */
function listed(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return inspect(value, { depth: 0, compact: true, breakLength: Infinity });
  }
}

/** Whether a value is an object as JavaScript's literals create it, or without a prototype. */
function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
