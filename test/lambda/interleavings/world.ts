import type { SQSBatchResponse } from 'aws-lambda';
import type { Scheduler } from 'fast-check';
import { AcceptedUploads } from '../../../lambda/aws/accepted-uploads';
import { Claims } from '../../../lambda/aws/claims';
import { ClientErasures } from '../../../lambda/aws/client-erasures';
import type { Clock } from '../../../lambda/clock';
import { createHandler } from '../../../lambda/create-handler';
import {
  callTimeoutMs,
  clockSkewMs,
  functionTimeoutMs,
  listingDelayMs,
  maxReceiveCount,
  photoDeadlineMs,
  maxWaitMs,
  refusalRejectedAfterMs,
  secondLookAfterMs,
  unknownClientRejectedAfterMs,
} from '../../../contract/durations';
import { tagNames } from '../../../contract/outcome-tags';
import { ErasureRecords } from '../../../lambda/aws/erasure-records';
import { createLog } from '../../../lambda/observe/log';
import { PhotoStore } from '../../../lambda/aws/photo-store';
import type { BatchDeps } from '../../../lambda/process-batch';
import { UploadQueue } from '../../../lambda/aws/upload-queue';
import { lambdaContext, photoLocation, sqsEvent, sqsRecord } from '../fixtures/events';
import { unlimitedPace } from '../fixtures/unlimited-pace';
import { type CallFate, createInMemoryComplyCube, type StoredLivePhoto } from './in-memory-complycube';
import { aborted, createInMemoryS3, type S3Fault, S3State, type Step } from './in-memory-s3';
import { createInMemorySqs, type QueuedMessage, receiptOf, type Request } from './in-memory-sqs';
import { pictureBytes, pictureOf } from './pictures';
import type { Disruption, Scenario } from './scenario';
import { messagesOf } from './scenario-messages';
import { settled, WorldTime } from './world-time';

/** Removes a mechanism, to see that its invariant fails. */
export type Sabotage = (deps: BatchDeps) => BatchDeps;

/** The tag of the scanner. */
export const scannerTag = { name: 'scan', value: 'clean' } as const;

/**
 * Runs several environments with the real handler, and with S3, queue, ComplyCube and clock in memory. The scheduler chooses the order
 * of all steps. The scenario defines disruptions. Environments die at Lambda's timeout.
 */
export class World {
  readonly s3 = new S3State();
  readonly livePhotos: StoredLivePhoto[] = [];
  /** The outcomes that were published, by version and status. */
  readonly published = new Set<string>();
  readonly messages: QueuedMessage[];
  /** The versions that the scanner tagged. */
  readonly scanned = new Set<string>();
  /** The messages that the function dead-lettered: their bodies. */
  readonly deadLetters = new Set<string>();
  readonly deletedLivePhotos: (Pick<StoredLivePhoto, 'id' | 'clientId'> & { readonly picture: number | undefined })[] =
    [];
  /** The live photos that ComplyCube refused to delete. */
  readonly undeletable = new Set<string>();
  /** Messages that the function received itself. */
  drawn = 0;
  /** Steps of the invocation that had the most. */
  longestInvocation = 0;
  /** Invocations that did not return although their environment was alive. */
  unanswered = 0;
  private readonly time = new WorldTime();
  private invocations = 0;
  private readonly fates: CallFate[];
  private readonly awsFaults: S3Fault[];
  private readonly listingDelaysMs: number[];

  constructor(
    private readonly scheduler: Scheduler,
    private readonly scenario: Scenario,
    private readonly sabotage: Sabotage = (deps) => deps,
  ) {
    this.fates = [...scenario.fates];
    this.awsFaults = [...scenario.awsFaults];
    this.listingDelaysMs = [...scenario.listingDelaysMs];
    for (const { key, versionId, picture, clientId, tags } of scenario.photos) {
      this.s3.photos.set(`${key} ${versionId}`, {
        bytes: pictureBytes(picture),
        eTag: `picture-${picture}`,
        metadata: { 'client-id': clientId },
        createdAtMs: this.time.nowMs,
        tags: new Map(Object.entries(tags)),
        isDeleted: false,
      });
    }
    for (const [at, clientId] of scenario.strays.entries()) {
      const id = `${strayPrefix}${at}`;
      const listedAtMs = this.time.nowMs + (this.listingDelaysMs.shift() ?? 0);
      const bytes = pictureBytes(strayPicture);
      this.livePhotos.push({ id, clientId, bytes, createdAtMs: this.time.nowMs, listedAtMs });
    }
    this.messages = messagesOf(scenario, this.time.nowMs);
  }

