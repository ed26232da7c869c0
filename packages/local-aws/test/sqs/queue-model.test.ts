import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Queue, ReceivedMessage } from '../../src/sqs/queue';
import { QueueUnderTest } from './queue-under-test';

const maxReceiveCount = 3;

/** What a client knows of a message from its requests and their responses. */
interface Known {
  readonly id: string;
  readyAtMs: number;
  receives: number;
  isDeleted: boolean;
  last?: { readonly handle: string; readonly queue: Queue };
}

type Step =
  | { readonly do: 'send'; readonly delaySeconds: number }
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'receive'; readonly isSource: boolean; readonly max: number; readonly visibilitySeconds: number }
  | { readonly do: 'delete'; readonly pick: number }
  | { readonly do: 'change'; readonly pick: number; readonly seconds: number };

const seconds = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('send' as const), delaySeconds: fc.oneof(fc.constant(0), seconds) }),
  fc.record({ do: fc.constant('pass' as const), seconds }),
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('receive' as const),
      isSource: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, fc.constant(false)),
      max: fc.integer({ min: 1, max: 10 }),
      visibilitySeconds: seconds,
    }),
  },
  fc.record({ do: fc.constant('delete' as const), pick: fc.nat(1000) }),
  fc.record({ do: fc.constant('change' as const), pick: fc.nat(1000), seconds }),
);

/** Runs steps against a queue with a dead-letter queue, and compares the results with a simple model. */
class Model {
  readonly test = new QueueUnderTest({}, maxReceiveCount);
  private readonly messages = new Map<string, Known>();
  /** Every receipt handle so far. */
  private readonly receipts: { readonly handle: string; readonly queue: Queue; readonly message: Known }[] = [];

  run(step: Step): void {
    if (step.do === 'send') this.send(step.delaySeconds);
    else if (step.do === 'pass') this.test.passSeconds(step.seconds);
    else if (step.do === 'receive') this.receive(step.isSource, step.max, step.visibilitySeconds);
    else if (step.do === 'delete') this.delete(step.pick);
    else this.change(step.pick, step.seconds);
    this.checkDepths();
  }

  /** Receives and deletes everything. @returns the number of messages. */
  drain(): number {
    let drained = 0;
    for (const queue of [this.test.source, this.test.deadLetters]) {
      this.test.passSeconds(100);
      for (let batch = queue.receive(10); batch.length > 0; batch = queue.receive(10)) {
        for (const message of batch) {
          this.known(message.id).isDeleted = true;
          queue.delete(message.receiptHandle);
        }
        drained += batch.length;
      }
    }
    return drained;
  }

  get remaining(): number {
    return [...this.messages.values()].filter(({ isDeleted }) => !isDeleted).length;
  }

  private send(delaySeconds: number): void {
    const id = this.test.source.send('body', new Map(), delaySeconds);
    expect(this.messages.has(id)).toBe(false);
    this.messages.set(id, { id, readyAtMs: this.after(delaySeconds), receives: 0, isDeleted: false });
  }

  private receive(isSource: boolean, max: number, visibilitySeconds: number): void {
    const queue = isSource ? this.test.source : this.test.deadLetters;
    const received = queue.receive(max, visibilitySeconds);
    expect(received.length).toBeLessThanOrEqual(max);
    for (const message of received) this.checkReceived(message, isSource);
    for (const { id, receiptHandle } of received) {
      const message = this.known(id);
      message.receives += 1;
      message.readyAtMs = this.after(visibilitySeconds);
      message.last = { handle: receiptHandle, queue };
      this.receipts.push({ handle: receiptHandle, queue, message });
    }
    const stillReady = visibilitySeconds === 0 ? received.length : 0;
    if (received.length < max) expect(queue.depth().ready).toBe(stillReady);
  }

  private checkReceived({ id, receiveCount, deadLetterSourceArn }: ReceivedMessage, isSource: boolean): void {
    const message = this.known(id);
    expect(message.isDeleted).toBe(false);
    expect(this.isHidden(message)).toBe(false);
    expect(receiveCount).toBe(message.receives + 1);
    if (isSource) expect(receiveCount).toBeLessThanOrEqual(maxReceiveCount);
    else expect(receiveCount).toBeGreaterThan(maxReceiveCount);
    expect(deadLetterSourceArn).toBe(isSource ? undefined : QueueUnderTest.sourceArn);
  }

  private delete(pick: number): void {
    const receipt = this.receipts[pick % this.receipts.length];
    if (receipt === undefined) return;
    const { handle, queue, message } = receipt;
    const isLast = message.last?.handle === handle;
    // A visible message that was received maxReceiveCount times can be in either queue. A client can't know which.
    if (isLast && message.receives === maxReceiveCount && !this.isHidden(message)) return;
    queue.delete(handle);
    if (isLast) message.isDeleted = true;
  }

  private change(pick: number, timeoutSeconds: number): void {
    const receipt = this.receipts[pick % this.receipts.length];
    if (receipt === undefined) return;
    const { handle, queue, message } = receipt;
    const isHolder = message.last?.handle === handle && !message.isDeleted && this.isHidden(message);
    if (isHolder) {
      queue.changeVisibility(handle, timeoutSeconds);
      message.readyAtMs = this.after(timeoutSeconds);
    } else {
      expect(() => {
        queue.changeVisibility(handle, timeoutSeconds);
      }).toThrow();
    }
  }

  private checkDepths(): void {
    const depths = [this.test.source.depth(), this.test.deadLetters.depth()];
    const sum = (count: (depth: (typeof depths)[number]) => number) =>
      depths.map(count).reduce((one, other) => one + other, 0);
    expect(sum(({ ready, inFlight, delayed }) => ready + inFlight + delayed)).toBe(this.remaining);
    const hidden = [...this.messages.values()].filter((message) => !message.isDeleted && this.isHidden(message));
    expect(sum(({ inFlight }) => inFlight)).toBe(hidden.filter(({ receives }) => receives > 0).length);
    expect(sum(({ delayed }) => delayed)).toBe(hidden.filter(({ receives }) => receives === 0).length);
  }

  private known(id: string): Known {
    const message = this.messages.get(id);
    if (message === undefined) throw new Error('The queue returned a message that was not sent');
    return message;
  }

  private isHidden(message: Known): boolean {
    return message.readyAtMs > this.test.nowMs;
  }

  private after(delaySeconds: number): number {
    return this.test.nowMs + delaySeconds * 1000;
  }
}

describe('Queue, after any sequence of operations', () => {
  it('has every message once, accepts only its latest receipt handle, and moves it at maxReceiveCount', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const model = new Model();
        for (const next of steps) model.run(next);
        const { remaining } = model;
        expect(model.drain()).toBe(remaining);
        expect(model.remaining).toBe(0);
      }),
      { numRuns: 100 },
    );
  });
});
