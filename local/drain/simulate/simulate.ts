import { seededRandom } from 'complycube-stand-in/seeded-random';
import { EventSource } from 'local-aws/lambda/event-source';
import { functionTimeoutMs } from '../../../contract/durations';
import type { Scenario } from './scenarios';
import { SimulatedAccount } from './simulated-account';
import { SimulatedFunction } from './simulated-function';
import { type SimulationFigures, simulationFigures } from './simulation-figures';
import { VirtualClock } from './virtual-clock';
import { VirtualS3 } from './virtual-s3';
import { VirtualSqs } from './virtual-sqs';

/** Settings of a simulation. */
export interface SimulationSettings {
  readonly photos: number;
  /** The stack's setting, and ComplyCube's limit. */
  readonly requestsPerSecond: number;
  /** The event source's maximum concurrency. */
  readonly concurrency: number;
  /** The same seed gives the same result. */
  readonly seed: number;
  /** The function's timeout. Default: the deployed one. */
  readonly timeoutMs?: number;
}

/** Callbacks of a simulation. */
export interface SimulationDeps {
  /** Called with the number of photos that have an outcome. */
  readonly onProgress: (photos: number) => void;
  /** Stops the simulation early. */
  readonly signal: AbortSignal;
}

const hourMs = 3_600_000;
const startMs = Date.UTC(2026, 0, 2, 16); // a Friday
const pollEveryMs = 10_000;

/**
 * Runs the function's own code in virtual time: its handler, with the drawing of messages, the claims, the pace and the backoff.
 * Queue and event source mapping are those of the local pipeline. S3 and ComplyCube are simulated, in memory.
 */
export async function simulate(
  scenario: Scenario,
  settings: SimulationSettings,
  deps: SimulationDeps,
): Promise<SimulationFigures> {
  const { random } = Math;
  const { stackTraceLimit } = Error;
  // The function's backoff draws from it.
  Math.random = seededRandom(settings.seed);
  // Millions of photos are retried with an error. Nobody reads their stack traces.
  Error.stackTraceLimit = 0;
  try {
    return await run(scenario, settings, deps);
  } finally {
    Math.random = random;
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function run(
  { latencyMs, uploadHours, outage }: Scenario,
  { photos, requestsPerSecond, concurrency, timeoutMs = functionTimeoutMs }: SimulationSettings,
  { onProgress, signal }: SimulationDeps,
): Promise<SimulationFigures> {
  const clock = new VirtualClock(startMs);
  const everyMs = (uploadHours * hourMs) / photos;
  const createdAtMs = (photo: number): number => startMs + photo * everyMs;
  const outageFromMs = startMs + (outage?.fromHour ?? 0) * hourMs;
  const outageUntilMs = outageFromMs + (outage?.hours ?? 0) * hourMs;

  const sqs = new VirtualSqs(clock);
  const outcomes = { count: 0, lastAtMs: startMs, oldestMs: 0, caughtUpAtMs: startMs };
  const s3 = new VirtualS3(clock, createdAtMs, (photo) => {
    const nowMs = clock.now();
    outcomes.count++;
    outcomes.lastAtMs = nowMs;
    outcomes.oldestMs = Math.max(outcomes.oldestMs, nowMs - createdAtMs(photo));
    if (createdAtMs(photo) <= outageUntilMs) outcomes.caughtUpAtMs = nowMs;
  });
  const account = new SimulatedAccount(clock, {
    ...{ requestsPerSecond, latencyMs },
    outage: outage && { fromMs: outageFromMs, untilMs: outageUntilMs, status: outage.status },
  });
  const callsPerSecond = Math.floor(requestsPerSecond / concurrency);
  const simulated = new SimulatedFunction({ clock, s3, sqs, account }, { callsPerSecond, timeoutMs });

  let fail: (error: Error) => void = () => undefined;
  const failing = new Promise<never>((_, reject) => {
    fail = reject;
  });
  const upload = async (): Promise<void> => {
    for (let photo = 0; photo < photos && !signal.aborted; photo++) {
      if (everyMs > 0) await clock.sleep(createdAtMs(photo) - clock.now());
      sqs.sendEvent(photo);
    }
  };
  const finish = async (): Promise<void> => {
    await upload();
    while (sqs.queued > 0 && !signal.aborted) await clock.sleep(pollEveryMs);
    await clock.sleep(timeoutMs); // ends the last invocations
  };
  const progress = setInterval(() => {
    onProgress(outcomes.count);
  }, 1_000);
  try {
    // It has no backoff: with partial batch responses, Lambda does not scale down its polling when messages fail (Lambda developer
    // guide, "Handling errors for an SQS event source"). A failed invocation would be a fault of the simulation.
    new EventSource(
      { queueArn: sqs.arn, batchSize: 10, maxConcurrency: concurrency },
      { queueUrl: sqs.arn, sqs: sqs.client, invoke: (event) => simulated.invoke(event), onError: fail },
    );
    await clock.run(Promise.race([finish(), failing]));
  } finally {
    clearInterval(progress);
  }
  return simulationFigures({
    ...{ photos, requestsPerSecond, startMs, outcomes, sqs, s3, account },
    invocationsMs: simulated.invocationsMs,
    outageUntilMs: outage && outageUntilMs,
  });
}
