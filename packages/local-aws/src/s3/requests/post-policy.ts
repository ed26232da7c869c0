import { S3Error } from '../errors';

/** A form, for the check against its policy. */
export interface PostedForm {
  /** By lower-case name. `bucket` is the bucket in the form's URL, not in a field. */
  readonly fields: ReadonlyMap<string, string>;
  readonly fileBytes: number;
}

/**
 * Checks a form against its policy, whose signature is already verified.
 *
 * Each condition must hold. Each field needs a condition, except the file, the policy, its signature and `x-ignore-…`.
 * Source: S3 API reference, "POST Policy"; the messages are as observed.
 * @param encoded the policy: JSON in base64.
 * @throws S3Error InvalidPolicyDocument; AccessDenied; EntityTooSmall; EntityTooLarge.
 */
export function checkPostPolicy(encoded: string, form: PostedForm, now = new Date()): void {
  const { expiration, conditions } = parsePolicy(encoded);
  if (expiration <= now) throw refused('Policy expired.');
  const covered = new Set<string>();
  for (const condition of conditions.flatMap(toConditions)) {
    if (condition[0] === 'content-length-range') checkLength(condition, form.fileBytes);
    else covered.add(checkField(condition, form.fields));
  }
  const extra = [...form.fields.keys()].find((name) => !covered.has(name) && !needsNoCondition(name));
  if (extra !== undefined) throw refused(`Extra input fields: ${extra}`);
}

interface Policy {
  readonly expiration: Date;
  readonly conditions: readonly unknown[];
}

function parsePolicy(encoded: string): Policy {
  let policy: unknown;
  try {
    policy = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
  } catch {
    throw invalidPolicy('Invalid JSON.');
  }
  const { expiration, conditions } = (typeof policy === 'object' && policy !== null ? policy : {}) as {
    expiration?: unknown;
    conditions?: unknown;
  };
  if (typeof expiration !== 'string') throw invalidPolicy('Policy missing expiration.');
  if (!Array.isArray(conditions)) throw invalidPolicy('Policy missing conditions.');
  const isIso8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(expiration);
  const date = new Date(isIso8601 ? expiration : NaN);
  if (Number.isNaN(date.getTime())) throw invalidPolicy(`Invalid 'expiration' value: '${expiration}'`);
  return { expiration: date, conditions };
}

type Condition = readonly [match: unknown, first: unknown, second: unknown];

/** `{"name": "value"}` is short for `["eq", "$name", "value"]`. Each name is a condition. */
function toConditions(condition: unknown): Condition[] {
  if (Array.isArray(condition)) {
    if (condition.length !== 3) throw failed(condition);
    return [condition as unknown as Condition];
  }
  if (typeof condition !== 'object' || condition === null) throw failed(condition);
  return Object.entries(condition).map(([name, value]) => ['eq', `$${name}`, value] as const);
}

function checkLength(condition: Condition, bytes: number): void {
  const [, min, max] = condition;
  if (!Number.isInteger(min) || !Number.isInteger(max)) throw failed(condition);
  if (bytes < Number(min)) {
    throw new S3Error('EntityTooSmall', {
      details: { ProposedSize: String(bytes), MinSizeAllowed: String(min) },
    });
  }
  if (bytes > Number(max)) {
    throw new S3Error('EntityTooLarge', {
      details: { ProposedSize: String(bytes), MaxSizeAllowed: String(max) },
    });
  }
}

/** @returns the name of the condition's field, in lower case. */
function checkField(condition: Condition, fields: ReadonlyMap<string, string>): string {
  const [match, variable, expected] = condition;
  if (typeof variable !== 'string' || !variable.startsWith('$')) throw failed(condition);
  if (typeof expected !== 'string') throw failed(condition);
  const name = variable.slice(1).toLowerCase();
  const value = fields.get(name);
  // A missing field meets no condition, not even ["starts-with", "$name", ""].
  if (value === undefined || !isMet(match, name, value, expected)) throw failed(condition);
  return name;
}

function isMet(match: unknown, name: string, value: string, expected: string): boolean {
  if (match === 'eq') return value === expected;
  if (match !== 'starts-with' || !mayStartWith(name)) return false;
  // "Content-Types values for a starts-with condition that include commas are interpreted as lists": each must match.
  const values = name === 'content-type' ? value.split(',').map((type) => type.trim()) : [value];
  return values.every((one) => one.startsWith(expected));
}

const startsWithFields = new Set([
  ...['acl', 'key', 'redirect', 'success_action_redirect'],
  ...['cache-control', 'content-type', 'content-disposition', 'content-encoding', 'expires'],
]);

/** Whether a field allows `starts-with` (the same page, table of conditions). */
function mayStartWith(name: string): boolean {
  return startsWithFields.has(name) || name.startsWith('x-amz-meta-');
}

function needsNoCondition(name: string): boolean {
  return ['policy', 'x-amz-signature', 'file'].includes(name) || name.startsWith('x-ignore-');
}

function failed(condition: unknown): S3Error {
  const items = Array.isArray(condition) ? condition : [condition];
  return refused(`Policy Condition failed: [${items.map((item) => JSON.stringify(item)).join(', ')}]`);
}

function refused(why: string): S3Error {
  return new S3Error('AccessDenied', { message: `Invalid according to Policy: ${why}` });
}

function invalidPolicy(why: string): S3Error {
  return new S3Error('InvalidPolicyDocument', { message: `Invalid Policy: ${why}` });
}
