import { S3Error } from '../errors';
import type { Operation, S3Call, S3Context } from '../operation';

/** Which pages of other origins may call a bucket, and how; as a bucket's CORSConfiguration has it. */
export interface CorsRule {
  /** Each may hold one `*`. */
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly string[];
  /** Each may hold one `*`; their case has no meaning. */
  readonly allowedHeaders?: readonly string[];
  readonly exposedHeaders?: readonly string[];
  readonly maxAgeSeconds?: number;
}

/**
 * The preflight request: a browser asks with it whether a page may make a request that it does not make unasked.
 * Source: S3's user guide, "Using cross-origin resource sharing".
 */
export const preflight: Operation = (call, s3) => {
  const origin = call.headers.get('origin');
  const method = call.headers.get('access-control-request-method');
  if (origin === undefined) {
    throw new S3Error('BadRequest', { message: 'Insufficient information. Origin request header needed.' });
  }
  if (method === undefined) {
    throw new S3Error('BadRequest', { message: 'Invalid Access-Control-Request-Method: null' });
  }
  if (rulesOf(call, s3).length === 0) {
    throw new S3Error('AccessForbidden', { message: 'CORSResponse: CORS is not enabled for this bucket.' });
  }
  const headers = corsHeaders(call, s3, method);
  if (headers['access-control-allow-origin'] === undefined) throw new S3Error('AccessForbidden');
  return { status: 200, headers };
};

/**
 * The headers by which a browser lets a page read an answer; none when no rule allows it, as the page may not then.
 * @param method the one that is used or, in a preflight, asked for.
 */
export function corsHeaders(call: S3Call, s3: S3Context, method: string): Readonly<Record<string, string>> {
  const origin = call.headers.get('origin');
  if (origin === undefined) return {};
  const asked = listOf(call.headers.get('access-control-request-headers'));
  const rule = rulesOf(call, s3).find((one) => isAllowed(one, origin, method, asked));
  if (rule === undefined) return {};
  const isForAll = rule.allowedOrigins.includes('*');
  return {
    'access-control-allow-origin': isForAll ? '*' : origin,
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    ...(asked.length > 0 && { 'access-control-allow-headers': asked.join(', ') }),
    ...(rule.exposedHeaders !== undefined && { 'access-control-expose-headers': rule.exposedHeaders.join(', ') }),
    ...(rule.maxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.maxAgeSeconds) }),
    ...(!isForAll && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function rulesOf({ bucketName }: S3Call, { buckets }: S3Context): readonly CorsRule[] {
  return buckets.has(bucketName) ? buckets.get(bucketName).corsRules : [];
}

function isAllowed(rule: CorsRule, origin: string, method: string, asked: readonly string[]): boolean {
  const { allowedOrigins, allowedMethods, allowedHeaders = [] } = rule;
  return (
    allowedOrigins.some((pattern) => isLike(pattern, origin)) &&
    allowedMethods.includes(method) &&
    asked.every((header) => allowedHeaders.some((pattern) => isLike(pattern.toLowerCase(), header)))
  );
}

function listOf(header: string | undefined): readonly string[] {
  const names = (header ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '');
}

function isLike(pattern: string, value: string): boolean {
  const [start = '', end] = pattern.split('*');
  if (end === undefined) return value === pattern;
  return value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end);
}
