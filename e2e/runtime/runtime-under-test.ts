import type { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { EventSource } from 'local-aws/lambda/event-source';
import { ExecutionEnvironment, type LocalFunction } from 'local-aws/lambda/execution-environment';
import {
  connectToS3,
  countQueued,
  localCredentials,
  type LocalPipeline,
  startPipeline,
} from '../../local/pipeline/pipeline';
import { localAccount } from '../../local/pipeline/template';
import { type StandInChoice, startStandIn } from '../../local/start/choose-complycube';
import { FunctionLog } from '../../local/start/function-log';
import { type PhotoResult, type PhotoToPut, runPhotos } from '../../local/start/photo-run';

/** AWS's runtime client and the Node that runs it. */
export interface RuntimeClient {
  readonly nodePath: string;
  readonly runtimePath: string;
}

/** Invokes the function. @throws InvocationError if the invocation fails. */
export type Invoke = (event: unknown) => Promise<unknown>;

/** Photos without an outcome after this time are unfinished. On a quiet machine they take ten seconds. */
const sendTimeoutMs = 180_000;

/** The tags of this object are not answered at the first request. */
export const hungKey = 'portraits/smallest.jpg';

/** The function's bundle on AWS's runtime client, and local servers around it. Its event source is started by each check. */
export class RuntimeUnderTest {
  /** Every line that the function or its runtime has printed. */
  readonly lines: string[] = [];
  readonly log = new FunctionLog();
  readonly client: RuntimeClient;
  private readonly s3: S3Client;

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
      // Lambda sets this variable if the function's log format is JSON.
      variables: { AWS_LAMBDA_LOG_FORMAT: 'JSON' },
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
    while (countQueued(this.pipeline) < photos.length + neighbours.length) await nextTurn();
    const stop = this.poll(invoke);
    try {
      return await results;
    } finally {
      await stop();
    }
  }

  /** Polls the queue with one poller, until the returned function is called. */
  private poll(invoke: Invoke): () => Promise<void> {
    const { sqs, deployment } = this.pipeline;
    const client = new SQSClient({ endpoint: sqs.url, region: localAccount.region, credentials: localCredentials });
    const source = new EventSource(
      { ...deployment.eventSource, maxConcurrency: 1 },
      { queueUrl: deployment.queueUrl, sqs: client, invoke, onError: () => undefined },
    );
    return async () => {
      await source.disable();
      client.destroy();
    };
  }

  /** Invokes a function once, in a separate execution environment. */
  async invokeOnce(definition: LocalFunction, event: unknown, onLogLine = this.takeLine): Promise<unknown> {
    const environment = new ExecutionEnvironment(definition, { ...this.client, onLogLine });
    try {
      return await environment.invoke(event);
    } finally {
      await environment.stop();
    }
  }

  async stop(): Promise<void> {
    this.s3.destroy();
    await this.pipeline.stop();
    await this.standIn.close();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
