import { describe, expect, it } from '@jest/globals';
import { CallGate } from '../../lambda/call-gate';
import { AccountFaultError } from '../../lambda/retry-later-error';

describe('CallGate', () => {
  it('lets calls pass while the invocation can see their end', () => {
    let remainingMs = 30_000;
    const gate = new CallGate(() => remainingMs, 30_000);
    expect(() => {
      gate.pass();
    }).not.toThrow();
    remainingMs = 29_999;
    expect(() => {
      gate.pass();
    }).toThrow(expect.objectContaining({ name: 'RetryLaterError', waitMs: 0 }));
  });

  it('lets none pass after a fault of the account, and gives the first one as the reason', () => {
    const gate = new CallGate(() => Infinity, 1);
    gate.close(new AccountFaultError('payment due'));
    gate.close(new AccountFaultError('another'));
    expect(() => {
      gate.pass();
    }).toThrow('payment due');
  });
});
