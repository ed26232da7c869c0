import type { AccountFaultError } from './retry-later-error';

/** What the steps need to know of the delivery that they work for. */
export interface Delivery {
  readonly gate: CallGate;
  /** Aborted shortly before the photo's deadline. Every request gets it. */
  readonly signal: AbortSignal;
  /** What the photo's one log line says besides its outcome. The steps fill it in. */
  readonly summary: PhotoSummary;
}

/** Asked before each call to ComplyCube. */
export interface CallGate {
  /**
   * Does nothing if a call may start now.
   * @throws RetryLaterError if not: the account is at fault, or too little time is left. Then nothing is sent.
   */
  pass(): void;
}

/** Stops the calls of a batch after an account fault: no photo would fare better. */
export class AccountGate {
  private fault: AccountFaultError | undefined;

  /** Lets no further call of the batch start. */
  close(fault: AccountFaultError): void {
    this.fault ??= fault;
  }

  /** @throws the AccountFaultError that closed the gate. */
  pass(): void {
    if (this.fault !== undefined) throw this.fault;
  }
}

/** What happened while a photo was processed. */
export interface PhotoSummary {
  bytes?: number;
  /** Every call to ComplyCube, in order. */
  apiCalls?: ApiCall[];
  /** The number of this attempt, as the claim counts them. Absent for the first. */
  attempt?: number;
  /** What looking for an earlier attempt's live photo found. */
  reconciled?: 'adopted' | 'not-found';
  /** Whether the outcome is on the object: not when the object is gone, or its tags are full. */
  isTagged?: boolean;
  /** ComplyCube refused the photo without naming photo or client, and had not done so in the 15 minutes before. */
  isNewlyRefused?: boolean;
}

/** A call to ComplyCube, for the log. */
export interface ApiCall {
  /** HTTP status. Undefined when no answer came, or none that can be trusted. */
  readonly status: number | undefined;
  readonly tookMs: number;
  /** ComplyCube's own ID of the request, if it gave one. */
  readonly requestId: string | undefined;
}
