import { beforeEach, describe, expect, it } from '@jest/globals';
import { AccountGate } from '../../lambda/delivery';
import { type DrawDeps, type DrawingInvocation, drawMessages } from '../../lambda/draw-messages';
import { MessagesInProgress } from '../../lambda/messages-in-progress';
import { createLog } from '../../lambda/observe/log';
import { AccountFaultError } from '../../lambda/retry-later-error';

/** Resolves when every promise has gone as far as it can. */
const quiet = () => new Promise(setImmediate);

describe('drawMessages', () => {
  let receives: number;
  let callStarts: (() => void)[];
  let ends: (() => void)[];
  const pace = { callsPerSecond: 2 };
  const inProgress = () => new MessagesInProgress();
  const messages = (count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...{ messageId: `${at}`, receiptHandle: '', body: '', receives: 1, senderId: undefined },
    }));
  const draw = (
    batches: number[],
    progress = inProgress(),
    { receive, ...more }: Partial<DrawingInvocation & DrawDeps['queue']> = {},
  ) =>
    drawMessages(
      {
        accountGate: new AccountGate(),
        leftMs: () => 200_000,
        inProgress: progress,
        log: createLog(() => undefined),
        ...more,
      },
      {
        queue: {
          receive:
            receive ??
            (() => {
              receives++;
              return Promise.resolve(messages(batches.shift() ?? 0));
            }),
        },
        pace,
        photoDeadlineMs: 60_000,
      },
      (received) => {
        received.forEach(() => {
          void progress.add(
            (onCall) =>
              new Promise<void>((resolve) => {
                callStarts.push(onCall);
                ends.push(resolve);
              }),
          );
        });
      },
    );
  beforeEach(() => {
    receives = 0;
    callStarts = [];
    ends = [];
    pace.callsPerSecond = 2;
  });

  it('receives only while less than a second’s calls wait', async () => {
    const drawing = draw([3, 1]);
    await quiet();
    expect(receives).toBe(1);
    callStarts[0]?.();
    await quiet();
    expect(receives).toBe(1);
    callStarts[1]?.();
    await quiet();
    expect(receives).toBe(2);
    callStarts[2]?.();
    await drawing;
    expect(receives).toBe(3);
  });

  it('counts a message as waiting until its first call, or until it ends without one', async () => {
    const drawing = draw([2]);
    await quiet();
    callStarts[0]?.();
    callStarts[0]?.();
    ends[0]?.();
    await quiet();
    expect(receives).toBe(2);
    await drawing;
    const another = draw([2]);
    await quiet();
    ends[2]?.();
    await another;
    expect(receives).toBe(4);
  });

  it('counts a message only once if it makes several calls and then ends', async () => {
    const drawing = draw([3]);
    await quiet();
    callStarts[0]?.();
    callStarts[0]?.();
    ends[0]?.();
    await quiet();
    expect(receives).toBe(1);
    callStarts[1]?.();
    await drawing;
    expect(receives).toBe(2);
  });

  it('holds at most 400 messages, however long ComplyCube takes', async () => {
    pace.callsPerSecond = 1_000;
    const batches = Array.from({ length: 100 }, () => 10);
    const progress = inProgress();
    void draw(batches, progress);
    for (let round = 0; round < 200; round++) {
      await quiet();
      for (const call of callStarts) call();
    }
    expect(ends).toHaveLength(410);
    for (const end of ends.slice(0, 15)) end();
    await quiet();
    expect(ends.length).toBeGreaterThan(410);
  });

  it('ends when ComplyCube allows less than one call a second', async () => {
    pace.callsPerSecond = 0.5;
    await draw([1]);
    expect(receives).toBe(0);
  });

  it('continues while ComplyCube allows one call a second, and a photo could just have its whole time', async () => {
    pace.callsPerSecond = 1;
    await draw([0], inProgress(), { leftMs: () => 62_000 });
    expect(receives).toBe(1);
  });

  it('ends, and logs why, when messages can’t be received', async () => {
    const lines: string[] = [];
    await draw([], inProgress(), {
      log: createLog((line) => void lines.push(line)),
      receive: () => Promise.reject(new Error('SQS is unavailable')),
    });
    expect(lines).toEqual([expect.stringContaining('SQS is unavailable')]);
  });

  it('ends when the account is at fault, and when time is up, also while it waits', async () => {
    const accountGate = new AccountGate();
    let leftMs = 200_000;
    const byFault = draw([2, 2], inProgress(), { accountGate });
    await quiet();
    accountGate.close(new AccountFaultError('payment due'));
    callStarts[0]?.();
    await byFault;
    expect(receives).toBe(1);
    const byTime = draw([2, 2], inProgress(), { leftMs: () => leftMs });
    await quiet();
    leftMs = 61_999;
    callStarts[2]?.();
    await byTime;
    expect(receives).toBe(2);
  });
});
