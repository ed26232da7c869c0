import type { AccountFaultError } from './retry-later-error';

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
