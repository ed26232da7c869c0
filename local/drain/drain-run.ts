import { PutObjectCommand } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { metadataNames } from '../../contract/photo-rules';
import { PhotoBytes } from '../chaos/world/photo-bytes';
import { connectToS3, countQueued, type LocalPipeline, startPipeline } from '../pipeline/pipeline';
import { type DrainFigures, figuresOf } from './drain-figures';
import { startStandInProcess } from './stand-in-process';

/** Settings of a drain. */
export interface DrainSettings {
  readonly photos: number;
  /** ComplyCube's limit, and the stack's setting. */
  readonly requestsPerSecond: number;
  /** The event source's maximum concurrency. */
  readonly concurrency: number;
  /** The stand-in's minimum latency. The maximum is 1.5 times as long. */
  readonly latencyMs: number;
}

/** Callbacks of a drain. */
export interface DrainDeps {
  /** Called with the number of processed photos. */
  readonly onProgress: (photos: number) => void;
  /** Stops the drain early. */
  readonly signal: AbortSignal;
}

const photoBytes = 40_000;
const apiKey = 'live_drain';
const pollEveryMs = 50;

/** Uploads a backlog of photos, lets the local pipeline drain it, and measures how it used ComplyCube's limit. */
export async function drain(settings: DrainSettings, { onProgress, signal }: DrainDeps): Promise<DrainFigures> {
  const { photos, requestsPerSecond, concurrency } = settings;
  const standIn = await startStandInProcess(apiKey, settings);
  const held: (() => void)[] = [];
  const sendHeld = (): void => {
    for (const send of held.splice(0)) send();
  };
  try {
    const pipeline = await startPipeline({
      settings: { requestsPerSecond: String(requestsPerSecond), maxConcurrency: String(concurrency) },
      complyCube: { baseUrl: standIn.baseUrl, apiKey },
      onNotification: (_, send) => held.push(send),
    });
    try {
      sendHeld(); // the test event
      await putBacklog(pipeline, photos);
      while (held.length < photos) await sleep(1);
      const startedAt = performance.now();
      sendHeld();
      while (!signal.aborted && countQueued(pipeline) > 0) {
        await sleep(pollEveryMs);
        onProgress(photos - countQueued(pipeline));
      }
      const tookMs = Math.round(performance.now() - startedAt);
      return figuresOf({ ...(await standIn.readCalls()), tookMs }, requestsPerSecond);
    } finally {
      await pipeline.stop();
    }
  } finally {
    standIn.stop();
  }
}

async function putBacklog(pipeline: LocalPipeline, photos: number): Promise<void> {
  const client = connectToS3(pipeline);
  const bytes = new PhotoBytes();
  for (let at = 0; at < photos; at++) {
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
