import { type AccountFaultError, RetryLaterError } from './retry-later-error';

/** Says, for one batch, whether a further call to ComplyCube may start. */
export class CallGate {
  private accountFault: AccountFaultError | undefined;

  /**
   * @param remainingMs how long the invocation may still run.
   * @param callMs how long a call, and what has to follow it, may take.
   */
  constructor(
    private readonly remainingMs: () => number,
    private readonly callMs: number,
  ) {}

  /** Lets no further call start: the account is at fault, and no photo would fare better. */
  close(accountFault: AccountFaultError): void {
    this.accountFault ??= accountFault;
  }

  /**
   * Does nothing if a call may start now.
   * @throws AccountFaultError after {@link close}; RetryLaterError when the invocation could not see the call's end.
   */
  pass(): void {
    if (this.accountFault !== undefined) throw this.accountFault;
    if (this.remainingMs() < this.callMs) {
      throw new RetryLaterError('The invocation has no time left for a call', { waitMs: 0 });
    }
  }
}
