import type { IncomingMessage } from 'node:http';

/** Why a request is refused, with the HTTP status. */
export interface AccessRefusal {
  readonly status: 403 | 415 | 421;
  readonly message: string;
}

/**
 * Refuses requests that come neither from the page nor from a person who opens it. A foreign domain that resolves to this
 * machine has a different Host (DNS rebinding). A foreign page has a different Origin. A foreign form can't send JSON.
 * @param origin the page's origin, such as `http://127.0.0.1:4321`.
 * @param others origins of other pages that have access.
 */
export function refuseAccess(
  { headers, method }: IncomingMessage,
  origin: string,
  others: readonly string[] = [],
): AccessRefusal | undefined {
  if (headers.host !== new URL(origin).host) return { status: 421, message: `Open ${origin}/ instead.` };
  if (headers.origin !== undefined && ![origin, ...others].includes(headers.origin)) {
    return { status: 403, message: 'Other sites have no access.' };
  }
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return undefined;
  if (headers.origin === undefined) return { status: 403, message: 'The request has no Origin header.' };
  if (headers['content-type'] !== 'application/json')
    return { status: 415, message: 'The body must be application/json.' };
  return undefined;
}

/** The headers that let another page use the server; none for the page itself and for foreign pages. */
export function corsHeaders(
  { headers: { origin } }: IncomingMessage,
  others: readonly string[],
): Readonly<Record<string, string>> {
  if (origin === undefined || !others.includes(origin)) return {};
  return {
    'access-control-allow-origin': origin,
    'access-control-allow-methods': 'GET, POST',
    'access-control-allow-headers': 'content-type',
    vary: 'Origin',
  };
}

/**
 * The headers of every response. The page runs only its own script and worker, connects only to its server and S3, can't be framed,
 * and nothing is cached.
 * @param s3Origin where photos are uploaded, once known.
 */
export function securityHeaders(s3Origin = ''): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    // The worker that prepares photos: see page/trusted-types.ts.
    'worker-src blob:',
    "style-src 'self'",
    "img-src 'self' blob:",
    `connect-src 'self' ${s3Origin}`.trimEnd(),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types default',
  ];
  return {
    'content-security-policy': policy.join('; '),
    'permissions-policy': 'camera=(self), microphone=(), geolocation=()',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  };
}
