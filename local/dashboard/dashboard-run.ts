import { setTimeout as sleep } from 'node:timers/promises';
import { dashboardPeriodMs } from '../cloudwatch/dashboard';
import { startWatchedPipeline, type WatchedPipeline } from '../cloudwatch/watched-pipeline';
import { countQueued } from '../pipeline/pipeline';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';
import type { SynthesizedStack } from '../pipeline/synthesize';
import { malformedMessage, playScenes, runMinutes } from './scenes';
import type { Span } from './series';
import { deliverAsS3Does, isKnownClient, SampleApp } from './sample-app';

/** One second of the run represents five minutes. */
const speed = 300;
const minuteMs = 60_000;
const apiKey = 'live_key_of_the_stand_in';

/** Options of {@link runScenes}. */
export interface DashboardRunOptions {
  /** Default: synthesized now. */
  readonly stack?: SynthesizedStack;
  /** Called with the number of simulated minutes. */
  readonly onProgress: (minutes: number) => void;
  /** Ends the run early. */
  readonly signal: AbortSignal;
}

/** A finished run. */
export interface DashboardRun {
  /** The pipeline is stopped. Its metrics remain. */
  readonly watched: WatchedPipeline;
  /** The time of the run, in CloudWatch's time and whole dashboard periods. */
  readonly span: Span;
}

/**
 * Runs the local pipeline for some hours of CloudWatch's time. Photos of every kind arrive, one a minute, while the faults of
 * `scenes` happen.
 */
export async function runScenes({ stack, onProgress, signal }: DashboardRunOptions): Promise<DashboardRun> {
  const complyCube = await startComplyCube({ keys: [apiKey], latencyMs: [60, 350], isKnownClient });
  try {
    const watched = await startWatchedPipeline({
      ...(stack && { stack }),
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
  watched: WatchedPipeline,
  complyCube: LocalComplyCube,
  { onProgress, signal }: Pick<DashboardRunOptions, 'onProgress' | 'signal'>,
): Promise<Span> {
  const { pipeline, clock } = watched;
  const { sqs, deployment } = pipeline;
  const app = new SampleApp(pipeline);
  const fromMs = wholePeriods(clock.now());
  await sleep((fromMs - clock.now()) / speed);
  const minute = (): number => (clock.now() - fromMs) / minuteMs;
  playScenes(complyCube, minute);
  let isMalformedSent = false;
  try {
    while ((minute() < runMinutes || !app.hasPutEveryKind) && !signal.aborted) {
      await app.putNext();
      if (minute() >= malformedMessage.fromMinute && !isMalformedSent) {
        sqs.send(deployment.eventSource.queueArn, 'This is no event.');
        isMalformedSent = true;
      }
      onProgress(Math.min(runMinutes, minute()));
      await sleep(minuteMs / speed);
    }
    // A generous limit, because a busy machine takes longer.
    const deadlineMs = clock.now() + 10 * runMinutes * minuteMs;
    while (countQueued(pipeline) > 0 && clock.now() < deadlineMs && !signal.aborted) await sleep(minuteMs / speed);
    return { fromMs, toMs: wholePeriods(clock.now()) };
  } finally {
    app.close();
  }
}

function wholePeriods(ms: number): number {
  return Math.ceil(ms / dashboardPeriodMs) * dashboardPeriodMs;
}
