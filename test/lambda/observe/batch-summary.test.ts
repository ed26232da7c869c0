import { describe, expect, it } from '@jest/globals';
import { batchSummary } from '../../../lambda/observe/batch-summary';
import { createLog } from '../../../lambda/observe/log';
import type { BatchResult } from '../../../lambda/process-batch';

const startMs = Date.UTC(2026, 10, 23, 10);
const done = { status: 'fulfilled', value: undefined } as const;
const failed = { status: 'rejected', reason: new Error('retry') } as const;

/** Logs these batches, which one execution environment processes in 250 ms each. */
async function summarize(...batches: readonly BatchResult[]): Promise<Record<string, unknown>[]> {
  const lines: string[] = [];
  let nowMs = startMs;
  const log = createLog((line) => lines.push(line));
  const { before, after } = batchSummary({ log, clock: { now: () => nowMs }, functionName: 'uploader' });
  for (const response of batches) {
    const event = { Records: response.delivered.map(() => ({})) };
    const request = { event, response, context: { awsRequestId: 'r' } } as unknown as Parameters<
      NonNullable<typeof before>
    >[0];
    await before?.(request);
    nowMs += 250;
    await after?.(request);
  }
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('the log line of a batch', () => {
  it('publishes a cold start, only for the first batch of an execution environment', async () => {
    const [first, ...later] = await summarize(
      ...Array.from({ length: 3 }, (): BatchResult => ({ delivered: [done], drawn: [] })),
    );
    expect(first).toMatchObject({
      isColdStart: true,
      FunctionName: 'uploader',
      ColdStarts: 1,
      _aws: { Timestamp: startMs + 250 },
    });
    for (const line of later) {
      expect(line).toMatchObject({ isColdStart: false });
      expect(line).not.toHaveProperty('ColdStarts');
      expect(line).not.toHaveProperty('_aws');
    }
    expect(later).toHaveLength(2);
  });

  it.each<[string, BatchResult, object]>([
    ['one message', { delivered: [done], drawn: [] }, { messages: 1, retried: 0 }],
    ['a message that is retried', { delivered: [done, failed], drawn: [] }, { messages: 2, retried: 1 }],
    ['a backlog', { delivered: [failed, done], drawn: [failed, done, failed] }, { messages: 2, drawn: 3, retried: 3 }],
  ])('of %s shows what was received, drawn and retried, and the time that it took', async (_, result, counts) => {
    const [, line] = await summarize({ delivered: [done], drawn: [] }, result);
    expect(line).toEqual({
      timestamp: expect.any(String),
      level: 'INFO',
      message: 'batch processed',
      requestId: 'r',
      isColdStart: false,
      tookMs: 250,
      ...counts,
    });
  });
});
