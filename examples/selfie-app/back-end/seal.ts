import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a sealed text is for. A text that is sealed for one purpose can't be used for another. */
type Purpose = 'session' | 'photo';

/** Signs an object as a text that the browser can keep, but not change. */
export function seal(content: object, purpose: Purpose, key: string): string {
  const encoded = Buffer.from(JSON.stringify(content)).toString('base64url');
  return `${encoded}.${signatureOf(encoded, purpose, key)}`;
}

/** @returns the object that was signed. Undefined if the signature is wrong. */
export function unseal(sealed: string, purpose: Purpose, key: string): unknown {
  const [encoded = '', signature = ''] = sealed.split('.');
  const [given, expected] = [Buffer.from(signature), Buffer.from(signatureOf(encoded, purpose, key))];
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return JSON.parse(Buffer.from(encoded, 'base64url').toString());
}

function signatureOf(encoded: string, purpose: Purpose, key: string): string {
  // An empty key would let everyone sign.
  if (key.length < 32) throw new RangeError('The key of the sessions must have at least 32 characters');
  return createHmac('sha256', key).update(`${purpose} ${encoded}`).digest('base64url');
}
