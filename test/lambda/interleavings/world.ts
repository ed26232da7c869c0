import type { SQSBatchResponse } from 'aws-lambda';
import type { Scheduler } from 'fast-check';
import { Claims } from '../../../lambda/claims';
import { createHandler } from '../../../lambda/create-handler';
import { createLog } from '../../../lambda/log';
import { PhotoStore } from '../../../lambda/photo-store';
import type { BatchEdges } from '../../../lambda/process-batch';
import { makeJpeg } from '../../../local/sample-photos/jpeg';
import { lambdaContext, s3Body, s3Record, sqsEvent, sqsRecord } from '../events';
import { type CallFate, createInMemoryComplyCube, type StoredLivePhoto } from './in-memory-complycube';
import { createInMemoryS3, type S3Fault, S3State, type Step } from './in-memory-s3';

/** A photo object's version in a scenario. */
export interface ScenarioPhoto {
  readonly key: string;
  readonly versionId: string;
  /** Photos of the same number have the same bytes. */
  readonly picture: number;
  readonly clientId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** How many messages announce it. */
  readonly events: number;
}

/** Everything that a run is made of, but for the order in which things happen. */
export interface Scenario {
  readonly photos: readonly ScenarioPhoto[];
  readonly environments: number;
  readonly batchSize: number;
  /** For each invocation in turn: the step at which its environment dies, if any. */
  readonly crashes: readonly (number | undefined)[];
  /** For each call to ComplyCube in turn; when they are used up, calls are accepted. */
  readonly fates: readonly CallFate[];
  /** For each request to S3 in turn; when they are used up, requests succeed. */
  readonly s3Faults: readonly S3Fault[];
  /** How far the clock goes on, in milliseconds, at moments that the scheduler chooses. */
  readonly ticks: readonly number[];
  /** Which photo is deleted at a moment that the scheduler chooses, if any. */
  readonly deletedPhoto: number | undefined;
}

/** Takes a mechanism out, to see that the invariant behind it fails. */
export type Sabotage = (edges: BatchEdges) => BatchEdges;

/** A message as the queue holds it. */
export interface QueuedMessage {
  readonly id: string;
  readonly photo: ScenarioPhoto;
  receives: number;
  visibleAtMs: number;
  state: 'queued' | 'acknowledged' | 'dead-lettered';
}

const timeoutMs = 60_000;
const visibilityMs = 6 * timeoutMs;
const callTimeoutMs = 25_000;
const leaseMs = 120_000;
const maxReceives = 20;

/**
 * Environments of the real handler, over S3, a queue and ComplyCube in memory, on a clock of their own. The scheduler chooses
 * the order of all steps; environments die where the scenario says, or when their time is up.
 */
export class World {
  readonly s3 = new S3State();
  readonly livePhotos: StoredLivePhoto[] = [];
  /** The outcomes that were published, by version and status. */
  readonly published = new Set<string>();
  readonly messages: QueuedMessage[];
  /** Steps of the invocation that had the most. */
  longestInvocation = 0;
  private nowMs = Date.UTC(2026, 10, 23);
  private invocations = 0;
  private readonly fates: CallFate[];
  private readonly s3Faults: S3Fault[];
  private readonly timers: { readonly atMs: number; readonly fire: () => void }[] = [];
  /** When the requests that are on their way to ComplyCube have arrived at the latest. */
  private readonly inFlightUntil = new Set<{ readonly atMs: number }>();

  constructor(
    private readonly scheduler: Scheduler,
    private readonly scenario: Scenario,
    private readonly sabotage: Sabotage = (edges) => edges,
  ) {
    this.fates = [...scenario.fates];
    this.s3Faults = [...scenario.s3Faults];
    for (const { key, versionId, picture, clientId, tags } of scenario.photos) {
      this.s3.photos.set(`${key} ${versionId}`, {
        bytes: pictureBytes(picture),
        eTag: `picture-${picture}`,
        metadata: { 'client-id': clientId },
        tags: new Map(Object.entries(tags)),
        isDeleted: false,
      });
    }
    this.messages = scenario.photos.flatMap((photo, at) =>
      Array.from({ length: photo.events }, (_, copy) => ({
        id: `message-${at}-${copy}`,
        photo,
        receives: 0,
        visibleAtMs: this.nowMs,
        state: 'queued' as const,
      })),
    );
  }

  /** Runs until no message is left in the queue. */
  async run(): Promise<void> {
    const actors = [
      ...Array.from({ length: this.scenario.environments }, () => this.pollQueue()),
      this.tickClock(),
      this.deletePhoto(),
    ];
    let running = actors.length;
    for (const actor of actors) void actor.then(() => running--);
    while (running > 0) {
      if (this.scheduler.count() > 0) await this.scheduler.waitNext(1);
      else this.advanceTo(Math.min(...this.timers.map(({ atMs }) => atMs)));
      await new Promise(setImmediate); // lets whatever was waiting go on to its next step
    }
  }

  private async pollQueue(): Promise<void> {
    for (;;) {
      await this.scheduler.schedule(Promise.resolve(), 'poll');
      const left = this.messages.filter(({ state }) => state === 'queued');
      if (left.length === 0) return;
      const visible = left.filter(({ visibleAtMs }) => visibleAtMs <= this.nowMs).slice(0, this.scenario.batchSize);
      if (visible.length > 0) await this.invoke(visible);
      else await this.at(Math.min(...left.map(({ visibleAtMs }) => visibleAtMs)));
    }
  }

