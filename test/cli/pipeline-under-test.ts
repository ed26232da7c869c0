import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  GetQueueAttributesCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { ClaimRecord } from '../../contract/claim-record';
import { environmentNames } from '../../contract/environment';
import { tagNames } from '../../contract/outcome-tags';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';
import { LastErrors } from '../../local/pipeline/last-errors';
import type { LoopbackServer } from 'loopback-server/loopback-server';
import { localCredentials, type LocalPipeline, startPipeline } from '../../local/pipeline/pipeline';
import { makeJpeg } from 'sample-photos/jpeg';
import { startStackEndpoint } from '../../local/pipeline/stack-endpoint';
import { localAccount } from '../../local/pipeline/template';
import { until } from '../until';
import { type CommandResult, runCommand, type TerminalOptions } from './terminal-under-test';

export const clientId = '5eb1276d96be4a0008713af5';
export const apiKey = 'live_key_of_the_test';

/** The pipeline of `npm start -- --serve`, with short waits and a prefix whose events are lost. */
export class PipelineUnderTest {
  /** No events are sent for keys with this prefix. */
  static readonly lostPrefix = 'lost/';
  readonly s3: S3Client;
  readonly sqs: SQSClient;

  private constructor(
    readonly pipeline: LocalPipeline,
    readonly complyCube: LocalComplyCube,
    private readonly endpoint: LoopbackServer,
  ) {
    const common = { region: localAccount.region, credentials: localCredentials };
    this.s3 = new S3Client({ ...common, endpoint: pipeline.s3.url, forcePathStyle: true });
    this.sqs = new SQSClient({ ...common, endpoint: pipeline.sqs.url });
  }

  /**
   * @param settings of the stack, as in `cdk deploy -c name=value`.
   * @param variables of the function that override the stack's.
   */
  static async start(
    settings: Readonly<Record<string, string>> = {},
    variables: Readonly<Record<string, string>> = {},
  ): Promise<PipelineUnderTest> {
    const complyCube = await startComplyCube({
      keys: [apiKey],
      requestsPerSecond: { live: 1_000 },
    });
    const lastErrors = new LastErrors();
    const pipeline = await startPipeline({
      settings,
      complyCube: { baseUrl: complyCube.baseUrl, apiKey, requestsPerSecond: 200 },
      waitSpeed: 3_000,
      variables,
      onLogLine: (line) => lastErrors.take(line),
      onNotification: (body, send) => {
        if (!body.includes(`"key":"${PipelineUnderTest.lostPrefix}`)) send();
      },
    });
    return new PipelineUnderTest(pipeline, complyCube, await startStackEndpoint(pipeline, lastErrors));
  }

  /** The URL for `--local`. */
  get url(): string {
    return this.endpoint.url;
  }

  run(words: readonly string[], options?: TerminalOptions): Promise<CommandResult> {
    return runCommand([...words, '--local', this.url], options);
  }

  /** Puts a photo. @returns its version. */
  async put(key: string, metadata: Record<string, string> = { 'client-id': clientId }, seed = 1): Promise<string> {
    const { VersionId = '' } = await this.s3.send(
      new PutObjectCommand({
        Bucket: this.bucket,
        Key: key,
        Body: makeJpeg({ bytes: 40_000, seed }),
        Metadata: metadata,
      }),
    );
    return VersionId;
  }

