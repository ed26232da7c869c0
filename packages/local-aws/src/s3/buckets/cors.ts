import { S3Error } from '../errors';
import type { S3Call } from '../call';
import type { Operation, S3Context } from '../operation';
import type { CorsRule } from './bucket';

/**
 * The preflight request of a browser.
 * Source: S3 user guide, "Using cross-origin resource sharing".
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
 * The headers that allow a page to read a response; none if no rule allows it.
 * @param method the request's method, or the requested method of a preflight.
 */
export function corsHeaders(call: S3Call, s3: S3Context, method: string): Readonly<Record<string, string>> {
  const origin = call.headers.get('origin');
  if (origin === undefined) return {};
  const requested = listOf(call.headers.get('access-control-request-headers'));
  const rule = rulesOf(call, s3).find((one) => isAllowed(one, origin, method, requested));
  if (rule === undefined) return {};
  const isForAll = rule.allowedOrigins.includes('*');
  return {
    'access-control-allow-origin': isForAll ? '*' : origin,
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    ...(requested.length > 0 && { 'access-control-allow-headers': requested.join(', ') }),
    ...(rule.exposedHeaders !== undefined && { 'access-control-expose-headers': rule.exposedHeaders.join(', ') }),
    ...(rule.maxAgeSeconds !== undefined && { 'access-control-max-age': String(rule.maxAgeSeconds) }),
    ...(!isForAll && { 'access-control-allow-credentials': 'true' }),
    vary: 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
  };
}

function rulesOf({ bucketName }: S3Call, { buckets }: S3Context): readonly CorsRule[] {
  return buckets.find(bucketName)?.corsRules ?? [];
}

function isAllowed(rule: CorsRule, origin: string, method: string, requested: readonly string[]): boolean {
  const { allowedOrigins, allowedMethods, allowedHeaders = [] } = rule;
  return (
    allowedOrigins.some((pattern) => isLike(pattern, origin)) &&
    allowedMethods.includes(method) &&
    requested.every((header) => allowedHeaders.some((pattern) => isLike(pattern.toLowerCase(), header)))
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
