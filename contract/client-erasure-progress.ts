import { objectHash } from './object-hash';

/**
 * How far the erasure of a client is: a JSON object in the claims bucket, for the next delivery. Like a claim, it expires after 30
 * days. It has no client ID. Times are ISO 8601.
 */
export interface ClientErasureProgress {
  readonly requestId: string;
  readonly requestedAt: string;
  /** SQS's `SenderId` of the request. */
  readonly requestedBy: string;
  /** When the function first received the request. Live photos that are created later are not deleted. */
  readonly startedAt: string;
  /** The live photos whose deletion was requested. */
  readonly asked: readonly string[];
  /** Live photos that were listed, and that ComplyCube did not have any more before their deletion was requested. */
  readonly notFound: readonly string[];
  /** Those of {@link asked} that ComplyCube does not delete. */
  readonly refused: readonly string[];
  /** ComplyCube's words about the first one that it refused, cleaned. */
  readonly said?: string | undefined;
  /** The evidence exists. The lists are empty then. */
  readonly isDone?: true;
}

/** The object key of the progress of a request. It begins with a hexadecimal digit, so that the lifecycle rules of claims apply. */
export function clientErasureKey(requestId: string): string {
  return `${objectHash({ bucket: 'client', key: requestId })}/client-erasure`;
}
