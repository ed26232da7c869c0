import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from '@jest/globals';
import { maxReceiveCount, maxWaitMs, queueRetentionDays } from '../../../../contract/durations';
import { readMessage } from '../../../../contract/object-events';
import { photoBucket } from '../../../../local/drain/simulate/photo-event';
import { VirtualClock } from '../../../../local/drain/simulate/virtual-clock';
import { VirtualSqs } from '../../../../local/drain/simulate/virtual-sqs';

const QueueUrl = 'uploads';

/** A queue with events of photos. */
function queueWith(photos: number) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 2));
  const sqs = new VirtualSqs(clock);
  for (let photo = 0; photo < photos; photo++) sqs.sendEvent(photo);
  const receive = async (more: { readonly VisibilityTimeout?: number; readonly WaitTimeSeconds?: number } = {}) => {
    const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 1, ...more });
    const { Messages = [] } = await clock.run(sqs.client.send(command));
    return Messages;
  };
  const hide = (message: Message | undefined, VisibilityTimeout: number) => {
    const Entries = [{ Id: '0', ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout }];
    return clock.run(sqs.client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries })));
  };
  return { clock, sqs, receive, hide };
}

describe('the simulated SQS', () => {
  it('delivers events that the function reads, with the time of their photo', async () => {
    const { clock, receive } = queueWith(1);
    const sentAtMs = clock.now();
    const [message] = await receive();
    const { photos } = readMessage(message?.Body ?? '', photoBucket);
    expect(photos).toMatchObject([{ key: '0', eventTime: new Date(sentAtMs).toISOString() }]);
    expect(message?.Attributes?.SentTimestamp).toBe(String(sentAtMs));
  });

  it('hides a received message for the visibility timeout of the deployed queue', async () => {
    const { clock, receive } = queueWith(1);
    await receive();
    await clock.run(clock.sleep(maxWaitMs - 1_000));
    expect(await receive()).toEqual([]);
    await clock.run(clock.sleep(1_000));
    expect(await receive()).toMatchObject([{ Attributes: { ApproximateReceiveCount: '2' } }]);
  });

  it('hides a message as long as the receive or a later request says', async () => {
    const { clock, receive, hide } = queueWith(1);
    const [message] = await receive({ VisibilityTimeout: 60 });
    await hide(message, 120);
    await clock.run(clock.sleep(119_000));
    expect(await receive()).toEqual([]);
    await clock.run(clock.sleep(1_000));
    expect(await receive()).toHaveLength(1);
  });

  it('refuses to hide a message that is visible again', async () => {
    const { clock, receive, hide } = queueWith(1);
    const [message] = await receive({ VisibilityTimeout: 60 });
    await clock.run(clock.sleep(60_000));
    expect(await hide(message, 120)).toEqual({ Failed: [{ Id: '0', Code: 'MessageNotInflight' }] });
  });

  it('answers a long poll when a message becomes visible', async () => {
    const { clock, receive } = queueWith(1);
    await receive({ VisibilityTimeout: 5 });
    const startedAtMs = clock.now();
    expect(await receive({ WaitTimeSeconds: 20 })).toHaveLength(1);
    expect(clock.now() - startedAtMs).toBeLessThan(5_100);
  });

  it('answers a long poll without messages when its time is over', async () => {
    const { clock, receive } = queueWith(0);
    const startedAtMs = clock.now();
    expect(await receive({ WaitTimeSeconds: 20 })).toEqual([]);
    expect(clock.now() - startedAtMs).toBeCloseTo(20_000, -2);
  });

  it('answers a long poll when an event is sent', async () => {
    const { clock, sqs, receive } = queueWith(0);
    clock.after(3_000, () => {
      sqs.sendEvent(0);
    });
    expect(await receive({ WaitTimeSeconds: 20 })).toHaveLength(1);
    expect(clock.now() - Date.UTC(2026, 0, 2)).toBeLessThan(3_100);
  });

  it('moves a message to the dead-letter queue after maxReceiveCount receives', async () => {
    const { clock, sqs, receive } = queueWith(1);
    for (let receives = 1; receives <= maxReceiveCount; receives++) {
      expect(await receive({ VisibilityTimeout: 1 })).toHaveLength(1);
      await clock.run(clock.sleep(1_000));
    }
    expect(sqs).toMatchObject({ deadLettered: 0, mostReceives: maxReceiveCount });
    expect(await receive()).toEqual([]);
    expect(sqs).toMatchObject({ deadLettered: 1, queued: 0 });
  });

  it('deletes a message when it is asked to, or after the retention period', async () => {
    const { clock, sqs, receive } = queueWith(2);
    const [message] = await receive();
    const Entries = [{ Id: '0', ReceiptHandle: message?.ReceiptHandle }];
    await clock.run(sqs.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries })));
    expect(sqs.queued).toBe(1);
    await clock.run(clock.sleep(queueRetentionDays * 86_400_000));
    expect(sqs).toMatchObject({ queued: 0, deadLettered: 0 });
  });
});
