import type { AccountFaultError } from './retry-later-error';

/** One delivery of a photo's event: what every processing step gets. */
export interface Delivery {
  readonly gate: CallGate;
  /** Aborted shortly before the photo's deadline. Every request gets it. */
  readonly signal: AbortSignal;
  /** Fields of the photo's log line besides its outcome. The steps fill them in. */
  readonly summary: PhotoSummary;
}

/** Decides whether a photo may still call ComplyCube. */
export interface CallGate {
  /** @throws RetryLaterError when no call may start: the account is at fault, or too little time is left. */
  check(): void;
  /** Called when a call starts. @throws RetryLaterError like {@link check}. */
  pass(): void;
}

/** Stops the calls of a batch after an account fault, because every further call would fail too. */
export class AccountGate {
  private fault: AccountFaultError | undefined;

  close(fault: AccountFaultError): void {
    this.fault ??= fault;
  }

  get isClosed(): boolean {
    return this.fault !== undefined;
  }

  /** @throws the AccountFaultError that closed the gate. */
  check(): void {
    if (this.fault !== undefined) throw this.fault;
  }
}

/** What happened while a photo was processed. These are fields of its log line. */
export interface PhotoSummary {
  bytes?: number;
  /** Every call to ComplyCube, in order. */
  apiCalls?: ApiCall[];
  /** The number of this attempt, from the claim. Absent for the first attempt. */
  attempt?: number;
  /** The result of the search for an earlier attempt's live photo. */
  reconciled?: 'adopted' | 'not-found';
  /** Whether the outcome was tagged. False if the object is gone or has no room for more tags. */
  isTagged?: boolean;
  /** ComplyCube refused the photo without naming photo or client, for the first time in 15 minutes. */
  isNewlyRefused?: boolean;
}

/** A call to ComplyCube, as logged. */
export interface ApiCall {
  /** HTTP status. Undefined if there was no answer, or none that can be trusted. */
  readonly status: number | undefined;
  readonly tookMs: number;
  /** ComplyCube's ID of the request, if the answer has one. */
  readonly requestId: string | undefined;
}
