import { monitorEventLoopDelay } from 'node:perf_hooks';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { environmentNames } from '../../../contract/environment';
import type { LocalComplyCube } from 'complycube-stand-in/server';
import type { LivePhotoFacts } from 'complycube-stand-in/live-photos';
import type { PublishedEvent } from 'local-aws/eventbridge/server';
import { functionAccessKeyPrefix, type LocalPipeline, receivesFewer, startPipeline } from '../../pipeline/pipeline';
import type { SynthesizedStack } from '../../pipeline/synthesize';
import { localAccount } from '../../pipeline/template';
import { requestFaults, startChaoticComplyCube } from './chaotic-complycube';
import { ClockShifts } from './clock-shifts';
import { durations, leastWaitMs, variables, withTimeout } from '../durations';
import { EventDisorder } from './event-disorder';
import { firstKey, RunEvents } from './run-events';
import { Latecomers } from './latecomers';
import { PhotoApp } from './photo-app';
import { PhotoBytes } from './photo-bytes';
import { countSpecialPhotos } from '../plan/photo-plan';
import type { Plan } from '../plan/plan';
import { Redriver } from './redriver';
import { S3Faults } from './s3-faults';
import { ServiceFaults } from './service-faults';
import { refuseByPolicy, Tagger } from './tagger';

/** Settings of a run. */
export interface ChaosSettings {
  /** Whether S3 evaluates conditional writes. If not, each of several invocations believes that it created the claim. */
  readonly hasClaims: boolean;
  /** Factor by which planned times and waits in the queue are shortened. */
  readonly speed: number;
  /** ComplyCube's limit, and the rate at which the app uploads photos to S3. */
  readonly requestsPerSecond: number;
}

/** Dependencies of a run. */
export interface ChaosDeps {
  readonly stack: SynthesizedStack;
  /** Called with each line that the function logs. */
  readonly onLogLine: (line: string) => void;
  /** Called with each failed invocation. */
  readonly onError?: (error: Error) => void;
  /** Stops the run early. */
  readonly signal: AbortSignal;
}

/** The local pipeline with all sources of faults. */
export interface ChaosWorld {
  readonly complyCube: LocalComplyCube;
  readonly pipeline: LocalPipeline;
  readonly app: PhotoApp;
  readonly events: EventDisorder;
  readonly runEvents: RunEvents;
  readonly tagger: Tagger;
  /** Requests of these clients have no faults. */
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  /** How often each fault happened, by service. */
  readonly drawn: () => Readonly<Record<string, Readonly<Record<string, number>>>>;
  stop(): Promise<void>;
}

