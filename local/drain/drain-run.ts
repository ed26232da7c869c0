import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp } from '../../bin/live-photos';
import { metadataNames } from '../../contract/photo-rules';
import { PhotoBytes } from '../chaos/world/photo-bytes';
import { type LocalPipeline, localCredentials, startPipeline } from '../pipeline/pipeline';
import { synthesize, type SynthesizedStack } from '../pipeline/synthesize';
import { localAccount } from '../pipeline/template';
import { type DrainFigures, figuresOf } from './drain-figures';
import { startStandInProcess } from './stand-in-process';

/** What to drain, and how. */
export interface DrainSettings {
  readonly photos: number;
  /** ComplyCube's limit, and what the stack is set to. */
  readonly requestsPerSecond: number;
  /** The event source's maximum concurrency. */
  readonly concurrency: number;
  /** The least that ComplyCube takes for an answer; the most is half as much again. */
  readonly latencyMs: number;
}

/** What a drain works with. */
export interface DrainEdges {
  /** Where the stack is synthesized to. */
  readonly folder: string;
  /** Told now and then how many photos are done with. */
  readonly onProgress: (photos: number) => void;
  /** Once aborted, the drain is given up. */
  readonly signal: AbortSignal;
}

const photoBytes = 40_000;
const apiKey = 'live_drain';
const lookEveryMs = 50;

/** Puts a backlog of photos, lets the local pipeline drain it, and measures how it used ComplyCube's limit. */
export async function drain(settings: DrainSettings, edges: DrainEdges): Promise<DrainFigures> {
  const standIn = await startStandInProcess({ apiKey, ...settings });
  const held: (() => void)[] = [];
  const sendHeld = (): void => {
    for (const send of held.splice(0)) send();
  };
  try {
    const pipeline = await startPipeline({
      stack: synthesizeWith(settings, edges.folder),
      complyCube: { baseUrl: standIn.baseUrl, apiKey },
      onNotification: (_, send) => held.push(send),
    });
    try {
      sendHeld(); // the test event
      await putBacklog(pipeline, settings.photos);
      while (held.length < settings.photos) await sleep(1);
      const startedAt = performance.now();
      sendHeld();
      while (!edges.signal.aborted && queuedIn(pipeline) > 0) {
        await sleep(lookEveryMs);
        edges.onProgress(settings.photos - queuedIn(pipeline));
      }
      const tookMs = Math.round(performance.now() - startedAt);
      return figuresOf({ ...(await standIn.readCalls()), tookMs }, settings.requestsPerSecond);
    } finally {
      await pipeline.stop();
    }
  } finally {
    standIn.stop();
  }
}

/** The stack as `cdk deploy -c requestsPerSecond=… -c maxConcurrency=…` makes it. */
function synthesizeWith({ requestsPerSecond, concurrency }: DrainSettings, folder: string): SynthesizedStack {
  const own = { requestsPerSecond: String(requestsPerSecond), maxConcurrency: String(concurrency) };
  return synthesize(folder, (props) => createApp({ ...props, context: { ...props.context, ...own } }));
}

async function putBacklog({ s3, deployment }: LocalPipeline, photos: number): Promise<void> {
  const client = new S3Client({
    region: localAccount.region,
    endpoint: s3.url,
    forcePathStyle: true,
    credentials: localCredentials,
  });
  const bytes = new PhotoBytes();
  for (let at = 0; at < photos; at++) {
    const picture = `photo ${at}`;
    const clientId = createHash('sha256').update(picture).digest('hex').slice(0, 24);
    await client.send(
      new PutObjectCommand({
        Bucket: deployment.photoBucket,
        Key: `photos/${at}.jpg`,
        Body: bytes.make({ picture, size: photoBytes, isCutOff: false }),
        Metadata: { [metadataNames.clientId]: clientId },
      }),
    );
  }
  client.destroy();
}

function queuedIn({ sqs, deployment }: LocalPipeline): number {
  const { ready, inFlight, delayed } = sqs.depth(deployment.eventSource.queueArn);
  return ready + inFlight + delayed;
}
