/**
 * We, AWS or ComplyCube are at fault, or nobody knows: the message goes back to the queue and nothing is lost.
 *
 * Any other exception means the same; this one says more about the wait.
 */
export class RetryLaterError extends Error {
  override readonly name: string = 'RetryLaterError';
  /** How long to wait before the next delivery; left out: the usual backoff. */
  readonly waitMs: number | undefined;

  constructor(message: string, options: ErrorOptions & { waitMs?: number | undefined } = {}) {
    super(message, options);
    this.waitMs = options.waitMs;
  }
}

/** An account fault is not cured by trying the next photo: ComplyCube is left alone for so long. */
const accountFaultWaitMs = 5 * 60_000;

/**
 * The account, its key or the way we ask is at fault, whatever the photo: nothing more is sent in this batch, and its
 * photos wait for five minutes.
 */
export class AccountFaultError extends RetryLaterError {
  override readonly name: string = 'AccountFaultError';

  constructor(message: string, options: ErrorOptions = {}) {
    super(message, { ...options, waitMs: accountFaultWaitMs });
  }
}

/** Nobody knows whether ComplyCube took the photo: the next delivery has to look for it before it uploads again. */
export class UploadUnknownError extends RetryLaterError {
  override readonly name: string = 'UploadUnknownError';
}
