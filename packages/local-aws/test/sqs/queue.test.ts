import { describe, expect, it } from '@jest/globals';
import type { ReceivedMessage } from '../../src/sqs/queue';
import { only, QueueUnderTest } from './queue-under-test';

// queue-model.test.ts covers what holds after any sequence of operations: counts, receipt handles, redrive.

const noAttributes = new Map();
const bodies = (messages: readonly ReceivedMessage[]) => messages.map(({ body }) => body);

describe('a queue', () => {
  it('returns messages in the order in which they were sent', () => {
    const { source } = new QueueUnderTest();
    for (const body of ['a', 'b', 'c']) source.send(body, noAttributes);
    expect(bodies(source.receive(2))).toEqual(['a', 'b']);
    expect(bodies(source.receive(2))).toEqual(['c']);
  });

  it('returns a message again after its visibility timeout', () => {
    const test = new QueueUnderTest({ visibilityTimeoutSeconds: 30 });
    test.source.send('a', noAttributes);
    test.source.receive(1);
    test.passSeconds(29.999);
    expect(test.source.receive(1)).toEqual([]);
    test.passSeconds(0.001);
    expect(bodies(test.source.receive(1))).toEqual(['a']);
  });

  it('delivers no message while 120,000 are in flight', () => {
    const { source } = new QueueUnderTest();
    for (let message = 0; message <= 120_000; message++) source.send(String(message), noAttributes);
    const received = source.receive(200_000);
    expect(received).toHaveLength(120_000);
    expect(source.receive(1)).toEqual([]);
    source.delete(received[0]?.receiptHandle ?? '');
    expect(bodies(source.receive(10))).toEqual(['120000']);
  });

  it('counts receives, and keeps the times of the send and of the first receive', () => {
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

  it('delays messages by its own delay, or by that of the send', () => {
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

  it('refuses a receipt handle that is malformed or of another queue', () => {
    const { source, deadLetters } = new QueueUnderTest();
    source.send('a', noAttributes);
    const { receiptHandle } = only(source.receive(1));
    for (const handle of ['', 'not a handle', Buffer.from('source x 1').toString('base64'), receiptHandle]) {
      expect(() => {
        deadLetters.delete(handle);
      }).toThrow(expect.objectContaining({ type: 'ReceiptHandleIsInvalid' }));
    }
  });

  it('deletes a message after the retention period, even in flight', () => {
    const test = new QueueUnderTest({ retentionSeconds: 60, visibilityTimeoutSeconds: 600 });
    test.source.send('in flight', noAttributes);
    test.source.receive(1);
    test.passSeconds(1);
    test.source.send('ready', noAttributes);
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

  it('reports when its next hidden message becomes ready', () => {
    const test = new QueueUnderTest({ visibilityTimeoutSeconds: 30 });
    expect(test.source.nextReadyAtMs()).toBeUndefined();
    test.source.send('late', noAttributes, 40);
    test.source.send('now', noAttributes);
    test.source.receive(1);
    expect(test.source.nextReadyAtMs()).toBe(test.nowMs + 30_000);
  });
});

describe('a changed visibility timeout', () => {
  it('starts now, and applies only to the current receive', () => {
    const test = new QueueUnderTest({ visibilityTimeoutSeconds: 30 });
    test.source.send('a', noAttributes);
    const { receiptHandle } = only(test.source.receive(1));
    test.passSeconds(20);
    test.source.changeVisibility(receiptHandle, 60);
    test.passSeconds(59);
    expect(test.source.receive(1)).toEqual([]);
    test.passSeconds(1);
    expect(bodies(test.source.receive(1))).toEqual(['a']);
    test.passSeconds(30);
    expect(bodies(test.source.receive(1))).toEqual(['a']);
  });

  it('ends at most 12 hours after the receive', () => {
    const test = new QueueUnderTest({ visibilityTimeoutSeconds: 60 });
    test.source.send('a', noAttributes);
    const { receiptHandle } = only(test.source.receive(1));
    test.passSeconds(10);
    expect(() => {
      test.source.changeVisibility(receiptHandle, 43_191);
    }).toThrow(expect.objectContaining({ type: 'InvalidParameterValueException' }));
    test.source.changeVisibility(receiptHandle, 43_190);
    expect(test.source.depth().inFlight).toBe(1);
  });
});

describe('a wait speed of 100', () => {
  it('makes requested waits a hundred times faster', () => {
    const test = new QueueUnderTest({}, undefined, { waitSpeed: 100 });
    test.source.send('a', noAttributes);
    test.source.send('b', noAttributes, 900);
    test.source.changeVisibility(only(test.source.receive(1)).receiptHandle, 50);
    test.passSeconds(0.499);
    expect(test.source.receive(10)).toEqual([]);
    test.passSeconds(0.001);
    expect(bodies(test.source.receive(10))).toEqual(['a']);
    test.passSeconds(8.5);
    expect(bodies(test.source.receive(10))).toEqual(['b']);
  });

  it('does not change the visibility timeout of the queue', () => {
    const test = new QueueUnderTest({ visibilityTimeoutSeconds: 30 }, undefined, { waitSpeed: 100 });
    test.source.send('a', noAttributes);
    test.source.receive(1);
    test.passSeconds(29);
    expect(test.source.receive(1)).toEqual([]);
    test.passSeconds(1);
    expect(bodies(test.source.receive(1))).toEqual(['a']);
  });

  it('hides a message for at least leastWorkMs after the first change, as long as the receiver may process it', () => {
    const test = new QueueUnderTest({}, undefined, { waitSpeed: 100, leastWorkMs: 2_000 });
    const handleReadyAfter = (seconds: number) => {
      test.passSeconds(seconds - 0.1);
      expect(test.source.receive(1)).toEqual([]);
      test.passSeconds(0.1);
      return only(test.source.receive(1)).receiptHandle;
    };
    test.source.send('a', noAttributes);
    test.source.changeVisibility(only(test.source.receive(1)).receiptHandle, 60);
    test.source.changeVisibility(handleReadyAfter(2), 1);
    const receiptHandle = handleReadyAfter(1);
    test.source.changeVisibility(receiptHandle, 60);
    test.source.changeVisibility(receiptHandle, 60);
    handleReadyAfter(0.6);
  });
});

describe('a queue with a dead-letter queue', () => {
  /** Sends a message and receives it as often as allowed. */
  const exhaust = (test: QueueUnderTest, maxReceiveCount: number, attributes = noAttributes): string => {
    const id = test.source.send('exhausted', attributes);
    test.passSeconds(1);
    for (let receive = 0; receive < maxReceiveCount; receive += 1) expect(test.source.receive(1, 0)).toHaveLength(1);
    return id;
  };

  it('moves a message with its ID, attributes, times and receive count, and its source', () => {
    const test = new QueueUnderTest({}, 2);
    const sentAtMs = test.nowMs;
    const attributes = new Map([['trace', { DataType: 'String', StringValue: 'x' }]]);
    const id = exhaust(test, 2, attributes);
    test.source.receive(1);
    expect(only(test.deadLetters.receive(1))).toMatchObject({
      id,
      body: 'exhausted',
      attributes,
      sentAtMs,
      firstReceivedAtMs: sentAtMs + 1000,
      receiveCount: 3,
      deadLetterSourceArn: QueueUnderTest.sourceArn,
    });
  });

  it('returns the next message instead of the moved one', () => {
    const test = new QueueUnderTest({}, 1);
    exhaust(test, 1);
    test.source.send('next', noAttributes);
    expect(bodies(test.source.receive(1))).toEqual(['next']);
  });

  it('counts the retention period from the original send', () => {
    const test = new QueueUnderTest({ retentionSeconds: 100 }, 1);
    exhaust(test, 1);
    test.passSeconds(98);
    test.source.receive(1);
    expect(test.deadLetters.depth().ready).toBe(1);
    test.passSeconds(1);
    expect(test.deadLetters.depth().ready).toBe(0);
  });
});

// A walk over all messages for each of them would be 10,000,000,000 steps: the test would reach its time limit.
it('100,000 messages are received, hidden, received again and deleted without walks over the whole queue', () => {
  const test = new QueueUnderTest();
  for (let sent = 0; sent < 100_000; sent += 1) test.source.send('body', new Map(), sent % 7);
  test.passSeconds(7);

  for (const { receiptHandle } of test.source.receive(100_000)) test.source.changeVisibility(receiptHandle, 5);
  expect(test.source.depth()).toEqual({ ready: 0, inFlight: 100_000, delayed: 0 });
  test.passSeconds(5);

  let deleted = 0;
  for (let batch = test.source.receive(10); batch.length > 0; batch = test.source.receive(10)) {
    for (const { receiptHandle } of batch) test.source.delete(receiptHandle);
    expect(test.source.depth().ready).toBe(100_000 - (deleted += batch.length));
  }
  expect(deleted).toBe(100_000);
});
