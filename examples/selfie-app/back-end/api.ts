import type { S3Client } from '@aws-sdk/client-s3';
import { readOutcome, waitForOutcome } from 'complycube-live-photos/outcomes';
import { createUploadGrant, type PhotoContentType } from 'complycube-live-photos/upload-grants';
import type { UploadSettings } from 'complycube-live-photos/upload-settings';
import type { ApiAnswer } from './api-answer';
import { photoIdOf, photoKeyOf } from './granted-photo';
import { openSession, sealSession, type Session, sessionMs } from './session';
import { type Page, readPageFile } from './page-files';

/** What the routes need of a request, on every kind of server. */
export interface ApiRequest {
  readonly method: string;
  /** With the query, such as `/photo-grants?type=image/png`. */
  readonly path: string;
  /** The header `Cookie`. */
  readonly cookies: string;
}

/** What the routes need. */
export interface ApiDeps {
  readonly s3: S3Client;
  /** The stack's settings, from `uploadSettingsFrom`. */
  readonly settings: UploadSettings;
  /** Signs sessions, and the IDs of photos. */
  readonly sessionKey: string;
  /** Whether the page is served over HTTPS. Not on your own machine. */
  readonly isHttps: boolean;
  readonly page: Page;
  /** How long `/photo-outcome` waits. Less than the time limit of API Gateway, which is 30 seconds. */
  readonly outcomeWaitMs: number;
}

/** Answers a request of the page. Every route that reads or grants something requires a session. */
export async function answer({ method, path, cookies }: ApiRequest, deps: ApiDeps): Promise<ApiAnswer> {
  const { s3, settings, sessionKey, outcomeWaitMs } = deps;
  const { pathname, searchParams } = new URL(path, 'http://any');
  if (method === 'GET' && pathname === '/sign-in') {
    const session = openSession(searchParams.get('session') ?? '', sessionKey);
    if (session === undefined) return json(403, { error: 'The link has expired' });
    return { status: 303, headers: { location: '/', ...cookieOf(session, deps) }, body: '' };
  }
  const file = method === 'GET' ? readPageFile(pathname, deps.page) : undefined;
  if (file !== undefined) return file;

  const session = openSession(/(?:^|; )session=([^;]+)/.exec(cookies)?.[1] ?? '', sessionKey);
  if (session === undefined) return json(401, { error: 'Nobody is signed in' });
  // The client ID comes from the session, never from the request.
  const { clientId } = session;
  if (method === 'POST' && pathname === '/photo-grants') {
    const contentType: PhotoContentType = searchParams.get('type') === 'image/png' ? 'image/png' : 'image/jpeg';
    const { url, fields, key } = await createUploadGrant({ s3, ...settings, clientId, contentType });
    return json(200, { url, fields, photoId: photoIdOf({ clientId, photoKey: key }, sessionKey) });
  }
  const key = photoKeyOf(searchParams.get('photoId') ?? '', clientId, sessionKey);
  if (key === undefined) return json(404, { error: 'There is nothing here' });
  const photo = { s3, bucket: settings.bucket, key };
  switch (`${method} ${pathname}`) {
    case 'GET /photo-arrived':
      return json(200, { hasArrived: (await readOutcome(photo)).status !== 'absent' });
    case 'GET /photo-outcome':
      return json(200, await waitForOutcome({ ...photo, deadlineMs: outcomeWaitMs }));
    default:
      return json(404, { error: 'There is nothing here' });
  }
}

function json(status: number, content: object, headers: Readonly<Record<string, string>> = {}): ApiAnswer {
  return {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(content),
  };
}

/** `SameSite=Strict`: no other site can use the session. */
function cookieOf(session: Session, { sessionKey, isHttps }: ApiDeps): Readonly<Record<string, string>> {
  const attributes = `Path=/; Max-Age=${sessionMs / 1000}; HttpOnly; SameSite=Strict${isHttps ? '; Secure' : ''}`;
  return { 'set-cookie': `session=${sealSession(session, sessionKey)}; ${attributes}` };
}
