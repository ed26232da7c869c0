import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { localCredentials } from '../../local/pipeline';
import { localAccount } from '../../local/template';
import { type LocalSqs, startSqs } from 'local-aws/sqs/server';
import { RunningContestant } from '../contestant';
import { batchOf, notificationBody, photoBytes } from '../events';
import { ratioRow, type Row } from '../row';
import type { Stage } from '../stage';

const depths = [10, 1_000, 100_000] as const;

/**
 * What a photo costs in CPU with so many others waiting, the function's and the local queue's together: a batch of ten is
 * received, processed and deleted, and ten more are sent, so that the backlog stays as it is.
 */
export async function measureGrowth(stage: Stage, rounds: number): Promise<Row[]> {
  const contestant = await RunningContestant.startLoaded(stage, 'own', 512);
  await contestant.invoke(batchOf(10, photoBytes.small), 10);
  const backlogs = await Promise.all(depths.map((depth) => Backlog.start(depth)));
  const perPhotoMs = new Map<number, number[]>(depths.map((depth) => [depth, []]));
  // The first rounds warm the queues' own code: they are not counted.
  for (let round = -3; round < rounds; round++) {
    for (const backlog of backlogs) {
      const cpuMs = await backlog.costOfBatch(contestant);
      if (round >= 0) perPhotoMs.get(backlog.depth)?.push(cpuMs / 10);
    }
  }
  await contestant.stop();
  for (const backlog of backlogs) await backlog.stop();
  const [least, ...deeper] = depths;
  return deeper.map((depth) =>
    ratioRow(
      {
        what: `CPU a photo, ${depth.toLocaleString('en')} in the backlog`,
        against: `with ${least} in the backlog`,
        goal: flat,
      },
      { own: perPhotoMs.get(depth) ?? [], other: perPhotoMs.get(least) ?? [], of: 'ms' },
    ),
  );
}

/** Flat, and what rounds on a machine with other work differ by. */
const flat = 1.25;

class Backlog {
  private constructor(
    readonly depth: number,
    private readonly server: LocalSqs,
    private readonly sqs: SQSClient,
    private readonly queue: { readonly url: string; readonly arn: string },
  ) {}

  static async start(depth: number): Promise<Backlog> {
    const server = await startSqs(localAccount);
    const queue = server.createQueue('uploads', { VisibilityTimeout: '360' });
    for (let sent = 0; sent < depth; sent++) server.send(queue.arn, notificationBody(photoBytes.small));
    const sqs = new SQSClient({ endpoint: server.url, region: localAccount.region, credentials: localCredentials });
    return new Backlog(depth, server, sqs, queue);
  }

  /** CPU milliseconds of the function, and of this process, in which the queue is. */
  async costOfBatch(contestant: RunningContestant): Promise<number> {
    const startedAt = process.cpuUsage();
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: this.queue.url, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length !== 10) throw new Error(`The queue gave ${Messages.length} messages in place of 10`);
    const event = batchOf(10, photoBytes.small);
    Messages.forEach(({ Body = '' }, at) => Object.assign(event.Records[at] ?? {}, { body: Body }));
    const { cpuMs } = await contestant.invoke(event);
    const entries = Messages.map(({ MessageId, ReceiptHandle }) => ({ Id: MessageId, ReceiptHandle }));
    await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.queue.url, Entries: entries }));
    for (let sent = 0; sent < 10; sent++) this.server.send(this.queue.arn, notificationBody(photoBytes.small));
    const { user, system } = process.cpuUsage(startedAt);
    return cpuMs + (user + system) / 1000;
  }

  async stop(): Promise<void> {
    this.sqs.destroy();
    await this.server.close();
  }
}
