import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EventSource } from 'local-aws/lambda/event-source';
import type { LocalFunction } from 'local-aws/lambda/execution-environment';
import { countQueued, localCredentials } from '../../local/pipeline/pipeline';
import { localAccount } from '../../local/pipeline/template';
import { FunctionLog } from '../../local/start/function-log';
import { type PhotoResult, type PhotoToPut, runPhotos } from '../../local/start/photo-run';
import type { Host, Invoke } from './host';
import { shortTimeoutMs, waitUntil, within } from './limits';
import type { Servers } from './servers';

/** Photos without an outcome after this time are unfinished. On a quiet machine they take twenty seconds. */
const sendTimeoutMs = 180_000;

/** A host of functions, with local servers around it. */
export class RuntimeUnderTest {
  /** The lines that the functions and their runtime have printed, except in runs that have another listener. */
  readonly lines: string[] = [];
  private readonly log = new FunctionLog();

  constructor(
    readonly host: Host,
    readonly servers: Servers,
  ) {}

  private readonly takeLine = (line: string): void => {
    this.lines.push(line);
    this.log.take(line);
  };

  /** Starts a function, does a check, and stops the function. */
  async run(
    definition: LocalFunction,
    check: (invoke: Invoke) => Promise<string>,
    onLogLine = this.takeLine,
  ): Promise<string> {
    const running = await this.host.start(definition, onLogLine);
    try {
      return await check((event) => running.invoke(event));
    } finally {
      await within(shortTimeoutMs, "the exit of the function's process", running.stop());
    }
  }

  /**
   * Puts photos into the bucket and waits for their outcomes. Their messages wait in the queue until all are there, so that the
   * first invocation receives a full batch.
   * @param neighbours further messages in the queue.
   */
  async send(
    photos: readonly PhotoToPut[],
    invoke: Invoke,
    neighbours: readonly string[] = [],
  ): Promise<PhotoResult[]> {
    const { log, servers } = this;
    const { s3, interruption, pipeline } = servers;
    const { deployment, sqs } = pipeline;
    for (const body of neighbours) sqs.send(deployment.eventSource.queueArn, body);
    // Not `AbortSignal.timeout`: Node 20 collects one that only `AbortSignal.any` refers to, and it never aborts.
    const limit = new AbortController();
    const timer = setTimeout(() => {
      limit.abort();
    }, sendTimeoutMs);
    try {
      const signal = AbortSignal.any([interruption, limit.signal]);
      const results = runPhotos(photos, { s3, log, signal, bucket: deployment.photoBucket, onResult: () => undefined });
      const count = photos.length + neighbours.length;
      await Promise.race([
        results, // rejects if a photo can't be put
        waitUntil(shortTimeoutMs, `${count} messages in the queue`, () => countQueued(pipeline) >= count),
      ]);
      return await this.whilePolling(invoke, () => results);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a message to the queue, and polls until the function has processed it. */
  async deliver(body: string, invoke: Invoke): Promise<void> {
    const { pipeline } = this.servers;
    pipeline.sqs.send(pipeline.deployment.eventSource.queueArn, body);
    await this.whilePolling(invoke, () =>
      waitUntil(sendTimeoutMs, 'an empty queue', () => countQueued(pipeline) === 0),
    );
  }

  private async whilePolling<Result>(invoke: Invoke, work: () => Promise<Result>): Promise<Result> {
    const stop = this.poll(invoke);
    try {
      return await work();
    } finally {
      await within(shortTimeoutMs, 'the end of the last invocation', stop());
    }
  }

  /** Polls the queue with one poller, until the returned function is called. */
  private poll(invoke: Invoke): () => Promise<void> {
    const { sqs, deployment } = this.servers.pipeline;
    const client = new SQSClient({ endpoint: sqs.url, region: localAccount.region, credentials: localCredentials });
    const source = new EventSource(
      { ...deployment.eventSource, maxConcurrency: 1 },
      { queueUrl: deployment.queueUrl, sqs: withShortReceives(client), invoke, onError: () => undefined },
    );
    return async () => {
      await source.disable();
      client.destroy();
    };
  }
}

/**
 * An aborted receive can still take a message, which then stays hidden for the queue's visibility timeout. So each receive waits for a
 * second only, and is not aborted.
 */
function withShortReceives(client: SQSClient): SQSClient {
  const send = client.send.bind(client) as (command: ReceiveMessageCommand) => Promise<unknown>;
  return Object.assign(client, {
    send: (command: ReceiveMessageCommand) => {
      if (command instanceof ReceiveMessageCommand) command.input.WaitTimeSeconds = 1;
      return send(command);
    },
  });
}
