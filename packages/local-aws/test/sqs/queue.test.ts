import { describe, expect, it } from '@jest/globals';
import type { ReceivedMessage } from '../../src/sqs/queue';
import { only, QueueUnderTest } from './queue-under-test';

const noAttributes = new Map();
const bodies = (messages: readonly ReceivedMessage[]) => messages.map(({ body }) => body);

describe('Queue', () => {
  it('hands out messages in the order in which they were sent', () => {
    const { source } = new QueueUnderTest();
    for (const body of ['a', 'b', 'c']) source.send(body, noAttributes);
    expect(bodies(source.receive(2))).toEqual(['a', 'b']);
    expect(bodies(source.receive(2))).toEqual(['c']);
  });

  it('hides a received message for the visibility timeout of the queue, then shows it again', () => {
    const test = new QueueUnderTest({ visibilityTimeoutSeconds: 30 });
    test.source.send('a', noAttributes);
    test.source.receive(1);
    test.passSeconds(29.999);
    expect(test.source.receive(1)).toEqual([]);
    test.passSeconds(0.001);
    expect(bodies(test.source.receive(1))).toEqual(['a']);
  });

  it('hides a received message for as long as the receiver asks instead', () => {
    const test = new QueueUnderTest();
    test.source.send('a', noAttributes);
    test.source.receive(1, 60);
    test.passSeconds(59);
    expect(test.source.receive(1)).toEqual([]);
    test.passSeconds(1);
    expect(bodies(test.source.receive(1))).toEqual(['a']);
  });

  it('gives a message once in one receive even when it hides it for no time', () => {
    const { source } = new QueueUnderTest();
    source.send('a', noAttributes);
    expect(bodies(source.receive(10, 0))).toEqual(['a']);
    expect(bodies(source.receive(10, 0))).toEqual(['a']);
  });

  it('counts receives and keeps the times of sending and of the first receive', () => {
    const test = new QueueUnderTest();
    const sentAtMs = test.nowMs;
    test.source.send('a', noAttributes);
    test.passSeconds(5);
    test.source.receive(1);
    test.passSeconds(30);
    expect(only(test.source.receive(1))).toMatchObject({
      sentAtMs,
      receiveCount: 2,
      firstReceivedAtMs: sentAtMs + 5000,
    });
  });

  it('holds back a message sent with a delay, and every message of a queue with one', () => {
    const test = new QueueUnderTest({ delaySeconds: 10 });
    test.source.send('late', noAttributes, 20);
    test.source.send('queue', noAttributes);
    test.source.send('now', noAttributes, 0);
    expect(test.source.depth()).toEqual({ ready: 1, inFlight: 0, delayed: 2 });
    expect(bodies(test.source.receive(10))).toEqual(['now']);
    test.passSeconds(10);
    expect(bodies(test.source.receive(10))).toEqual(['queue']);
    test.passSeconds(10);
    expect(bodies(test.source.receive(10))).toEqual(['late']);
  });

  it('knows a message as ready, in flight, or gone', () => {
    const { source } = new QueueUnderTest();
    source.send('a', noAttributes);
    source.send('b', noAttributes);
    const { receiptHandle } = only(source.receive(1));
    expect(source.depth()).toEqual({ ready: 1, inFlight: 1, delayed: 0 });
    source.delete(receiptHandle);
    expect(source.depth()).toEqual({ ready: 1, inFlight: 0, delayed: 0 });
  });

  describe('with a receipt handle', () => {
    it('deletes a message whose visibility timeout has run out, while nobody has received it again', () => {
      const test = new QueueUnderTest();
      test.source.send('a', noAttributes);
      const { receiptHandle } = only(test.source.receive(1));
      test.passSeconds(30);
      test.source.delete(receiptHandle);
      expect(test.source.depth()).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    });

    it('does nothing and reports success when the message was received again since', () => {
      const test = new QueueUnderTest();
      test.source.send('a', noAttributes);
      const { receiptHandle } = only(test.source.receive(1));
      test.passSeconds(30);
      test.source.receive(1);
      test.source.delete(receiptHandle);
      expect(test.source.depth()).toEqual({ ready: 0, inFlight: 1, delayed: 0 });
    });

    it('does nothing and reports success when the message is deleted already', () => {
      const { source } = new QueueUnderTest();
      source.send('a', noAttributes);
      source.send('b', noAttributes);
      const { receiptHandle } = only(source.receive(1));
      source.delete(receiptHandle);
      source.delete(receiptHandle);
      expect(source.depth()).toEqual({ ready: 1, inFlight: 0, delayed: 0 });
    });

    it.each(['', 'not a handle', Buffer.from('source x 1').toString('base64')])(
      'refuses %j, which is none',
      (handle) => {
        const { source } = new QueueUnderTest();
        expect(() => {
          source.delete(handle);
        }).toThrow(expect.objectContaining({ type: 'ReceiptHandleIsInvalid' }));
      },
    );

    it('refuses one of another queue', () => {
      const { source, deadLetters } = new QueueUnderTest();
      source.send('a', noAttributes);
      const { receiptHandle } = only(source.receive(1));
      expect(() => {
        deadLetters.delete(receiptHandle);
      }).toThrow(expect.objectContaining({ type: 'ReceiptHandleIsInvalid' }));
    });
  });

  it('forgets a message after the retention period, even in flight', () => {
    const test = new QueueUnderTest({ retentionSeconds: 60, visibilityTimeoutSeconds: 600 });
    test.source.send('held', noAttributes);
    test.source.receive(1);
    test.passSeconds(1);
    test.source.send('left', noAttributes);
    test.passSeconds(59);
    expect(test.source.depth()).toEqual({ ready: 1, inFlight: 0, delayed: 0 });
    test.passSeconds(1);
    expect(test.source.depth()).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
  });

  it('purges ready, delayed and in-flight messages', () => {
    const { source } = new QueueUnderTest();
    source.send('a', noAttributes);
    source.receive(1);
    source.send('b', noAttributes);
    source.send('c', noAttributes, 10);
    source.purge();
    expect(source.depth()).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
  });

  it('says when its next hidden message becomes ready', () => {
    const test = new QueueUnderTest({ visibilityTimeoutSeconds: 30 });
    expect(test.source.nextReadyAtMs()).toBeUndefined();
    test.source.send('late', noAttributes, 40);
    test.source.send('now', noAttributes);
    test.source.receive(1);
    expect(test.source.nextReadyAtMs()).toBe(test.nowMs + 30_000);
  });
});
