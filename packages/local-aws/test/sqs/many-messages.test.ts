import { describe, expect, it } from '@jest/globals';
import { QueueUnderTest } from './queue-under-test';

describe('a queue of 100,000 messages', () => {
  // A walk over all messages for each of them would be 10,000,000,000 steps: the test would never end in time.
  it('is received, given back, received again and deleted message by message', () => {
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
});