  async tagsOf(key: string): Promise<Record<string, string>> {
    const { TagSet = [] } = await this.s3.send(new GetObjectTaggingCommand({ Bucket: this.bucket, Key: key }));
    return Object.fromEntries(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  }

  /** Waits until a photo has an outcome tag. */
  async ended(key: string, status = 'uploaded'): Promise<void> {
    await until(async () => (await this.tagsOf(key))['complycube-status'] === status);
  }

  /** Waits until a photo is uploaded and can be erased. @returns its live photo. */
  async uploaded(key: string): Promise<string> {
    await this.ended(key);
    await this.queueIsEmpty();
    await this.endLeases();
    return (await this.tagsOf(key))[tagNames.livePhotoId] ?? '';
  }

  /** Ends the leases of all claims, as time would. An erasure waits for that. */
  async endLeases(): Promise<void> {
    const { claimsBucket: Bucket } = this;
    const { Contents = [] } = await this.s3.send(new ListObjectsV2Command({ Bucket }));
    for (const { Key = '' } of Contents) {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket, Key }));
      const claim = JSON.parse((await Body?.transformToString()) ?? '') as Partial<ClaimRecord>;
      if (claim.leaseUntil === undefined || claim.erasure !== undefined) continue;
      const ended = { ...claim, leaseUntil: new Date(0).toISOString() };
      await this.s3.send(new PutObjectCommand({ Bucket, Key, Body: JSON.stringify(ended) }));
    }
  }

  get claimsBucket(): string {
    return this.pipeline.function.variables[environmentNames.claimsBucket] ?? '';
  }

  /** Sets the secret's value. */
  setApiKey(key: string): void {
    const { function: fn, secretsManager } = this.pipeline;
    secretsManager.putSecretValue(fn.variables[environmentNames.apiKeySecretId] ?? '', key);
  }

  async send(queueUrl: string, body: string): Promise<void> {
    await this.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
  }

  /** Sets the number of receives after which messages are dead-lettered. */
  async setMaxReceiveCount(maxReceiveCount: number): Promise<void> {
    const { deadLetterQueueArn: deadLetterTargetArn, queueUrl } = this.pipeline.deployment;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount });
    await this.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queueUrl, Attributes: { RedrivePolicy } }));
  }

  /** Number of visible dead-lettered messages. */
  get deadLetters(): number {
    return this.pipeline.sqs.depth(this.pipeline.deployment.deadLetterQueueArn).ready;
  }

  async deadLettersAre(number: number): Promise<void> {
    await until(() => this.deadLetters === number);
  }

  get deadLetterQueueUrl(): string {
    const { queueUrl, deadLetterQueueArn } = this.pipeline.deployment;
    return queueUrl.replace(/[^/]*$/, deadLetterQueueArn.split(':').at(-1) ?? '');
  }

  /** Waits until the upload queue is empty. */
  async queueIsEmpty(): Promise<void> {
    const isEmpty = async (): Promise<boolean> => {
      const { Attributes = {} } = await this.sqs.send(
        new GetQueueAttributesCommand({ QueueUrl: this.pipeline.deployment.queueUrl, AttributeNames: ['All'] }),
      );
      return (
        Attributes['ApproximateNumberOfMessages'] === '0' && Attributes['ApproximateNumberOfMessagesNotVisible'] === '0'
      );
    };
    await until(isEmpty);
  }

  /**
   * Call after each test: removes its faults, restores the key, and waits until no photo is in work. Otherwise such a photo
   * could take the fault that the next test sets for its own photo.
   */
  async endTest(): Promise<void> {
    this.complyCube.clearFaults();
    this.complyCube.acceptKey(apiKey);
    this.setApiKey(apiKey);
    await this.queueIsEmpty();
  }

  /** The types of the events about a key. */
  eventTypesOf(key: string): string[] {
    return this.pipeline.eventBridge.events.flatMap(({ detail, detailType }) =>
      (detail as { readonly key?: string }).key === key ? [detailType] : [],
    );
  }

  /** Uploads a live photo to ComplyCube without an object in S3. @returns its ID. */
  async uploadElsewhere(client: string, seed: number): Promise<string> {
    const data = makeJpeg({ bytes: 40_000, seed }).toString('base64');
    const response = await fetch(`${this.complyCube.baseUrl}/livePhotos`, {
      method: 'POST',
      headers: { authorization: apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ clientId: client, data }),
    });
    return ((await response.json()) as { readonly id: string }).id;
  }

  async stop(): Promise<void> {
    this.s3.destroy();
    this.sqs.destroy();
    await this.endpoint.close();
    await this.pipeline.stop();
    await this.complyCube.close();
  }

  get bucket(): string {
    return this.pipeline.deployment.photoBucket;
  }
}
