import { accountFaultWaitMs } from '../contract/durations';
import type { CountedRefusal, ErrorCode } from '../contract/error-codes';

/** Options of {@link RetryLaterError}. */
export interface RetryOptions extends ErrorOptions {
  /** The shortest wait before the next delivery, in milliseconds. Default: `backoffMs` in `contract/backoff.ts`. */
  readonly hintMs?: number | undefined;
}

/**
 * The photo is not at fault, or the fault is unknown. The message returns to the queue.
 *
 * Any other exception has the same effect. This one has a stable code and may ask for a longer wait.
 */
export class RetryLaterError extends Error {
  override readonly name: string = 'RetryLaterError';
  readonly hintMs: number | undefined;

  constructor(
    readonly code: ErrorCode,
    message: string,
    options: RetryOptions = {},
  ) {
    super(message, options);
    this.hintMs = options.hintMs;
  }
}

/**
 * The account or its key is at fault. The batch makes no further calls, and its photos wait for at least five minutes.
 */
export class AccountFaultError extends RetryLaterError {
  override readonly name: string = 'AccountFaultError';

  constructor(message: string, { code = 'account-fault', ...options }: ErrorOptions & { code?: ErrorCode } = {}) {
    super(code, message, { ...options, hintMs: accountFaultWaitMs });
  }
}

/** It is unknown whether ComplyCube has the photo. The next delivery looks for it before it uploads again. */
export class UploadUnknownError extends RetryLaterError {
  override readonly name: string = 'UploadUnknownError';

  constructor(message: string, options: RetryOptions = {}) {
    super('outcome-unknown', message, options);
  }
}

/** The delivery made progress, but its time is over. The message is redelivered without a wait. */
export class UnfinishedError extends RetryLaterError {
  override readonly name: string = 'UnfinishedError';

  constructor(options: ErrorOptions) {
    super('erasure-waits', 'The erasure continues in the next delivery', options);
  }
}

/** ComplyCube refused the photo for a reason that may be temporary. The photo is rejected after several such answers. */
export class CountedRefusalError extends RetryLaterError {
  override readonly name: string = 'CountedRefusalError';

  constructor(
    override readonly code: CountedRefusal,
    message: string,
  ) {
    super(code, message);
  }
}

/** The stable code of an error of any class. */
export function errorCodeOf(error: unknown): ErrorCode {
  return error instanceof RetryLaterError ? error.code : 'unexpected';
}
