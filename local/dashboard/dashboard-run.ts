import { setTimeout as sleep } from 'node:timers/promises';
import { dashboardPeriodMs } from '../cloudwatch/dashboard';
import { startWatchedPipeline, type WatchedPipeline } from '../cloudwatch/watched-pipeline';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';
import type { SynthesizedStack } from '../pipeline/synthesize';
import { malformedMessage, playScenes, stageMinutes } from './scenes';
import type { Span } from './series';
import { deliverAsS3Does, isKnownClient, StageApp } from './sample-app';

/** Five minutes pass in one second. */
const speed = 300;
const minuteMs = 60_000;
const apiKey = 'live_key_of_the_stand_in';

/** How to run the stage. */
export interface StagedRunOptions {
  readonly stack: SynthesizedStack;
  /** Told how far the run is, from 0 to 1. */
  readonly onProgress: (share: number) => void;
  /** Once aborted, the run ends early. */
  readonly signal: AbortSignal;
}

/** A staged run that is over. */
export interface StagedRun {
  /** Ended: its metrics stay. */
  readonly watched: WatchedPipeline;
  /** From its begin to its end, in CloudWatch's time; whole periods of a dashboard. */
  readonly span: Span;
}

/**
 * Runs the local pipeline for some hours of CloudWatch's time, in which photos of every kind arrive, one a minute, and things go
 * wrong one after another.
 */
export async function runStage({ stack, onProgress, signal }: StagedRunOptions): Promise<StagedRun> {
  const complyCube = await startComplyCube({
    keys: [apiKey],
    latencyMs: [60, 350],
    isKnownClient,
  });
  try {
    const watched = await startWatchedPipeline({
      stack,
      complyCube: { baseUrl: complyCube.baseUrl, apiKey },
      waitSpeed: speed,
      onNotification: deliverAsS3Does(),
    });
    try {
      return { watched, span: await play(watched, complyCube, { onProgress, signal }) };
    } finally {
      await watched.stop();
    }
  } finally {
    await complyCube.close();
  }
}

async function play(
  { pipeline, clock }: WatchedPipeline,
  complyCube: LocalComplyCube,
  { onProgress, signal }: Pick<StagedRunOptions, 'onProgress' | 'signal'>,
): Promise<Span> {
  const { s3, sqs, deployment } = pipeline;
  const app = new StageApp(s3.url, deployment.photoBucket);
  const fromMs = wholePeriods(clock.now());
  await sleep((fromMs - clock.now()) / speed);
  const minute = (): number => (clock.now() - fromMs) / minuteMs;
  playScenes(complyCube, minute);
  const isEmpty = (): boolean => {
    const { ready, inFlight, delayed } = sqs.depth(deployment.eventSource.queueArn);
    return ready + inFlight + delayed === 0;
  };
  let isMalformedSent = false;
  try {
    while ((minute() < stageMinutes || !app.hasPutEveryKind) && !signal.aborted) {
      await app.putNext();
      if (minute() >= malformedMessage.fromMinute && !isMalformedSent) {
        sqs.send(deployment.eventSource.queueArn, 'This is no event.');
        isMalformedSent = true;
      }
      onProgress(Math.min(1, minute() / stageMinutes));
      await sleep(minuteMs / speed);
    }
    // Stops only what hangs: a busy machine takes longer.
    const giveUpMs = clock.now() + 10 * stageMinutes * minuteMs;
    while (!isEmpty() && clock.now() < giveUpMs && !signal.aborted) await sleep(minuteMs / speed);
    return { fromMs, toMs: wholePeriods(clock.now()) };
  } finally {
    app.leave();
  }
}

function wholePeriods(ms: number): number {
  return Math.ceil(ms / dashboardPeriodMs) * dashboardPeriodMs;
}
