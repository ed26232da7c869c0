import { describe, expect, it } from '@jest/globals';
import type { ReceivedMessage } from '../../src/sqs/queue';
import { only, QueueUnderTest } from './queue-under-test';

const noAttributes = new Map();
const bodies = (messages: readonly ReceivedMessage[]) => messages.map(({ body }) => body);

describe('changing the visibility of a message', () => {
  it('counts the new timeout from now, for this receive only', () => {
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

  it('shows the message at once when the timeout is 0', () => {
    const { source } = new QueueUnderTest();
    source.send('a', noAttributes);
    source.changeVisibility(only(source.receive(1)).receiptHandle, 0);
    expect(source.depth()).toEqual({ ready: 1, inFlight: 0, delayed: 0 });
  });

  it('hides a message for the time of the work on it in real time, however fast waits pass', () => {
    const test = new QueueUnderTest({}, undefined, { waitSpeed: 100, leastWorkMs: 2_000 });
    const isReadyAfter = (seconds: number) => {
      test.passSeconds(seconds - 0.1);
      expect(test.source.receive(1)).toEqual([]);
      test.passSeconds(0.1);
      return only(test.source.receive(1)).receiptHandle;
    };
    test.source.send('a', noAttributes);
    let { receiptHandle } = only(test.source.receive(1));
    test.source.changeVisibility(receiptHandle, 60);
    receiptHandle = isReadyAfter(2);
    test.source.changeVisibility(receiptHandle, 1);
    receiptHandle = isReadyAfter(1);
    test.source.changeVisibility(receiptHandle, 60);
    test.source.changeVisibility(receiptHandle, 60);
    isReadyAfter(0.6);
  });

  it('refuses a message that is visible again', () => {
    const test = new QueueUnderTest();
    test.source.send('a', noAttributes);
    const { receiptHandle } = only(test.source.receive(1));
    test.passSeconds(30);
    expect(() => {
      test.source.changeVisibility(receiptHandle, 10);
    }).toThrow(expect.objectContaining({ type: 'MessageNotInflight' }));
  });

  it.each(['received again', 'deleted'])('refuses the handle of a message that was %s', (what) => {
    const test = new QueueUnderTest();
    test.source.send('a', noAttributes);
    const { receiptHandle } = only(test.source.receive(1, 0));
    if (what === 'deleted') test.source.delete(receiptHandle);
    else test.source.receive(1);
    expect(() => {
      test.source.changeVisibility(receiptHandle, 10);
    }).toThrow(expect.objectContaining({ type: 'InvalidParameterValueException' }));
  });

  it('refuses to hide a message beyond 12 hours after its receive', () => {
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

describe('a queue with a wait speed of 100', () => {
  it('passes asked-for waits a hundred times faster', () => {
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

  it("passes the queue's own visibility timeout and retention in real time", () => {
    const test = new QueueUnderTest({ visibilityTimeoutSeconds: 30, retentionSeconds: 60 }, undefined, {
      waitSpeed: 100,
    });
    test.source.send('a', noAttributes);
    test.source.receive(1);
    test.passSeconds(29);
    expect(test.source.receive(1)).toEqual([]);
    test.passSeconds(1);
    expect(bodies(test.source.receive(1))).toEqual(['a']);
  });
});
