import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { environmentNames } from '../../lambda/environment';
import { type LocalComplyCube, startComplyCube } from '../complycube/server';
import type { LivePhotoFacts } from '../complycube/stand';
import { type LocalPipeline, localCredentials, startPipeline } from '../pipeline';
import type { SynthesizedStack } from '../synthesize';
import { localAccount } from '../template';
import { askForFaults } from './call-faults';
import { durationsFor, leastWaitMs, withDurations } from './durations';
import { EventDisorder } from './event-disorder';
import { firstKey, Happenings } from './happenings';
import { PhotoApp } from './photo-app';
import { PhotoBytes } from './photo-bytes';
import type { Plan } from './plan';
import { S3Faults } from './s3-faults';

/** How to run a plan. */
export interface ChaosSettings {
  /** Whether S3 lets just one of many create a claim, as it does; else each of them believes that it did. */
  readonly hasClaims: boolean;
  /** How many times faster planned time passes, and the waits in the queue. */
  readonly speed: number;
  /** What ComplyCube allows; the app puts as many photos. */
  readonly requestsPerSecond: number;
}

/** What a run works with. */
export interface ChaosEdges {
  readonly stack: SynthesizedStack;
  /** Takes each line that the function logs. */
  readonly onLogLine: (line: string) => void;
  /** Told of each failed invocation. */
  readonly onError?: (error: Error) => void;
  /** Once aborted, the run is given up. */
  readonly signal: AbortSignal;
}

/** The local pipeline with everything that makes its life hard. */
export interface ChaosWorld {
  readonly complyCube: LocalComplyCube;
  readonly pipeline: LocalPipeline;
  readonly app: PhotoApp;
  readonly events: EventDisorder;
  readonly s3Faults: S3Faults;
  readonly happenings: Happenings;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  stop(): Promise<void>;
}

/** Starts a world in which nothing happens yet: its app has put no photo. */
export async function startWorld(plan: Plan, settings: ChaosSettings, edges: ChaosEdges): Promise<ChaosWorld> {
  const endings: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end();
  };
  try {
    return { ...(await start(plan, settings, edges, (end) => endings.push(end))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  plan: Plan,
  { hasClaims, speed, requestsPerSecond }: ChaosSettings,
  { stack, onLogLine, onError, signal }: ChaosEdges,
  endWith: (end: () => unknown) => void,
): Promise<Omit<ChaosWorld, 'stop'>> {
  const onStored: ((livePhoto: LivePhotoFacts) => void)[] = [];
  const complyCube = await startComplyCube({
    keys: [firstKey],
    requestsPerSecond: { live: requestsPerSecond },
    latencyMs: [20, 120],
    seed: plan.seed,
    onLivePhoto: (livePhoto) => {
      for (const tell of onStored) tell(livePhoto);
    },
  });
  endWith(() => complyCube.close());
  const events = new EventDisorder(plan.photos, speed);
  const s3Faults = new S3Faults(plan.seed);
  const pipeline = await startPipeline({
    stack: withDurations(stack, durationsFor(requestsPerSecond)),
    complyCube: { baseUrl: complyCube.baseUrl, apiKey: firstKey, requestsPerSecond },
    waitSpeed: speed,
    leastWaitMs,
    s3: {
      fault: s3Faults.before,
      faultAfter: s3Faults.after,
      // Only claims are put with a condition.
      ignoresConditions: ({ operation }) => !hasClaims && operation === 'PutObject',
    },
    onNotification: events.take,
    onLogLine,
    ...(onError && { onError }),
  });
  endWith(() => pipeline.stop());
  endWith(() => {
    events.stop();
  });
  const local = { region: localAccount.region, credentials: localCredentials };
  const s3 = new S3Client({ ...local, endpoint: pipeline.s3.url, forcePathStyle: true });
  const sqs = new SQSClient({ ...local, endpoint: pipeline.sqs.url });
  endWith(() => {
    s3.destroy();
    sqs.destroy();
  });

  const { photoBucket: bucket, function: deployed } = pipeline.deployment;
  const app = new PhotoApp({ s3, bucket, bytes: new PhotoBytes(), photosPerSecond: requestsPerSecond, speed, signal });
  const happenings = new Happenings(plan.moments, {
    complyCube,
    functionProcessIds: () => pipeline.functionProcessIds,
    putKeyIntoSecret: (key) => {
      pipeline.secretsManager.putSecretValue(deployed.variables[environmentNames.apiKeySecretId] ?? '', key);
    },
    speed,
  });
  onStored.push(app.livePhotoStored, happenings.livePhotoStored);
  askForFaults(complyCube, plan.callFaults, () => happenings.isOutage);
  return { complyCube, pipeline, app, events, s3Faults, happenings, s3, sqs };
}
