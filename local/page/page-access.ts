import type { IncomingMessage } from 'node:http';

/** Why a request is not answered, with its HTTP status. */
export interface AccessRefusal {
  readonly status: 403 | 415 | 421;
  readonly message: string;
}

/**
 * Refuses whatever does not come from the page itself or from a person who opens it: another site's name that was made to
 * point at this machine has another Host (DNS rebinding), another site's page another Origin, and a form of another site can't
 * say that it sends JSON.
 * @param origin the page's own, such as `http://127.0.0.1:4321`.
 */
export function refuseAccess({ headers, method }: IncomingMessage, origin: string): AccessRefusal | undefined {
  if (headers.host !== new URL(origin).host) return { status: 421, message: `Open ${origin}/ instead.` };
  if (headers.origin !== undefined && headers.origin !== origin) {
    return { status: 403, message: 'Other sites have no access.' };
  }
  if (method === 'GET' || method === 'HEAD') return undefined;
  if (headers.origin === undefined)
    return { status: 403, message: 'The request does not say which page it comes from.' };
  if (headers['content-type'] !== 'application/json')
    return { status: 415, message: 'The body must be application/json.' };
  return undefined;
}

/**
 * The headers of every answer: a page that runs nothing but its own program, talks to nobody but its server and S3, shows
 * itself in no other site's frame, and whose photos leave no trace in caches.
 * @param s3Origin where photos are uploaded to, once that is known.
 */
export function securityHeaders(s3Origin = ''): Readonly<Record<string, string>> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    `connect-src 'self' ${s3Origin}`.trimEnd(),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
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
