import type { ErasureReasonCode } from './dead-letter-reasons';
import { isRequest, type RequestedErasure } from './erasure-message';
import type { JsonObject } from './json-object';
import { isClientId } from './photo-rules';

/**
 * The field that marks a message as the request to delete a client's live photos at ComplyCube. Its value is the version of the
 * message's form.
 */
export const clientErasureField = 'complycubeClientErasure';

/** The only form of the message so far. */
const formVersion = 1;

/**
 * A request to delete all live photos that a client has at ComplyCube, also those that no version of a photo object names. It names
 * no live photo: the function lists them.
 */
export interface ClientErasureRequest extends RequestedErasure {
  readonly clientId: string;
}

/** Creates the body of a message that requests the erasure of a client. */
export function clientErasureMessage({ clientId, requestId, requestedAt }: ClientErasureRequest): string {
  return JSON.stringify({ [clientErasureField]: formVersion, clientId, requestId, requestedAt });
}

/** Whether a message is meant as the request to erase a client. It may still be malformed. */
export function isClientErasure(message: JsonObject): boolean {
  return clientErasureField in message;
}

const fields: ReadonlySet<string> = new Set([
  clientErasureField,
  ...(['clientId', 'requestId', 'requestedAt'] satisfies (keyof ClientErasureRequest)[]),
]);

/** Parses a message that {@link isClientErasure}. @returns the request, or why the message is dead-lettered. */
export function parseClientErasure(message: JsonObject): ClientErasureRequest | ErasureReasonCode {
  if (message[clientErasureField] !== formVersion) return 'erasure-unsupported';
  // A field that the function does not know could be meant to restrict what is deleted.
  if (!Object.keys(message).every((name) => fields.has(name))) return 'erasure-malformed';
  const { clientId, requestId, requestedAt } = message;
  if (typeof clientId !== 'string' || !isClientId(clientId)) return 'erasure-malformed';
  const request = { requestId, requestedAt };
  return isRequest(request) ? { clientId, ...request } : 'erasure-malformed';
}
