import { describe, expect, it } from '@jest/globals';
import type { ReceivedMessage } from '../../src/sqs/queue';
import { only, QueueUnderTest } from './queue-under-test';

const noAttributes = new Map();
const bodies = (messages: readonly ReceivedMessage[]) => messages.map(({ body }) => body);

describe('a queue with a dead-letter queue', () => {
  const exhaust = (test: QueueUnderTest, receives: number) => {
    for (let receive = 0; receive < receives; receive += 1) expect(test.source.receive(1, 0)).toHaveLength(1);
  };

  it('moves a message there when it would be received once more than allowed, not before', () => {
    const test = new QueueUnderTest({}, 3);
    test.source.send('a', noAttributes);
    exhaust(test, 3);
    expect(test.deadLetters.depth().ready).toBe(0);
    expect(test.source.receive(1)).toEqual([]);
    expect(test.source.depth()).toEqual({ ready: 0, inFlight: 0, delayed: 0 });
    expect(test.deadLetters.depth().ready).toBe(1);
  });

  it('keeps the message ID, attributes, time of sending and count of receives, and says where it came from', () => {
    const test = new QueueUnderTest({}, 2);
    const sentAtMs = test.nowMs;
    const attributes = new Map([['trace', { DataType: 'String', StringValue: 'x' }]]);
    const id = test.source.send('a', attributes);
    test.passSeconds(1);
    exhaust(test, 2);
    test.source.receive(1);
    expect(only(test.deadLetters.receive(1))).toMatchObject({
      id,
      body: 'a',
      attributes,
      sentAtMs,
      firstReceivedAtMs: sentAtMs + 1000,
      receiveCount: 3,
      deadLetterSourceArn: QueueUnderTest.sourceArn,
    });
  });

  it('gives the next message in place of the one moved', () => {
    const test = new QueueUnderTest({}, 1);
    test.source.send('spent', noAttributes);
    exhaust(test, 1);
    test.passSeconds(1);
    test.source.send('fresh', noAttributes);
    expect(bodies(test.source.receive(1))).toEqual(['fresh']);
  });

  it('counts retention there from the original sending', () => {
    const test = new QueueUnderTest({ retentionSeconds: 100 }, 1);
    test.source.send('a', noAttributes);
    exhaust(test, 1);
    test.passSeconds(99);
    test.source.receive(1);
    expect(test.deadLetters.depth().ready).toBe(1);
    test.passSeconds(1);
    expect(test.deadLetters.depth().ready).toBe(0);
  });
});
