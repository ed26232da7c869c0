import { setTimeout as sleep } from 'node:timers/promises';
import type { Statistics } from '../complycube/statistics';
import { audit, type Audit } from './audit';
import { type ChaosEdges, type ChaosSettings, type ChaosWorld, startWorld } from './chaos-world';
import type { Plan } from './plan';
import { survey } from './survey';

/** How far a run is. */
export interface ChaosProgress {
  readonly photosPut: number;
  readonly livePhotos: number;
  /** Messages in the queue. */
  readonly queued: number;
}

/** How a run ended. */
export interface ChaosResult extends Audit {
  readonly hasClaims: boolean;
  /** Messages in the dead-letter queue. */
  readonly deadLettered: number;
  /** Messages that were still in the queue when the run was given up; 0 when it ended by itself. */
  readonly unfinished: number;
  /** Calls to ComplyCube, by their name and by what was answered. */
  readonly calls: Statistics['requests'];
  /** How often what was done, by whom it was done to. */
  readonly faults: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly tookMs: number;
}

/** The app is done, nothing is held back or half done, and the queue is empty: nothing can happen any more. */
const lookEveryMs = 100;

/** Runs a plan on the local pipeline, and audits what came of it. */
export async function runChaos(
  plan: Plan,
  settings: ChaosSettings,
  edges: ChaosEdges & { readonly onProgress: (progress: ChaosProgress) => void },
): Promise<ChaosResult> {
  const startedAt = performance.now();
  const deadline = startedAt + deadlineMs(plan, settings);
  const world = await startWorld(plan, settings, edges);
  try {
    world.app.start(plan.photos);
    while (!isQuiet(world) && !edges.signal.aborted && performance.now() < deadline) {
      await sleep(lookEveryMs);
      world.app.check();
      edges.onProgress(progressOf(world));
    }
    return await judge(world, settings, Math.round(performance.now() - startedAt));
  } finally {
    await world.stop();
  }
}

/** Hours of waits, and each photo's call several times over. */
function deadlineMs({ photos }: Plan, { speed, requestsPerSecond }: ChaosSettings): number {
  const hourMs = 3_600_000;
  return (6 * hourMs) / speed + (photos.length * 5_000) / requestsPerSecond + 60_000;
}

/** Whether nothing can happen any more. */
function isQuiet(world: ChaosWorld): boolean {
  const { app, events, happenings } = world;
  return app.isIdle && events.heldCount === 0 && happenings.isIdle && queuedIn(world) === 0;
}

function queuedIn({ pipeline }: ChaosWorld): number {
  const { ready, inFlight, delayed } = pipeline.sqs.depth(pipeline.deployment.eventSource.queueArn);
  return ready + inFlight + delayed;
}

function progressOf(world: ChaosWorld): ChaosProgress {
  const { livePhotos } = world.complyCube.statistics();
  return { photosPut: world.app.putPhotos.length, livePhotos: livePhotos.live, queued: queuedIn(world) };
}

async function judge(world: ChaosWorld, { hasClaims }: ChaosSettings, tookMs: number): Promise<ChaosResult> {
  const { complyCube, pipeline, app, events, s3Faults, happenings } = world;
  const unfinished = queuedIn(world);
  s3Faults.isOver = true;
  const { photoBucket: bucket, deadLetterQueueArn } = pipeline.deployment;
  const { photos, deadLettered } = await survey(app.putPhotos, { ...world, bucket, deadLetterQueueArn });
  const { requests: calls, faults } = complyCube.statistics();
  return {
    hasClaims,
    ...audit(photos, complyCube.livePhotos),
    deadLettered,
    unfinished,
    calls,
    faults: {
      everything: happenings.counts,
      events: { repeated: events.repeated, late: events.late },
      'photo objects': app.interferences,
      S3: s3Faults.counts,
      ComplyCube: faults,
    },
    tookMs,
  };
}
