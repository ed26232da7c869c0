import { beforeEach, describe, expect, it } from '@jest/globals';
import { Deletions } from '../../lambda/delete-messages';
import { createLog } from '../../lambda/observe/log';

/** Resolves when every promise has gone as far as it can. */
const quiet = () => new Promise(setImmediate);
const messages = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ messageId: '', receiptHandle: `${at}`, body: '', receives: 1, senderId: undefined },
  }));
const done = (count: number) => Array.from({ length: count }, () => Promise.resolve());

describe('messages that are done', () => {
  let deleted: string[][];
  let timers: (() => void)[];
  let lines: string[];
  let answer: () => Promise<void>;
  let deletions: Deletions;
  beforeEach(() => {
    deleted = [];
    timers = [];
    lines = [];
    answer = () => Promise.resolve();
    const queue = {
      delete: (batch: readonly { readonly receiptHandle: string }[]) => {
        deleted.push(batch.map(({ receiptHandle }) => receiptHandle));
        return answer();
      },
    };
    const after = (ms: number, fire: () => void) => {
      expect(ms).toBe(2_000);
      timers.push(fire);
      return () => void timers.splice(timers.indexOf(fire), 1);
    };
    const log = createLog((line) => void lines.push(line));
    deletions = new Deletions(queue, { after }, log);
  });

  it('are deleted together after two seconds if they are fewer than ten', async () => {
    deletions.addWhenDone(messages(3), done(3));
    await quiet();
    expect([deleted, timers.length]).toEqual([[], 1]);
    timers[0]?.();
    expect([deleted, timers.length]).toEqual([[['0', '1', '2']], 0]);
    deletions.addWhenDone(messages(1), done(1));
    await quiet();
    expect(timers).toHaveLength(1);
  });

  it('are deleted at once when they are ten, and no timer stays', async () => {
    deletions.addWhenDone(messages(10), done(10));
    await quiet();
    expect([deleted.map(({ length }) => length), timers.length]).toEqual([[10], 0]);
  });

  it('are deleted at the end, which waits for all requests', async () => {
    let answers: () => void = () => undefined;
    answer = () => new Promise((resolve) => (answers = resolve));
    deletions.addWhenDone(messages(2), done(2));
    await quiet();
    let hasEnded = false;
    const ending = deletions.end().then(() => (hasEnded = true));
    await quiet();
    expect([deleted, hasEnded]).toEqual([[['0', '1']], false]);
    answers();
    await ending;
  });

  it('cost no request if there are none', async () => {
    deletions.addWhenDone(messages(1), [Promise.reject(new Error('it is retried'))]);
    await quiet();
    await deletions.end();
    expect([deleted, timers]).toEqual([[], []]);
  });

  it('are counted in the log if they can’t be deleted', async () => {
    answer = () => Promise.reject(new Error('SQS is unavailable'));
    deletions.addWhenDone(messages(2), done(2));
    await quiet();
    await deletions.end();
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ level: 'WARN', messages: 2, error: 'Error: SQS is unavailable' }),
    ]);
  });
});
