import { setTimeout as sleep } from 'node:timers/promises';
import type { Statistics } from 'complycube-stand-in/state';
import { audit, type Audit } from './audit/audit';
import { countQueued } from '../pipeline/pipeline';
import { type ChaosDeps, type ChaosSettings, type ChaosWorld, startWorld } from './world/chaos-world';
import { auditDeadLetters, type DeadLetterAudit, expectedDeadLetters } from './audit/dead-letter-audit';
import type { Plan } from './plan/plan';
import { survey } from './audit/survey';

/** The progress of a run. */
export interface ChaosProgress {
  readonly photosPut: number;
  readonly livePhotos: number;
  /** Messages in the queue. */
  readonly queued: number;
}

/** The result of a run. */
export interface ChaosResult extends Audit, Omit<DeadLetterAudit, 'findings'> {
  readonly hasClaims: boolean;
  /** Messages that were still in the queue when the run was stopped early; 0 for a complete run. */
  readonly unfinished: number;
  /** Numbers of calls to ComplyCube, by operation and status. */
  readonly calls: Statistics['requests'];
  /** How often each fault happened, by service. */
  readonly faults: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly tookMs: number;
}

const pollEveryMs = 100;

/** Runs a plan on the local pipeline, and audits the result. */
export async function runChaos(
  plan: Plan,
  settings: ChaosSettings,
  deps: ChaosDeps & { readonly onProgress: (progress: ChaosProgress) => void },
): Promise<ChaosResult> {
  const startedAt = performance.now();
  const deadline = startedAt + deadlineMs(plan, settings);
  const world = await startWorld(plan, settings, deps);
  try {
    world.app.start(plan);
    while (!isQuiet(world) && !deps.signal.aborted && performance.now() < deadline) {
      await sleep(pollEveryMs);
      world.app.check();
      deps.onProgress(progressOf(world));
    }
    return await judge(world, { ...settings, tookMs: Math.round(performance.now() - startedAt) });
  } finally {
    await world.stop();
  }
}

/** A generous limit for a run that hangs: half a day of waits, and several attempts for each photo. */
function deadlineMs({ photos }: Plan, { speed, requestsPerSecond }: ChaosSettings): number {
  const hourMs = 3_600_000;
  return (12 * hourMs) / speed + (photos.length * 20_000) / requestsPerSecond + 120_000;
}

/** Whether a run is complete: the app is done, no events or run events are pending, and the queue is empty. */
export function isQuiet(world: ChaosWorld): boolean {
  const { app, events, runEvents } = world;
  return app.isIdle && events.heldCount === 0 && runEvents.isIdle && countQueued(world.pipeline) === 0;
}

function progressOf(world: ChaosWorld): ChaosProgress {
  const { livePhotos } = world.complyCube.statistics();
  return { photosPut: world.app.putPhotos.length, livePhotos: livePhotos.live, queued: countQueued(world.pipeline) };
}

async function judge(
  world: ChaosWorld,
  { hasClaims, tookMs }: ChaosSettings & { readonly tookMs: number },
): Promise<ChaosResult> {
  const { complyCube, pipeline, app, tagger } = world;
  const unfinished = countQueued(world.pipeline);
  const { photoBucket: bucket, deadLetterQueueArn } = pipeline.deployment;
  const { events } = pipeline.eventBridge;
  const taggedByOthers = tagger.written;
  const found = await survey(app.putPhotos, { ...world, bucket, deadLetterQueueArn, events, taggedByOthers });
  const { findings, ...photoAudit } = audit(found.photos, complyCube.livePhotos);
  const expected = expectedDeadLetters(app.putPhotos, app.sentMessages);
  const { findings: deadLetterFindings, ...deadLetterAudit } = auditDeadLetters(found.deadLetters, expected);
  return {
    hasClaims,
    ...photoAudit,
    ...deadLetterAudit,
    findings: [...findings, ...deadLetterFindings],
    unfinished,
    calls: complyCube.statistics().requests,
    faults: world.drawn(),
    tookMs,
  };
}
