/**
 * STUB: your app already has a way to sign in. Use that, and remove this file.
 *
 * Here, anyone who has the back end's key can create a link that signs a person in (`create-link.ts`). The link and the cookie contain
 * the session and a signature, so that a stranger can't choose a client ID.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

/** What the back end knows about the person who is signed in. */
export interface Session {
  /** The person's client at ComplyCube. */
  readonly clientId: string;
  /** The key of the photo object that was granted last. */
  readonly photoKey?: string;
  /** In milliseconds since 1970. */
  readonly expiresAt: number;
}

/** How long a session lasts. */
export const sessionMs = 3_600_000;

/** The link that signs a person in. */
export function signInLink(origin: string, clientId: string, key: string): string {
  return `${origin}/sign-in?session=${sealSession({ clientId, expiresAt: Date.now() + sessionMs }, key)}`;
}

/** Signs a session, as the value of a cookie. */
export function sealSession(session: Session, key: string): string {
  const content = Buffer.from(JSON.stringify(session)).toString('base64url');
  return `${content}.${signatureOf(content, key)}`;
}

/** @returns undefined if the signature is wrong, or the session has expired. */
export function openSession(sealed: string, key: string): Session | undefined {
  const [content = '', signature = ''] = sealed.split('.');
  const [given, expected] = [Buffer.from(signature), Buffer.from(signatureOf(content, key))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const session = JSON.parse(Buffer.from(content, 'base64url').toString()) as Session;
  return session.expiresAt > Date.now() ? session : undefined;
}

function signatureOf(content: string, key: string): string {
  // An empty key would let everyone sign.
  if (key.length < 32) throw new RangeError('The key of the sessions must have at least 32 characters');
  return createHmac('sha256', key).update(content).digest('base64url');
}