/** Starts the pipeline. The app does not upload photos yet. */
export async function startWorld(plan: Plan, settings: ChaosSettings, deps: ChaosDeps): Promise<ChaosWorld> {
  const endings: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end();
  };
  try {
    return { ...(await start(plan, settings, deps, (end) => endings.push(end))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type EndWith = (end: () => unknown) => void;

interface Listeners {
  onStored: (livePhoto: LivePhotoFacts) => Promise<void>;
  onEvent: (event: PublishedEvent) => void;
}

async function start(
  plan: Plan,
  settings: ChaosSettings,
  { signal, ...deps }: ChaosDeps,
  endWith: EndWith,
): Promise<Omit<ChaosWorld, 'stop'>> {
  const { speed, requestsPerSecond } = settings;
  const lag = monitorEventLoopDelay();
  // The listeners require the pipeline.
  const listeners: Listeners = { onStored: () => Promise.resolve(), onEvent: () => undefined };
  const complyCube = await startChaoticComplyCube(plan, requestsPerSecond, (livePhoto) =>
    listeners.onStored(livePhoto),
  );
  endWith(() => complyCube.close());
  const events = new EventDisorder(plan.photos, speed);
  const s3Faults = new S3Faults(plan.seed, functionAccessKeyPrefix);
  const services = {
    SQS: new ServiceFaults(plan.seed, 'SQS', ['ChangeMessageVisibilityBatch', 'SendMessage']),
    'Secrets Manager': new ServiceFaults(plan.seed, 'Secrets Manager', ['GetSecretValue']),
    EventBridge: new ServiceFaults(plan.seed, 'EventBridge', ['PutEvents']),
  };
  const clocks = new ClockShifts(plan.seed, durations.clockSkewMs);
  const pipeline = await startPipeline({
    ...deps,
    stack: withTimeout(deps.stack, durations.functionTimeoutMs),
    complyCube: { baseUrl: complyCube.baseUrl, apiKey: firstKey, requestsPerSecond },
    waitSpeed: speed,
    leastWaitMs,
    variables,
    clockShiftMs: clocks.next,
    s3: {
      fault: (call, existingTags) => refuseByPolicy(call, existingTags) ?? s3Faults.before(call),
      faultAfter: s3Faults.after,
      // Only claims are written conditionally.
      ignoresConditions: ({ operation }) => !settings.hasClaims && operation === 'PutObject',
    },
    sqs: { fault: services.SQS.fault, faultAfter: services.SQS.faultAfter, receiveLimit: receivesFewer },
    secretsManager: services['Secrets Manager'],
    eventBridge: {
      fault: services.EventBridge.fault,
      faultAfter: services.EventBridge.faultAfter,
      onEvent: (event) => listeners.onEvent(event),
    },
    onNotification: events.take,
  });
  endWith(() => pipeline.stop());
  endWith(() => events.stop());

  const { photoBucket: bucket, function: deployed, eventSource } = pipeline.deployment;
  const own = { region: localAccount.region, credentials: { accessKeyId: 'app', secretAccessKey: 'local' } };
  const s3 = new S3Client({ ...own, endpoint: pipeline.s3.url, forcePathStyle: true });
  const sqs = new SQSClient({ ...own, endpoint: pipeline.sqs.url });
  const tagger = new Tagger({ region: own.region, endpoint: pipeline.s3.url, forcePathStyle: true }, bucket);
  endWith(() => {
    s3.destroy();
    sqs.destroy();
    tagger.stop();
  });
  const send = (body: string) => pipeline.sqs.send(eventSource.queueArn, body);
  const bytes = new PhotoBytes();
  bytes.prepare(plan.photos);
  const redriver = new Redriver(plan.photos, { complyCube, send });
  const app = new PhotoApp({
    ...{ s3, bucket, bytes, speed, signal, send },
    addClient: (clientId, afterMs) => complyCube.addClient(clientId, afterMs),
    onUploaded: (put) => tagger.tag(put),
    photosPerSecond: requestsPerSecond,
  });
  const runEvents = new RunEvents(plan.moments, {
    complyCube,
    functionProcessIds: () => pipeline.functionProcessIds,
    putKeyIntoSecret: (key) =>
      pipeline.secretsManager.putSecretValue(deployed.variables[environmentNames.apiKeySecretId] ?? '', key),
    speed,
  });
  listeners.onStored = (livePhoto) => {
    runEvents.livePhotoStored();
    return app.livePhotoStored(livePhoto);
  };
  const latecomers = new Latecomers(plan.photos, plan.seed, app, speed);
  endWith(() => latecomers.stop());
  listeners.onEvent = (event) => {
    redriver.onEvent(event);
    latecomers.onEvent(event);
  };
  requestFaults(complyCube, plan, {
    isOutage: () => runEvents.isOutage,
    isPaymentDue: () => runEvents.isPaymentDue,
  });
  lag.enable();
  endWith(() => lag.disable());
  return {
    ...{ complyCube, pipeline, app, events, runEvents, tagger, s3, sqs },
    drawn: () => ({
      everything: runEvents.counts,
      messages: { repeated: events.repeated, late: events.late, malformed: app.sentMessages.length, ...events.shapes },
      'photo objects': {
        ...app.interferences,
        ...tagger.counts,
        redriven: redriver.redriven,
        'put late': latecomers.count,
      },
      'special photos': countSpecialPhotos(plan.photos),
      clocks: { environments: clocks.count, 'ms apart': clocks.largestDifferenceMs },
      S3: s3Faults.counts,
      ...Object.fromEntries(Object.entries(services).map(([name, { counts }]) => [name, counts])),
      ComplyCube: complyCube.statistics().faults,
      'this machine': { 'ms of lag at most': Math.round(lag.max / 1e6) },
    }),
  };
}
