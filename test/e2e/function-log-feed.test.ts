import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { feedFunctionLog } from '../../e2e/function-log-feed';
import { FunctionLog } from '../../local/start/function-log';

const mock = mockClient(CloudWatchLogsClient);
const client = new CloudWatchLogsClient({ region: 'us-east-1' });

const line = (key: string, more: object) => ({ message: `${JSON.stringify({ key, receives: 1, ...more })}\n` });

beforeEach(() => {
  mock.reset();
  mock.onAnyCommand().rejects(new Error('This call was not planned'));
});

describe('the feed of a deployed function’s log', () => {
  it('copies late lines of each page and log group until it is aborted', async () => {
    const log = new FunctionLog();
    const ending = new AbortController();
    mock
      .on(FilterLogEventsCommand, { logGroupName: 'first' })
      .resolvesOnce({ events: [{ message: 'INIT_START Runtime Version: nodejs:24' }], nextToken: 'more' })
      .resolves({ events: [line('a.jpg', { status: 'uploaded', isTagged: true })] })
      .on(FilterLogEventsCommand, { logGroupName: 'second' })
      .resolvesOnce({ events: [] })
      .resolves({ events: [line('b.jpg', { status: 'rejected', reason: 'too-small', isTagged: true })] });
    const feed = feedFunctionLog(client, log, {
      logGroups: ['first', 'second'],
      everyMs: 1,
      signal: ending.signal,
    });
    const ended = await Promise.all([log.ended('a.jpg', undefined), log.ended('b.jpg', undefined)]);
    ending.abort();
    await feed;
    expect(ended.map(({ status }) => status)).toEqual(['uploaded', 'rejected']);
  });

  it('makes no call when it is already aborted', async () => {
    await feedFunctionLog(client, new FunctionLog(), {
      logGroups: ['first'],
      everyMs: 60_000,
      signal: AbortSignal.abort(),
    });
    expect(mock.calls()).toEqual([]);
  });
});
