import { randomUUID } from 'node:crypto';
import { erasureMessage, type RequestedErasure } from '../../contract/erasure-message';
import { inOrder } from '../photos/in-order';
import type { ListedPhoto } from '../photos/photo-list';
import type { KnownOutcome, PhotoOutcomes } from '../photos/photo-outcome';
import { maxBatch, type QueueFeed } from '../photos/queue-feed';
import type { ErasureScope } from './erasure-scope';

/** A version, and what is known about it. */
export interface ErasableVersion {
  readonly photo: ListedPhoto;
  readonly outcome: KnownOutcome;
  /** The request to erase it. Undefined: it was erased before. */
  readonly request: RequestedErasure | undefined;
}

/** Dependencies of {@link ErasureWalk}. */
export interface ErasureWalkDeps {
  readonly scope: ErasureScope;
  readonly outcomes: Pick<PhotoOutcomes, 'read'>;
  /** Undefined: nothing is sent. */
  readonly feed: Pick<QueueFeed, 'send'> | undefined;
  readonly signal: AbortSignal;
  /** Called with each version to erase, and with each erased one. */
  readonly onVersion: (version: ErasableVersion) => Promise<void>;
  readonly onProgress: (counts: ErasureCounts) => void;
}

/** The state of a walk. The fields are those of `--json`. */
export interface ErasureCounts {
  /** Versions that were examined. */
  readonly seen: number;
  /** How many of them were sent, or would have been sent. */
  readonly selected: number;
  /** How many of the others were erased before. */
  readonly alreadyErased: number;
  /** All keys up to this one are done; undefined at the start. */
  readonly position: string | undefined;
}

/** How many versions are looked at at the same time. */
const concurrentReads = 16;

/** Walks over versions in the order of their keys, and sends a message for each that is not erased. Holds one page in memory. */
export class ErasureWalk {
  private seen = 0;
  private selected = 0;
  private alreadyErased = 0;
  private position: string | undefined;
  private currentKey: string | undefined;
  private batch: string[] = [];

  constructor(private readonly deps: ErasureWalkDeps) {}

  get counts(): ErasureCounts {
    const { seen, selected, alreadyErased, position } = this;
    return { seen, selected, alreadyErased, position };
  }

  /** @returns whether the walk is complete: false if it was interrupted. */
  async run(): Promise<boolean> {
    const { scope, outcomes, signal, onVersion, onProgress } = this.deps;
    const looked = inOrder(this.listed(), concurrentReads, async (photo) => ({
      photo,
      outcome: (await scope.isChosen(photo)) ? await outcomes.read(photo.location) : undefined,
    }));
    for await (const { photo, outcome } of looked) {
      if (signal.aborted) return false;
      const { key } = photo.location;
      // A key is done when the next one begins, because it can have several versions.
      if (key !== this.currentKey && this.batch.length === 0) this.position = this.currentKey;
      this.currentKey = key;
      this.seen++;
      if (outcome !== undefined && outcome.kind !== 'gone') {
        const request = isErased(outcome) ? undefined : newRequest();
        await onVersion({ photo, outcome, request });
        if (request === undefined) this.alreadyErased++;
        else if (!(await this.take(photo, request))) return false;
      }
      onProgress(this.counts);
    }
    if (!(await this.sendBatch())) return false;
    this.position = this.currentKey;
    return true;
  }

  private async *listed(): AsyncGenerator<ListedPhoto> {
    for await (const page of this.deps.scope.list()) yield* page;
  }

  private async take({ location }: ListedPhoto, request: RequestedErasure): Promise<boolean> {
    const { bucket, key, versionId, eTag } = location;
    this.batch.push(erasureMessage({ bucket, key, versionId, eTag, ...request }));
    return this.batch.length < maxBatch || this.sendBatch();
  }

  private async sendBatch(): Promise<boolean> {
    if (this.batch.length === 0) return true;
    if (this.deps.feed !== undefined && !(await this.deps.feed.send(this.batch))) return false;
    this.selected += this.batch.length;
    this.batch = [];
    return true;
  }
}

/** Every request has another ID. */
export function newRequest(): RequestedErasure {
  return { requestId: randomUUID(), requestedAt: new Date().toISOString() };
}

/** Whether the function has erased a version. */
function isErased(outcome: KnownOutcome): boolean {
  return outcome.kind === 'tagged' && outcome.outcome.status === 'erased';
}
