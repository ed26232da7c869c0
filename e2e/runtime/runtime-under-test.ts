import type { S3Client } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EventSource } from 'local-aws/lambda/event-source';
import { ExecutionEnvironment, type LocalFunction } from 'local-aws/lambda/execution-environment';
import {
  connectToS3,
  countQueued,
  localCredentials,
  type LocalPipeline,
  startPipeline,
} from '../../local/pipeline/pipeline';
import { environmentNames } from '../../contract/environment';
import { localAccount } from '../../local/pipeline/template';
import { type StandInChoice, startStandIn } from '../../local/start/choose-complycube';
import { FunctionLog } from '../../local/start/function-log';
import { type PhotoResult, type PhotoToPut, runPhotos } from '../../local/start/photo-run';
import { waitUntil, within } from './limits';

/** AWS's runtime client and the Node that runs it. */
export interface RuntimeClient {
  readonly nodePath: string;
  readonly runtimePath: string;
}

/** Invokes the function. @throws InvocationError if the invocation fails. */
export type Invoke = (event: unknown) => Promise<unknown>;

/** Photos without an outcome after this time are unfinished. On a quiet machine they take ten seconds. */
const sendTimeoutMs = 180_000;
/** The limit of what takes less than a second on a quiet machine. */
const shortTimeoutMs = 60_000;

/** The tags of this object are not answered at the first request. */
export const hungKey = 'portraits/smallest.jpg';

/** The function's bundle on AWS's runtime client, and local servers around it. Its event source is started by each check. */
export class RuntimeUnderTest {
  /** Every line that the function or its runtime has printed. */
  readonly lines: string[] = [];
  readonly log = new FunctionLog();
  readonly client: RuntimeClient;
  readonly s3: S3Client;

  private constructor(
    readonly pipeline: LocalPipeline,
    readonly standIn: StandInChoice,
    client: RuntimeClient,
    private readonly interruption: AbortSignal,
  ) {
    this.client = client;
    this.s3 = connectToS3(pipeline);
  }

  static async start(client: RuntimeClient, interruption: AbortSignal): Promise<RuntimeUnderTest> {
    const standIn = await startStandIn(true);
    let isHung = false;
    const lines: ((line: string) => void)[] = [];
    const pipeline = await startPipeline({
      complyCube: standIn.access,
      waitSpeed: standIn.waitSpeed,
      runtime: client,
      variables: {
        // Lambda sets this variable if the function's log format is JSON.
        AWS_LAMBDA_LOG_FORMAT: 'JSON',
        [environmentNames.operatorsNamed]: 'true',
      },
      s3: {
        fault: ({ operation, key }) => {
          if (isHung || operation !== 'GetObjectTagging' || key !== hungKey) return undefined;
          isHung = true;
          return 'hang';
        },
      },
      onLogLine: (line) => {
        for (const take of lines) take(line);
      },
    });
    await pipeline.eventSource.disable();
    const started = new RuntimeUnderTest(pipeline, standIn, client, interruption);
    lines.push(started.takeLine);
    return started;
  }

  /** Takes a line of the function's log. */
  readonly takeLine = (line: string): void => {
    this.lines.push(line);
    this.log.take(line);
  };

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
    const { deployment, sqs } = this.pipeline;
    for (const body of neighbours) sqs.send(deployment.eventSource.queueArn, body);
    const { s3, log } = this;
    const signal = AbortSignal.any([this.interruption, AbortSignal.timeout(sendTimeoutMs)]);
    const results = runPhotos(photos, { s3, log, signal, bucket: deployment.photoBucket, onResult: () => undefined });
    const count = photos.length + neighbours.length;
    await Promise.race([
      results, // rejects if a photo can't be put
      waitUntil(shortTimeoutMs, `${count} messages in the queue`, () => countQueued(this.pipeline) >= count),
    ]);
    return this.whilePolling(invoke, () => results);
  }

  /** Sends a message to the queue, and polls until the function has processed it. */
  async deliver(body: string, invoke: Invoke): Promise<void> {
    this.pipeline.sqs.send(this.pipeline.deployment.eventSource.queueArn, body);
    await this.whilePolling(invoke, () =>
      waitUntil(sendTimeoutMs, 'an empty queue', () => countQueued(this.pipeline) === 0),
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
    const { sqs, deployment } = this.pipeline;
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

  /** The HTTP status of the stand-in for a live photo. */
  async statusOfLivePhoto(id: string): Promise<number> {
    const { baseUrl, apiKey } = this.standIn.access;
    const signal = AbortSignal.timeout(shortTimeoutMs);
    return (await fetch(`${baseUrl}/livePhotos/${id}`, { headers: { authorization: apiKey }, signal })).status;
  }

  /** Invokes a function once, in a separate execution environment. */
  async invokeOnce(definition: LocalFunction, event: unknown, onLogLine = this.takeLine): Promise<unknown> {
    const environment = new ExecutionEnvironment(definition, { ...this.client, onLogLine });
    try {
      return await environment.invoke(event);
    } finally {
      await within(shortTimeoutMs, "the exit of the function's process", environment.stop());
    }
  }

  async stop(): Promise<void> {
    this.s3.destroy();
    await within(shortTimeoutMs, 'the end of the local servers', this.pipeline.stop());
    await within(shortTimeoutMs, 'the end of the stand-in', this.standIn.close());
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
