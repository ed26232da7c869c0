import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
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
import { clientErasureMessage } from '../../../contract/client-erasure-message';
import { erasureMessage } from '../../../contract/erasure-message';
import { tagNames } from '../../../contract/outcome-tags';
import { ErasureRecords } from '../../../lambda/aws/erasure-records';
import { createLog } from '../../../lambda/observe/log';
import { PhotoStore } from '../../../lambda/aws/photo-store';
import type { BatchDeps } from '../../../lambda/process-batch';
import { UploadQueue } from '../../../lambda/aws/upload-queue';
import { makeJpeg } from 'sample-photos/jpeg';
import { lambdaContext, photoLocation, s3Body, s3Record, sqsEvent, sqsRecord } from '../fixtures/events';
import { unlimitedPace } from '../fixtures/unlimited-pace';
import type { Disruption } from './disruption';
import { type CallFate, createInMemoryComplyCube, type StoredLivePhoto } from './in-memory-complycube';
import { aborted, createInMemoryS3, type S3Fault, S3State, type Step } from './in-memory-s3';

/** A photo object's version in a scenario. */
export interface ScenarioPhoto {
  readonly key: string;
  readonly versionId: string;
  /** Photos with the same number have the same bytes. */
  readonly picture: number;
  readonly clientId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether a scanner tags the object as soon as the photo has arrived at ComplyCube. */
  readonly isTaggedMeanwhile: boolean;
  /** One message for each item: its delay in milliseconds. */
  readonly eventDelaysMs: readonly number[];
  /** One message for each erasure that an operator requests. Default: none. */
  readonly erasures?: readonly ScenarioErasure[];
}

/** A message that requests an erasure. */
export interface ScenarioErasure {
  readonly delayMs: number;
  /** Messages with the same number are duplicates of one request. */
  readonly request: number;
}

/** Everything that a run depends on, except the order of its steps. */
export interface Scenario {
  readonly photos: readonly ScenarioPhoto[];
  /** The clients of live photos at ComplyCube that no version names. */
  readonly strays: readonly string[];
  /** An operator's request to erase a client: one message for each delay. Undefined: there is none. */
  readonly clientErasure: { readonly clientId: string; readonly delaysMs: readonly number[] } | undefined;
  /** For each environment: the difference between its clock and the world's, in milliseconds. */
  readonly clockOffsetsMs: readonly number[];
  readonly batchSize: number;
  /** For each invocation in turn: what happens to its environment, if anything. */
  readonly disruptions: readonly (Disruption | undefined)[];
  /** For each call to ComplyCube in turn. After the last item, calls are accepted. */
  readonly fates: readonly CallFate[];
  /** For each live photo in turn: how long lists don't contain it. After the last item: 0. */
  readonly listingDelaysMs: readonly number[];
  /** For each request to AWS in turn. After the last item, requests succeed. */
  readonly awsFaults: readonly S3Fault[];
  /** By how many milliseconds the clock advances, at moments that the scheduler chooses. */
  readonly ticks: readonly number[];
  /** Which photo is deleted at a moment that the scheduler chooses, if any. */
  readonly deletedPhoto: number | undefined;
}

/** Removes a mechanism, to see that its invariant fails. */
export type Sabotage = (deps: BatchDeps) => BatchDeps;

