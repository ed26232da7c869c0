import { describe, expect, it } from '@jest/globals';
import { Doorbell } from '../../src/sqs/doorbell';

const tooLongForATestMs = 20_000;
const never = new AbortController().signal;

describe('Doorbell', () => {
  it('wakes all who wait when it rings', async () => {
    const doorbell = new Doorbell();
    const waiting = [doorbell.wait(tooLongForATestMs, never), doorbell.wait(tooLongForATestMs, never)];
    doorbell.ring();
    expect(await Promise.all(waiting)).toHaveLength(2);
  });

  it('wakes who waits when their signal aborts, or has aborted already', async () => {
    const doorbell = new Doorbell();
    const gone = new AbortController();
    const waiting = doorbell.wait(tooLongForATestMs, gone.signal);
    gone.abort();
    expect(await Promise.all([waiting, doorbell.wait(tooLongForATestMs, gone.signal)])).toHaveLength(2);
  });

  it('wakes who waits when the time is over, and does not remember a ring that nobody heard', async () => {
    const doorbell = new Doorbell();
    const order: string[] = [];
    doorbell.ring();
    const waiting = doorbell.wait(1, never).then(() => order.push('woken'));
    await Promise.resolve().then(() => order.push('still waiting'));
    await waiting;
    expect(order).toEqual(['still waiting', 'woken']);
  });
});