  private async invoke(batch: readonly QueuedMessage[]): Promise<void> {
    for (const message of batch) {
      message.receives++;
      message.visibleAtMs = this.nowMs + visibilityMs;
    }
    const received = batch.filter((message) => {
      if (message.receives > maxReceives) message.state = 'dead-lettered';
      return message.state === 'queued';
    });
    const deadlineMs = this.nowMs + timeoutMs;
    const life = { stepsLeft: this.scenario.crashes[this.invocations++] ?? Infinity, isOver: false };
    const event = sqsEvent(
      ...received.map(({ id, photo, receives }) => {
        const { key, versionId, picture } = photo;
        return sqsRecord(id, s3Body(s3Record({ key, versionId, eTag: `picture-${picture}` })), receives);
      }),
    );
    const context = { ...lambdaContext(), getRemainingTimeInMillis: () => deadlineMs - this.nowMs };
    const died = new Promise<undefined>((resolve) => {
      Object.assign(life, { die: resolve });
      void this.at(deadlineMs).then(() => {
        life.isOver = true;
        resolve(undefined);
      });
    });
    const handler = createHandler(this.edgesOf(life as Life));
    const answer = await Promise.race([handler(event, context) as Promise<SQSBatchResponse>, died]);
    life.isOver = true;
    if (answer === undefined) return; // each message comes back when its visibility timeout is over
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const message of received) if (!failed.has(message.id)) message.state = 'acknowledged';
  }

  private edgesOf(life: Life): BatchEdges {
    let steps = 0;
    const step: Step = async (label) => {
      this.longestInvocation = Math.max(this.longestInvocation, ++steps);
      await this.scheduler.schedule(Promise.resolve(), label);
      if (life.stepsLeft-- === 0) {
        life.isOver = true;
        life.die();
      }
      if (life.isOver) await new Promise(() => undefined); // a dead environment never goes on
    };
    const clock = { now: () => this.nowMs, sleep: (ms: number) => this.at(this.nowMs + ms) };
    const s3 = createInMemoryS3(this.s3, step, () => this.s3Faults.shift());
    const edges: BatchEdges = {
      photos: new PhotoStore(s3),
      claims: new Claims(s3, 'claims', leaseMs, clock),
      apiKey: { read: () => Promise.resolve('test_abc'), readInPlaceOf: () => Promise.resolve('test_abc') },
      complyCube: createInMemoryComplyCube(
        {
          livePhotos: this.livePhotos,
          now: clock.now,
          nextFate: () => this.fates.shift() ?? 'accepted',
          inFlight: (label, effect) => this.inFlight(label, effect),
          callTimeout: () => this.at(this.nowMs + callTimeoutMs),
        },
        step,
      ),
      queue: {
        hideFor: async (receiptHandle, waitMs) => {
          await step('HIDE');
          const message = this.messages.find(({ id }) => receiptHandle === `receipt of ${id}`);
          if (message !== undefined) message.visibleAtMs = this.nowMs + waitMs;
        },
      },
      events: {
        publish: async ({ location, outcome }) => {
          await step('PUBLISH →');
          if (this.s3Faults.shift() === 'fails before') throw new Error('EventBridge did not take the event');
          this.published.add(`${location.versionId ?? ''} ${outcome.status}`);
          await step('PUBLISH ←');
        },
      },
      performLivenessCheck: undefined,
      callTimeoutMs,
      log: createLog(() => undefined),
      clock,
      functionName: 'upload',
    };
    return this.sabotage(edges);
  }

  /** Resolves when the clock has come to a time. */
  private at(atMs: number): Promise<void> {
    if (atMs <= this.nowMs) return Promise.resolve();
    return new Promise((fire) => {
      this.timers.push({ atMs, fire });
    });
  }

  private async inFlight<T>(label: string, effect: () => T): Promise<T> {
    const arrival = { atMs: this.nowMs + callTimeoutMs };
    this.inFlightUntil.add(arrival);
    await this.scheduler.schedule(Promise.resolve(), label);
    this.inFlightUntil.delete(arrival);
    return effect();
  }

  private async tickClock(): Promise<void> {
    for (const tick of this.scenario.ticks) {
      await this.scheduler.schedule(Promise.resolve(), 'tick');
      this.advanceTo(this.nowMs + tick);
    }
  }

  private async deletePhoto(): Promise<void> {
    const { deletedPhoto, photos } = this.scenario;
    const photo = deletedPhoto === undefined ? undefined : photos[deletedPhoto % photos.length];
    if (photo === undefined) return;
    await this.scheduler.schedule(Promise.resolve(), 'delete');
    const version = this.s3.photos.get(`${photo.key} ${photo.versionId}`);
    if (version !== undefined) version.isDeleted = true;
  }

  /** Time never overtakes a request that is on its way: it arrives within a call's deadline. */
  private advanceTo(atMs: number): void {
    if (!Number.isFinite(atMs)) throw new Error('Nothing will ever happen again, and messages are left');
    this.nowMs = Math.max(this.nowMs, Math.min(atMs, ...[...this.inFlightUntil].map((arrival) => arrival.atMs)));
    const due = this.timers.filter((timer) => timer.atMs <= this.nowMs);
    for (const timer of due) {
      this.timers.splice(this.timers.indexOf(timer), 1);
      timer.fire();
    }
  }
}

interface Life {
  stepsLeft: number;
  isOver: boolean;
  die(): void;
}

const pictures = new Map<number, Buffer>();

/** The number of the picture with these bytes. */
export function pictureOf(bytes: Buffer): number | undefined {
  return [...pictures].find(([, picture]) => picture.equals(bytes))?.[0];
}

function pictureBytes(picture: number): Buffer {
  const bytes = pictures.get(picture) ?? makeJpeg({ bytes: 34_000, seed: picture });
  pictures.set(picture, bytes);
  return bytes;
}