/** A message as the queue holds it. */
export interface QueuedMessage {
  readonly id: string;
  /** Undefined: the request to erase a client. */
  readonly photo: ScenarioPhoto | undefined;
  readonly body: string;
  readonly senderId: string;
  readonly isErasure: boolean;
  receives: number;
  visibleAtMs: number;
  /** `dead-lettered`: SQS moved it. The function dead-letters a message itself, and acknowledges it. */
  state: 'queued' | 'acknowledged' | 'dead-lettered';
}

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
  readonly deletedLivePhotos: { readonly clientId: string; readonly picture: number | undefined }[] = [];
  /** The live photos that ComplyCube refused to delete. */
  readonly undeletable = new Set<string>();
  /** Messages that the function received itself. */
  drawn = 0;
  /** Steps of the invocation that had the most. */
  longestInvocation = 0;
  /** Invocations that did not return although their environment was alive. */
  unanswered = 0;
  private nowMs = Date.UTC(2026, 10, 23);
  private invocations = 0;
  private readonly fates: CallFate[];
  private readonly awsFaults: S3Fault[];
  private readonly listingDelaysMs: number[];
  private timers: Timer[] = [];
  /** How many calls of `advanceTo` are running. */
  private advances = 0;
  /** The latest arrival times of requests that are in flight to ComplyCube. */
  private readonly inFlightUntil = new Set<{ readonly atMs: number }>();

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
        createdAtMs: this.nowMs,
        tags: new Map(Object.entries(tags)),
        isDeleted: false,
      });
    }
    for (const [at, clientId] of scenario.strays.entries()) {
      const id = `${strayPrefix}${at}`;
      const listedAtMs = this.nowMs + (this.listingDelaysMs.shift() ?? 0);
      const bytes = pictureBytes(strayPicture);
      this.livePhotos.push({ id, clientId, bytes, createdAtMs: this.nowMs, listedAtMs });
    }
    const clientMessages = (scenario.clientErasure?.delaysMs ?? []).map((delayMs, copy) => ({
      ...{ id: `client-erasure-${copy}`, photo: undefined, senderId, isErasure: true },
      ...{ body: clientErasureBodyOf(scenario.clientErasure?.clientId ?? ''), receives: 0 },
      ...{ visibleAtMs: this.nowMs + delayMs, state: 'queued' as const },
    }));
    const photoMessages = scenario.photos.flatMap((photo, at) => [
      ...photo.eventDelaysMs.map((delayMs, copy) => ({
        ...{ id: `message-${at}-${copy}`, photo, body: bodyOf(photo), senderId: 'AIDAS3', isErasure: false },
        ...{ receives: 0, visibleAtMs: this.nowMs + delayMs, state: 'queued' as const },
      })),
      ...(photo.erasures ?? []).map(({ delayMs, request }, copy) => ({
        ...{ id: `erasure-${at}-${copy}`, photo, body: erasureBodyOf(photo, request), senderId, isErasure: true },
        ...{ receives: 0, visibleAtMs: this.nowMs + delayMs, state: 'queued' as const },
      })),
    ]);
    this.messages = [...photoMessages, ...clientMessages];
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
      else if (this.advances === 0) await this.advanceTo(Math.min(...this.timers.map(({ atMs }) => atMs)));
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
      else await this.at(Math.min(...left.map(({ visibleAtMs }) => visibleAtMs)));
    }
  }

  private async invoke(batch: readonly QueuedMessage[], offsetMs: number): Promise<void> {
    const received = this.receive(batch, maxWaitMs);
    const delivered = received.map(({ id, receives }) => ({ id, receives }));
    const deadlineMs = this.nowMs + functionTimeoutMs;
    const disruption = this.scenario.disruptions[this.invocations++];
    const event = sqsEvent(
      ...received.map(({ id, body, senderId: SenderId, receives }) => {
        const record = sqsRecord(id, body, receives);
        return { ...record, receiptHandle: receiptOf(id, receives), attributes: { ...record.attributes, SenderId } };
      }),
    );
    const context = { ...lambdaContext(), getRemainingTimeInMillis: () => deadlineMs - this.nowMs };
    const life: Life = { disruption, isOver: false, die: () => undefined };
    const died = new Promise<undefined>((resolve) => {
      life.die = () => {
        life.isOver = true;
        resolve(undefined);
      };
    });
    const cancelTimeout = this.after(functionTimeoutMs, () => {
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
      .filter(({ state, visibleAtMs }) => state === 'queued' && visibleAtMs <= this.nowMs)
      .slice(0, most);
  }

  /** @returns the messages without those that have become dead letters. */
  private receive(messages: readonly QueuedMessage[], hiddenForMs: number): QueuedMessage[] {
    for (const message of messages) {
      message.receives++;
      message.visibleAtMs = this.nowMs + hiddenForMs;
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
      now: () => this.nowMs + offsetMs,
      sleep: (ms) => this.at(this.nowMs + ms),
      after: (ms, fire) =>
        this.after(ms, () => {
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
          now: () => this.nowMs,
          nextFate: () => this.fates.shift() ?? 'accepted',
          nextListingDelayMs: () => this.listingDelaysMs.shift() ?? 0,
          deletes: ({ clientId, bytes }) => this.deletedLivePhotos.push({ clientId, picture: pictureOf(bytes) }),
          refusesDeletion: (livePhotoId) => this.undeletable.add(livePhotoId),
          arrives: (clientId, bytes) => this.scan(clientId, bytes),
          inFlight: (label, effect) => this.inFlight(label, effect),
          callTimeout: () => this.at(this.nowMs + callTimeoutMs),
        },
        step,
      ),
      queue: new UploadQueue(
        createInMemorySqs(
          {
            hide: (handle, forMs) => {
              const message = this.find(handle);
              if (message !== undefined) message.visibleAtMs = this.nowMs + forMs;
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
    else await (what === 'hangs' ? never() : this.at(this.nowMs + lateMs));
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

  /** Resolves when the clock reaches a time. */
  private at(atMs: number): Promise<void> {
    if (atMs <= this.nowMs) return Promise.resolve();
    return new Promise((fire) => this.after(atMs - this.nowMs, fire));
  }

  private after(ms: number, fire: () => void): () => void {
    const timer = { atMs: this.nowMs + ms, fire };
    this.timers.push(timer);
    return () => {
      this.timers = this.timers.filter((other) => other !== timer);
    };
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
      await this.advanceTo(this.nowMs + tick);
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

  /** Fires the timers in their order. Time never overtakes a request that is in flight: it arrives within a call's timeout. */
  private async advanceTo(targetMs: number): Promise<void> {
    this.advances++;
    await this.fireTimers(targetMs);
    this.advances--;
  }

  private async fireTimers(targetMs: number): Promise<void> {
    if (!Number.isFinite(targetMs)) throw new Error('No timer is left, but messages are');
    const untilMs = Math.min(targetMs, ...[...this.inFlightUntil].map(({ atMs }) => atMs));
    for (;;) {
      const [next] = this.timers.filter(({ atMs }) => atMs <= untilMs).sort((one, other) => one.atMs - other.atMs);
      this.nowMs = Math.max(this.nowMs, next?.atMs ?? untilMs);
      if (next === undefined) return;
      this.timers = this.timers.filter((timer) => timer !== next);
      next.fire();
      await settled();
    }
  }
}

/** Makes a request with an effect, unless it fails. */
type Request = (label: string, signal: AbortSignal | undefined, effect: () => void) => Promise<void>;

/** The queue, as the function's requests change it. */
interface InMemoryQueue {
  hide(receiptHandle: string, forMs: number): void;
  receive(hiddenForMs: number): readonly QueuedMessage[];
  delete(receiptHandle: string): void;
  deadLetter(body: string): void;
}

/** An SQS client that knows the commands that the function sends. */
function createInMemorySqs(queue: InMemoryQueue, request: Request): SQSClient {
  const send = async (command: unknown, { abortSignal }: { readonly abortSignal?: AbortSignal }): Promise<object> => {
    if (command instanceof ChangeMessageVisibilityBatchCommand) {
      await request('HIDE', abortSignal, () => {
        for (const { ReceiptHandle = '', VisibilityTimeout = 0 } of command.input.Entries ?? []) {
          queue.hide(ReceiptHandle, VisibilityTimeout * 1000);
        }
      });
      return {};
    }
    if (command instanceof ReceiveMessageCommand) {
      let Messages: object[] = [];
      await request('RECEIVE', abortSignal, () => {
        Messages = queue
          .receive((command.input.VisibilityTimeout ?? 0) * 1000)
          .map(({ id, body, senderId: SenderId, receives }) => ({
            MessageId: id,
            ReceiptHandle: receiptOf(id, receives),
            Body: body,
            Attributes: { ApproximateReceiveCount: String(receives), SenderId },
          }));
      });
      return { Messages };
    }
    if (command instanceof DeleteMessageBatchCommand) {
      await request('DELETE', abortSignal, () => {
        for (const { ReceiptHandle = '' } of command.input.Entries ?? []) queue.delete(ReceiptHandle);
      });
      return {};
    }
    if (command instanceof SendMessageCommand) {
      await request('DEAD-LETTER', abortSignal, () => {
        queue.deadLetter(command.input.MessageBody ?? '');
      });
      return {};
    }
    throw new Error('The function sent a command that it did not send before');
  };
  return { send } as unknown as SQSClient;
}

/** The S3 event of a photo. */
function bodyOf({ key, versionId, picture }: ScenarioPhoto): string {
  return s3Body(s3Record({ key, versionId, eTag: `picture-${picture}` }));
}

/** The sender of erasures. */
const senderId = 'AROAOPERATORS:alice';

/** The request of a photo's erasure. */
function erasureBodyOf({ key, versionId, picture }: ScenarioPhoto, request: number): string {
  return erasureMessage({
    ...{ bucket: photoLocation.bucket, key, versionId, eTag: `picture-${picture}` },
    requestId: `request-${request}`,
    requestedAt: '2026-11-23T10:00:00.000Z',
  });
}

/** The request to erase a client. */
function clientErasureBodyOf(clientId: string): string {
  return clientErasureMessage({ clientId, requestId: 'client-request', requestedAt: '2026-11-23T10:00:00.000Z' });
}

/** The bytes of live photos that no version names. No version has them. */
const strayPicture = 9;
/** Their IDs begin with this. */
const strayPrefix = 'stray-';

/** Whether no version names a live photo, from the start. */
export function isStray({ id }: Pick<StoredLivePhoto, 'id'>): boolean {
  return id.startsWith(strayPrefix);
}

interface Timer {
  readonly atMs: number;
  readonly fire: () => void;
}

interface Life {
  readonly disruption: Disruption | undefined;
  isOver: boolean;
  die: () => void;
}

/** Resolves when all pending promises have reached their next step. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}

function receiptOf(id: string, receives: number): string {
  return `receipt ${receives} of ${id}`;
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
