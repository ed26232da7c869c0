import { GetQueueAttributesCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { CommandError } from '../../cli/command-error';
import { QueueFeed } from '../../cli/photos/queue-feed';

const sqs = mockClient(SQSClient);
let nowMs: number;
let sentAtMs: number[];
let interruption: AbortController;
const clock = {
  now: () => nowMs,
  sleep: (ms: number) => {
    nowMs += ms;
    return Promise.resolve();
  },
};
const ten = Array.from({ length: 10 }, (_, at) => `message ${at}`);
const depth = (ready: number, inFlight: number) => ({
  Attributes: { ApproximateNumberOfMessages: String(ready), ApproximateNumberOfMessagesNotVisible: String(inFlight) },
});

beforeEach(() => {
  nowMs = 1_000_000;
  sentAtMs = [];
  interruption = new AbortController();
  sqs.reset();
  sqs.on(GetQueueAttributesCommand).resolves(depth(0, 0));
  sqs.on(SendMessageBatchCommand).callsFake(() => {
    sentAtMs.push(nowMs);
    return {};
  });
});

function feedOf(messagesPerSecond: number, onWait?: (waiting: number | undefined) => void): QueueFeed {
  const options = { messagesPerSecond, clock, signal: interruption.signal, ...(onWait && { onWait }) };
  return new QueueFeed(new SQSClient({ region: 'us-east-1' }), 'https://queue', options);
}
const bodiesSent = (): (string | undefined)[][] =>
  sqs
    .commandCalls(SendMessageBatchCommand)
    .map(({ args: [{ input }] }) => (input.Entries ?? []).map(({ MessageBody }) => MessageBody));

describe('QueueFeed', () => {
  it.each([
    [10, 1_000],
    [2, 5_000],
    [0.5, 20_000],
  ])('sends at most %d messages per second', async (rate, everyMs) => {
    const feed = feedOf(rate);
    for (let batch = 0; batch < 3; batch++) await feed.send(ten);
    expect(sentAtMs.map((atMs) => atMs - 1_000_000)).toEqual([0, everyMs, 2 * everyMs]);
  });

  it.each([
    ['a minute of work is ready', depth(600, 0)],
    ['too many messages are in flight', depth(0, 20_000)],
  ])('waits while %s, and reports it', async (_, full) => {
    sqs.on(GetQueueAttributesCommand).resolvesOnce(full).resolvesOnce(full).resolves(depth(599, 19_999));
    const reported: (number | undefined)[] = [];
    await feedOf(10, (waiting) => reported.push(waiting)).send(ten);
    expect(sentAtMs).toEqual([1_010_000]);
    expect(reported).toEqual([expect.any(Number), expect.any(Number), undefined]);
  });

  it('sends only the messages again that SQS did not accept', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({ Failed: [{ Id: '3', Code: 'InternalError', SenderFault: false }], Successful: [] })
      .resolves({});
    await feedOf(10).send(ten);
    expect(bodiesSent()).toEqual([ten, ['message 3']]);
  });

  it('fails if SQS refuses a message', async () => {
    sqs
      .on(SendMessageBatchCommand)
      .resolves({ Failed: [{ Id: '0', Code: 'AccessDenied', SenderFault: true }], Successful: [] });
    await expect(feedOf(10).send(ten)).rejects.toThrow(
      new CommandError('The upload queue did not accept a message: AccessDenied'),
    );
  });

  it('stops waiting and sends nothing after an interruption', async () => {
    sqs.on(GetQueueAttributesCommand).resolves(depth(1_000_000, 0));
    interruption.abort();
    await expect(feedOf(10).send(ten)).resolves.toBe(false);
    expect(bodiesSent()).toEqual([]);
  });
});
