import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFunction } from '../../../build/bundle-function';
import { metadataNames } from '../../../contract/photo-rules';
import { stateOf } from '../../../local/cloudwatch/alarm-evaluation';
import { type Alarm, readAlarms } from '../../../local/cloudwatch/alarms';
import { startWatchedPipeline, type WatchedPipeline } from '../../../local/cloudwatch/watched-pipeline';
import type { ComplyCubeOptions } from 'complycube-stand-in/options';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';
import { connectToS3, type PipelineOptions } from '../../../local/pipeline/pipeline';
import { makeJpeg } from 'sample-photos/jpeg';
import { synthesize, type SynthesizedStack } from '../../../local/pipeline/synthesize';
import { until } from '../../until';
import { IdleClock } from './idle-clock';

/** A client that exists at the stand-in. */
export const clientId = '5eb1276d96be4a0008713af5';
const apiKey = 'live_key_of_the_stand_in';
/** A valid photo. */
export const jpeg = makeJpeg({ bytes: 36_000, seed: 1 });

/** One idle second represents five minutes. */
const speed = 300;
const minuteMs = 60_000;

/** Synthesizes the stack once for all runs of a test file. Its files are removed after the tests. */
export function synthesizeForRuns(): SynthesizedStack {
  const folder = mkdtempSync(join(tmpdir(), 'watched-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  bundleFunction();
  return synthesize(folder);
}

/** A watched pipeline with an app that uploads photos. */
export class WatchedRun {
  readonly alarms: readonly Alarm[];
  private readonly firstMinuteMs: number;

  private constructor(
    readonly watched: WatchedPipeline,
    readonly complyCube: LocalComplyCube,
    private readonly s3: S3Client,
    private readonly clock: IdleClock,
  ) {
    this.alarms = readAlarms(watched.pipeline.deployment.template);
    this.firstMinuteMs = watched.clock.now();
  }

  static async start(
    stack: SynthesizedStack,
    options: Partial<PipelineOptions> = {},
    complyCubeOptions: Partial<ComplyCubeOptions> = {},
  ): Promise<WatchedRun> {
    const complyCube = await startComplyCube({
      keys: [apiKey],
      requestsPerSecond: { live: 1_000 },
      latencyMs: 5,
      ...complyCubeOptions,
    });
    let invocations = 0;
    let readyMessages = (): number => 0;
    const clock = new IdleClock(speed, () => invocations + readyMessages() === 0);
    const watched = await startWatchedPipeline({
      stack,
      complyCube: { baseUrl: complyCube.baseUrl, apiKey, requestsPerSecond: 1_000 },
      waitSpeed: speed,
      clock,
      ...options,
      // Called before each invocation.
      isThrottled: () => {
        invocations += 1;
        return options.isThrottled?.() ?? false;
      },
      onReport: (report) => {
        invocations -= 1;
        options.onReport?.(report);
      },
    });
    const { sqs, deployment, eventSource } = watched.pipeline;
    // Nobody works on messages while the event source mapping is disabled.
    readyMessages = () => (eventSource.isEnabled ? sqs.depth(deployment.eventSource.queueArn).ready : 0);
    return new WatchedRun(watched, complyCube, connectToS3(watched.pipeline), clock);
  }

  /** @returns the photo's version ID. */
  async put(key: string, body: Buffer = jpeg, metadata: Record<string, string> = knownClient): Promise<string> {
    const Bucket = this.watched.pipeline.deployment.photoBucket;
    const { VersionId = '' } = await this.s3.send(
      new PutObjectCommand({ Bucket, Key: key, Body: body, Metadata: metadata }),
    );
    return VersionId;
  }

  /** Deletes a version permanently. */
  async delete(key: string, versionId: string): Promise<void> {
    const Bucket = this.watched.pipeline.deployment.photoBucket;
    await this.s3.send(new DeleteObjectCommand({ Bucket, Key: key, VersionId: versionId }));
  }

  async putMany(count: number, keyStart = 'photo', body?: Buffer): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, at) => this.put(`${keyStart} ${at}.jpg`, body)));
  }

  /** The alarms in ALARM at a time. They are identified by the anchors of their runbook links. */
  alarmsAt(nowMs = this.watched.clock.now()): string[] {
    return this.alarms.filter((alarm) => stateOf(alarm, this.watched.metrics, nowMs) === 'ALARM').map(anchorOf);
  }

  async alarmed(anchor: string): Promise<void> {
    await until(() => this.alarmsAt().includes(anchor));
  }

  /** All alarms that fired since the start, or would fire until `laterMs` from now if nothing more happened. */
  alarmsSoFar(laterMs = 0): string[] {
    const endMs = this.watched.clock.now() + laterMs;
    const anchors = new Set(this.alarmsAt(endMs));
    for (let atMs = this.firstMinuteMs; atMs < endMs; atMs += minuteMs) {
      for (const anchor of this.alarmsAt(atMs)) anchors.add(anchor);
    }
    return [...anchors];
  }

  /** The sum of a metric of the function. */
  sumOf(name: string): number {
    const FunctionName = this.watched.pipeline.deployment.function.name;
    const metric = { namespace: 'ComplyCubeLivePhotos', name, dimensions: { FunctionName } };
    return this.watched.metrics.valuesOf(metric, 0, Infinity).reduce((sum, value) => sum + value, 0);
  }

  async counted(name: string, atLeast: number): Promise<void> {
    await until(() => this.sumOf(name) >= atLeast);
  }

  async stop(): Promise<void> {
    this.clock.stop();
    this.s3.destroy();
    await this.watched.stop();
    await this.complyCube.close();
  }
}

const knownClient = { [metadataNames.clientId]: clientId };

/** The anchor of an alarm's runbook link. */
function anchorOf({ description }: Alarm): string {
  return description.replace(/.*#/, '');
}
