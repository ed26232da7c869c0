import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
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
import { localCredentials, type PipelineOptions } from '../../../local/pipeline/pipeline';
import { makeJpeg } from 'sample-photos/jpeg';
import { synthesize, type SynthesizedStack } from '../../../local/pipeline/synthesize';
import { localAccount } from '../../../local/pipeline/template';
import { until } from '../../../packages/local-aws/test/lambda/until';
import { IdleClock } from './idle-clock';

/** A client that the stand-in knows. */
export const clientId = '5eb1276d96be4a0008713af5';
/** The key that it accepts. */
const apiKey = 'live_key_of_the_stand_in';
/** A photo that goes through. */
export const jpeg = makeJpeg({ bytes: 36_000, seed: 1 });

/** Five minutes pass in one second in which nothing has to be done. */
const speed = 300;
const minuteMs = 60_000;

/** The stack, synthesized once for all runs of a test file. */
export function synthesizeForRuns(): { stack: SynthesizedStack; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'watched-test-'));
  bundleFunction();
  return {
    stack: synthesize(folder),
    remove: () => {
      rmSync(folder, { recursive: true });
    },
  };
}

/** A watched pipeline with an app that puts photos into its bucket. */
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
      // Asked before each invocation.
      isThrottled: () => {
        invocations += 1;
        return options.isThrottled?.() ?? false;
      },
      onReport: (report) => {
        invocations -= 1;
        options.onReport?.(report);
      },
    });
    const { sqs, deployment } = watched.pipeline;
    readyMessages = () => sqs.depth(deployment.eventSource.queueArn).ready;
    const { url } = watched.pipeline.s3;
    const { region } = localAccount;
    const s3 = new S3Client({ region, endpoint: url, forcePathStyle: true, credentials: localCredentials });
    return new WatchedRun(watched, complyCube, s3, clock);
  }

  /** Puts a photo, by default one that goes through. @returns its version. */
  async put(key: string, body: Buffer = jpeg, metadata: Record<string, string> = knownClient): Promise<string> {
    const Bucket = this.watched.pipeline.deployment.photoBucket;
    const { VersionId = '' } = await this.s3.send(
      new PutObjectCommand({ Bucket, Key: key, Body: body, Metadata: metadata }),
    );
    return VersionId;
  }

  /** Deletes a version for good. */
  async delete(key: string, versionId: string): Promise<void> {
    const Bucket = this.watched.pipeline.deployment.photoBucket;
    await this.s3.send(new DeleteObjectCommand({ Bucket, Key: key, VersionId: versionId }));
  }

  /** Puts so many photos at once. */
  async putMany(count: number, keyStart = 'photo', body?: Buffer): Promise<void> {
    await Promise.all(Array.from({ length: count }, (_, at) => this.put(`${keyStart} ${at}.jpg`, body)));
  }

  /** The alarms that are off now, or at another time; by the end of their runbook links. */
  alarmsAt(nowMs = this.watched.clock.now()): string[] {
    return this.alarms.filter((alarm) => stateOf(alarm, this.watched.metrics, nowMs) === 'ALARM').map(anchorOf);
  }

  /** Waits until an alarm goes off. */
  async alarmed(anchor: string): Promise<void> {
    await until(() => this.alarmsAt().includes(anchor));
  }

  /** Every alarm that went off in any minute since the start, and so much later, as though nothing more happened. */
  alarmsSoFar(laterMs = 0): string[] {
    const endMs = this.watched.clock.now() + laterMs;
    const anchors = new Set(this.alarmsAt(endMs));
    for (let atMs = this.firstMinuteMs; atMs < endMs; atMs += minuteMs) {
      for (const anchor of this.alarmsAt(atMs)) anchors.add(anchor);
    }
    return [...anchors];
  }

  /** The sum of a metric of the function's so far. */
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

/** What stands behind `#` in an alarm's description: where its runbook entry is. */
function anchorOf({ description }: Alarm): string {
  return description.replace(/.*#/, '');
}