  /** Runs until no message is left in the queue. */
  async run(): Promise<void> {
    const actors = [
      ...this.scenario.clockOffsetsMs.map((offsetMs) => this.pollQueue(offsetMs)),
      this.tickClock(),
      this.deletePhoto(),
    ];
    let running = actors.length;
    for (const actor of actors) void actor.then(() => running--);
    while (running > 0) {
      if (this.scheduler.count() > 0) await this.scheduler.waitNext(1);
      else if (!this.time.isAdvancing) await this.time.advance();
      await settled();
    }
  }

  private async pollQueue(offsetMs: number): Promise<void> {
    for (;;) {
      await this.scheduler.schedule(Promise.resolve(), 'poll');
      const left = this.messages.filter(({ state }) => state === 'queued');
      if (left.length === 0) return;
      const visible = this.visible(this.scenario.batchSize);
      if (visible.length > 0) await this.invoke(visible, offsetMs);
      else await this.time.at(Math.min(...left.map(({ visibleAtMs }) => visibleAtMs)));
    }
  }

  private async invoke(batch: readonly QueuedMessage[], offsetMs: number): Promise<void> {
    const received = this.receive(batch, maxWaitMs);
    const delivered = received.map(({ id, receives }) => ({ id, receives }));
    const deadlineMs = this.time.nowMs + functionTimeoutMs;
    const disruption = this.scenario.disruptions[this.invocations++];
    const event = sqsEvent(
      ...received.map(({ id, body, senderId: SenderId, receives }) => {
        const record = sqsRecord(id, body, receives);
        return { ...record, receiptHandle: receiptOf(id, receives), attributes: { ...record.attributes, SenderId } };
      }),
    );
    const context = { ...lambdaContext(), getRemainingTimeInMillis: () => deadlineMs - this.time.nowMs };
    const life: Life = { disruption, isOver: false, die: () => undefined };
    const died = new Promise<undefined>((resolve) => {
      life.die = () => {
        life.isOver = true;
        resolve(undefined);
      };
    });
    const cancelTimeout = this.time.after(functionTimeoutMs, () => {
      if (!life.isOver) this.unanswered++;
      life.die();
    });
    const handler = createHandler(this.depsOf(life, offsetMs));
    const answer = await Promise.race([handler(event, context) as Promise<SQSBatchResponse>, died]);
    cancelTimeout();
    if (answer === undefined) return; // SQS redelivers each message after its visibility timeout
    const failed = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const { id, receives } of delivered) {
      const message = failed.has(id) ? undefined : this.find(receiptOf(id, receives));
      if (message !== undefined) message.state = 'acknowledged';
    }
  }

  private visible(most: number): QueuedMessage[] {
    return this.messages
      .filter(({ state, visibleAtMs }) => state === 'queued' && visibleAtMs <= this.time.nowMs)
      .slice(0, most);
  }

  /** @returns the messages without those that have become dead letters. */
  private receive(messages: readonly QueuedMessage[], hiddenForMs: number): QueuedMessage[] {
    for (const message of messages) {
      message.receives++;
      message.visibleAtMs = this.time.nowMs + hiddenForMs;
      if (message.receives > maxReceiveCount) message.state = 'dead-lettered';
    }
    return messages.filter(({ state }) => state === 'queued');
  }

  private depsOf(life: Life, offsetMs: number): BatchDeps {
    let steps = 0;
    const step: Step = async (label) => {
      const at = steps++;
      this.longestInvocation = Math.max(this.longestInvocation, steps);
      await this.scheduler.schedule(Promise.resolve(), label);
      if (at === life.disruption?.step) await this.disrupt(life, life.disruption);
      if (life.isOver) await never(); // a dead environment never continues
    };
    const clock: Clock = {
      now: () => this.time.nowMs + offsetMs,
      sleep: (ms) => this.time.at(this.time.nowMs + ms),
      after: (ms, fire) =>
        this.time.after(ms, () => {
          if (!life.isOver) fire();
        }),
    };
    const nextFault = (): S3Fault => this.awsFaults.shift();
    const s3 = createInMemoryS3(this.s3, step, nextFault);
    /** A request to another service of AWS. */
    const request: Request = async (label, signal, effect) => {
      const fault = nextFault();
      await step(`${label} →`);
      if (fault === 'hangs') await aborted(signal);
      if (fault !== undefined) throw new Error(`${label} failed`);
      effect();
      await step(`${label} ←`);
    };
    const deps: BatchDeps = {
      photos: new PhotoStore(s3),
      claims: new Claims(s3, 'claims', { photoDeadlineMs, clockSkewMs, listingDelayMs }, clock),
      clientErasures: new ClientErasures(s3, 'claims'),
      erasureRecords: new ErasureRecords(s3, 'claims'),
      areOperatorsNamed: true,
      secondLookAfterMs,
      acceptedUploads: new AcceptedUploads(s3, 'claims', clock),
      apiKey: { read: () => Promise.resolve('test_abc'), readInPlaceOf: () => Promise.resolve('test_abc') },
      complyCube: createInMemoryComplyCube(
        {
          livePhotos: this.livePhotos,
          now: () => this.time.nowMs,
          nextFate: () => this.fates.shift() ?? 'accepted',
          nextListingDelayMs: () => this.listingDelaysMs.shift() ?? 0,
          deletes: ({ id, clientId, bytes }) =>
            this.deletedLivePhotos.push({ id, clientId, picture: pictureOf(bytes) }),
          refusesDeletion: (livePhotoId) => this.undeletable.add(livePhotoId),
          arrives: (clientId, bytes) => this.scan(clientId, bytes),
          inFlight: (label, effect) => this.inFlight(label, effect),
          callTimeout: () => this.time.at(this.time.nowMs + callTimeoutMs),
        },
        step,
      ),
      queue: new UploadQueue(
        createInMemorySqs(
          {
            hide: (handle, forMs) => {
              const message = this.find(handle);
              if (message !== undefined) message.visibleAtMs = this.time.nowMs + forMs;
            },
            receive: (hiddenForMs) => {
              const received = this.receive(this.visible(this.scenario.batchSize), hiddenForMs);
              this.drawn += received.length;
              return received;
            },
            delete: (handle) => {
              const message = this.find(handle);
              if (message !== undefined) message.state = 'acknowledged';
            },
            deadLetter: (body) => this.deadLetters.add(body),
          },
          request,
        ),
        { upload: 'uploads', deadLetter: 'dead letters' },
        clock,
      ),
      events: {
        publish: ({ location, outcome }, signal) =>
          request('PUBLISH', signal, () => this.published.add(`${location.versionId ?? ''} ${outcome.status}`)),
        publishErased: ({ versionId }, _, signal) =>
          request('PUBLISH', signal, () => this.published.add(`${versionId ?? ''} erased`)),
      },
      metadata: { clientIdMetadata: 'client-id', performLivenessCheck: undefined },
      keyPrefixes: [''],
      pace: unlimitedPace,
      photoBucket: photoLocation.bucket,
      rejection: { unknownClientRejectedAfterMs, refusalRejectedAfterMs, clockSkewMs },
      callTimeoutMs,
      photoDeadlineMs,
      log: createLog(() => undefined),
      clock,
      functionName: 'upload',
    };
    return this.sabotage(deps);
  }

  private async disrupt(life: Life, { what, lateMs }: Disruption): Promise<void> {
    if (what === 'dies') life.die();
    else await (what === 'hangs' ? never() : this.time.at(this.time.nowMs + lateMs));
  }

  /** Receipt handles of earlier receives have no effect. */
  private find(receiptHandle: string): QueuedMessage | undefined {
    return this.messages.find(
      ({ id, receives, state }) => state === 'queued' && receiptHandle === receiptOf(id, receives),
    );
  }

  /** The bucket's policy denies a scanner to change the tags of an object that has an outcome. */
  private scan(clientId: string, bytes: Buffer): void {
    const arrived = this.scenario.photos.filter(
      (photo) => photo.clientId === clientId && photo.picture === pictureOf(bytes),
    );
    const [photo] = arrived;
    // If several versions have the same bytes, it is unknown which one arrived. The function may be tagging another one.
    if (photo === undefined || arrived.length > 1 || !photo.isTaggedMeanwhile) return;
    const version = this.s3.photos.get(`${photo.key} ${photo.versionId}`);
    if (version === undefined || version.tags.has(tagNames.status)) return;
    version.tags = new Map([...version.tags, [scannerTag.name, scannerTag.value]]);
    this.scanned.add(photo.versionId);
  }

  private async inFlight<T>(label: string, effect: () => T): Promise<T> {
    await this.time.until(this.scheduler.schedule(Promise.resolve(), label), callTimeoutMs);
    return effect();
  }

  private async tickClock(): Promise<void> {
    for (const tick of this.scenario.ticks) {
      await this.scheduler.schedule(Promise.resolve(), 'tick');
      await this.time.advanceTo(this.time.nowMs + tick);
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
}

/** The bytes of live photos that no version names. No version has them. */
const strayPicture = 9;
/** Their IDs begin with this. */
const strayPrefix = 'stray-';

/** Whether no version names a live photo, from the start. */
export function isStray({ id }: Pick<StoredLivePhoto, 'id'>): boolean {
  return id.startsWith(strayPrefix);
}

interface Life {
  readonly disruption: Disruption | undefined;
  isOver: boolean;
  die: () => void;
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
