import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerReserveMs, functionTimeoutMs, photoDeadlineMs } from '../../contract/durations';
import { metadataNames } from '../../contract/photo-rules';
import { PhotoBytes } from '../chaos/world/photo-bytes';
import { changeStack } from '../pipeline/change-stack';
import { connectToS3, countQueued, type LocalPipeline, receivesFewer, startPipeline } from '../pipeline/pipeline';
import { synthesize } from '../pipeline/synthesize';
import { type DrainFigures, type DrainSettings, figuresOf } from './drain-figures';
import { startStandInProcess } from './stand-in-process';

/** Callbacks of a drain. */
export interface DrainDeps {
  /** Called with the number of processed photos. */
  readonly onProgress: (photos: number) => void;
  /** Stops the drain early. */
  readonly signal: AbortSignal;
}

const apiKey = 'live_drain';
const pollEveryMs = 50;

/**
 * The function's timeout in a drain, in whole seconds. Each execution environment ends an invocation after three quarters of the
 * backlog, and at the latest when it would in production.
 */
export function drainTimeoutSeconds({ photos, vendorLimit }: DrainSettings): number {
  const backlogSeconds = photos / vendorLimit;
  const afterDrawingSeconds = (photoDeadlineMs + answerReserveMs) / 1000;
  return Math.min(Math.round((backlogSeconds * 3) / 4 + afterDrawingSeconds), functionTimeoutMs / 1000);
}

/** Uploads a backlog of photos, lets the local pipeline drain it, and measures how it used ComplyCube's limit. */
export async function drain(settings: DrainSettings, { onProgress, signal }: DrainDeps): Promise<DrainFigures> {
  const { photos, requestsPerSecond, concurrency } = settings;
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-'));
  const standIn = await startStandInProcess(apiKey, settings);
  const held: (() => void)[] = [];
  const sendHeld = (): void => {
    for (const send of held.splice(0)) send();
  };
  const invocationsMs: number[] = [];
  try {
    const stackSettings = { requestsPerSecond: String(requestsPerSecond), maxConcurrency: String(concurrency) };
    const stack = changeStack(synthesize(join(folder, 'cdk.out'), stackSettings), ({ Type }) =>
      Type === 'AWS::Lambda::Function' ? { Timeout: drainTimeoutSeconds(settings) } : {},
    );
    const pipeline = await startPipeline({
      stack,
      complyCube: { baseUrl: standIn.baseUrl, apiKey },
      sqs: { receiveLimit: receivesFewer },
      onNotification: (_, send) => held.push(send),
      onReport: ({ durationMs }) => invocationsMs.push(durationMs ?? 0),
    });
    try {
      sendHeld(); // the test event
      await putBacklog(pipeline, settings, signal);
      while (held.length < photos && !signal.aborted) await sleep(pollEveryMs);
      invocationsMs.length = 0;
      const startedAt = performance.now();
      sendHeld();
      let backlog: { readonly backlogEndedAtMs: number; readonly invocationsEnded: number } | undefined;
      while (!signal.aborted && countQueued(pipeline) > 0) {
        await sleep(pollEveryMs);
        onProgress(photos - countQueued(pipeline));
        if (countReady(pipeline) > 0) continue;
        backlog ??= { backlogEndedAtMs: Date.now(), invocationsEnded: invocationsMs.length };
      }
      const tookMs = Math.round(performance.now() - startedAt);
      backlog ??= { backlogEndedAtMs: Date.now(), invocationsEnded: invocationsMs.length };
      const calls = await standIn.readCalls();
      const { memoryMb } = pipeline.function;
      await pipeline.stop(); // ends the last invocations, which are billed too
      return figuresOf({ ...calls, ...backlog, tookMs, invocationsMs, memoryMb }, settings);
    } finally {
      await pipeline.stop();
    }
  } finally {
    standIn.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function countReady({ sqs, deployment }: LocalPipeline): number {
  return sqs.depth(deployment.eventSource.queueArn).ready;
}

async function putBacklog(
  pipeline: LocalPipeline,
  { photos, photoBytes }: DrainSettings,
  signal: AbortSignal,
): Promise<void> {
  const client = connectToS3(pipeline);
  const bytes = new PhotoBytes();
  for (let at = 0; at < photos && !signal.aborted; at++) {
    const picture = `photo ${at}`;
    const clientId = createHash('sha256').update(picture).digest('hex').slice(0, 24);
    await client.send(
      new PutObjectCommand({
        Bucket: pipeline.deployment.photoBucket,
        Key: `photos/${at}.jpg`,
        Body: bytes.make({ picture, size: photoBytes, isCutOff: false }),
        Metadata: { [metadataNames.clientId]: clientId },
      }),
    );
  }
  client.destroy();
}
