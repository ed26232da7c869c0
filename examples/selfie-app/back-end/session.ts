/**
 * STUB: your app already has a way to sign in. Use that, and remove this file.
 *
 * Here, anyone who has the back end's key can create a link that signs a person in (`create-link.ts`). The link and the cookie contain
 * the session and a signature, so that a stranger can't choose a client ID.
 */
import { seal, unseal } from './seal';

/** What the back end knows about the person who is signed in. */
export interface Session {
  /** The person's client at ComplyCube. */
  readonly clientId: string;
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
  return seal(session, 'session', key);
}

/** @returns undefined if the signature is wrong, or the session has expired. */
export function openSession(sealed: string, key: string): Session | undefined {
  const session = unseal(sealed, 'session', key) as Session | undefined;
  return session !== undefined && session.expiresAt > Date.now() ? session : undefined;
}
