import { DeleteMessageBatchCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { localCredentials } from '../../local/pipeline/pipeline';
import { localAccount } from '../../local/pipeline/template';
import { type LocalSqs, startSqs } from 'local-aws/sqs/server';
import { RunningContestant } from '../contestant';
import { batchOf, notificationBody, photoBytes } from '../events';
import { ratioRow, type Row } from '../row';
import type { Setup } from '../setup';

const depths = [10, 1_000, 100_000] as const;

/**
 * Measures the CPU time of a photo, function and local queue together, with backlogs of different sizes. Each round receives, processes
 * and deletes ten messages and sends ten more, so the backlog keeps its size.
 */
export async function measureGrowth(setup: Setup, rounds: number): Promise<Row[]> {
  const contestant = await RunningContestant.startLoaded(setup, 'own', 512);
  await contestant.invoke(batchOf(10, photoBytes.small), 10);
  const backlogs = await Promise.all(depths.map((depth) => Backlog.start(depth)));
  const perPhotoMs = new Map<number, number[]>(depths.map((depth) => [depth, []]));
  // The first rounds warm up the queue's code and are not counted.
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
      perPhotoMs.get(depth) ?? [],
      perPhotoMs.get(least) ?? [],
    ),
  );
}

/** No growth, with a tolerance for other work on the machine. */
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

  /** CPU milliseconds of the function and of this process, which runs the queue. */
  async costOfBatch(contestant: RunningContestant): Promise<number> {
    const startedAt = process.cpuUsage();
    const { Messages = [] } = await this.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: this.queue.url, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length !== 10) throw new Error(`Received ${Messages.length} messages instead of 10`);
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
