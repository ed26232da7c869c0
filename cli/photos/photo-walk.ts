import { inOrder } from './in-order';
import { type ListedPhoto, listPhotos, type PhotoScope } from './photo-list';
import type { KnownOutcome, PhotoOutcomes } from './photo-outcome';
import { maxBatch, type QueueFeed } from './queue-feed';
import type { StackAccess } from '../stack/stack-access';

/** What a walk selects. */
export interface WalkPlan {
  readonly scope: Omit<PhotoScope, 'hasEveryVersion'>;
  /** Returns the message to send for a photo object; undefined: none. */
  readonly select: (photo: ListedPhoto, outcome: KnownOutcome) => string | undefined;
}

/** Dependencies of a walk. */
export interface WalkDeps {
  readonly access: Pick<StackAccess, 's3'>;
  readonly outcomes: Pick<PhotoOutcomes, 'readTagged'>;
  /** Undefined: nothing is sent. */
  readonly feed: Pick<QueueFeed, 'send'> | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (counts: WalkCounts) => void;
}

/** The state of a walk. The fields are those of `--json`. */
export interface WalkCounts {
  /** Photo objects that were examined. */
  readonly seen: number;
  /** How many of them were sent, or would have been sent. */
  readonly selected: number;
  /** The others, by outcome, or `folder` and `archived` for objects that the function can't process. */
  readonly passedOver: Readonly<Record<string, number>>;
  /** All keys up to this one are done; undefined at the start. */
  readonly position: string | undefined;
  readonly requests: { readonly lists: number; readonly tags: number };
}

/** How many tag sets are read at the same time. */
const concurrentReads = 16;

/** Walks over photo objects in the order of their keys and sends those that a plan selects. Holds one page in memory. */
export class PhotoWalk {
  private seen = 0;
  private selected = 0;
  private lists = 0;
  private readonly passedOver: Record<string, number> = {};
  private position: string | undefined;
  private batch: string[] = [];

  constructor(
    private readonly plan: WalkPlan,
    private readonly deps: WalkDeps,
  ) {
    this.position = plan.scope.startAfter;
  }

  get counts(): WalkCounts {
    const { seen, selected, passedOver, position, lists } = this;
    return { seen, selected, passedOver, position, requests: { lists, tags: seen } };
  }

  /** @returns whether the walk is complete: false if it was interrupted. */
  async run(): Promise<boolean> {
    const { outcomes, signal, onProgress } = this.deps;
    const looked = inOrder(this.listed(), concurrentReads, async (photo) => ({
      photo,
      outcome: await outcomes.readTagged(photo.location),
    }));
    for await (const { photo, outcome } of looked) {
      if (signal.aborted) return false;
      const { message, passedOver } = this.choose(photo, outcome);
      if (message !== undefined) this.batch.push(message);
      if (this.batch.length >= maxBatch && !(await this.sendBatch())) return false;
      this.seen++;
      if (passedOver !== undefined) this.passedOver[passedOver] = (this.passedOver[passedOver] ?? 0) + 1;
      // Messages in the batch are not sent yet: a walk that continues from here must see their objects again.
      if (this.batch.length === 0) this.position = photo.location.key;
      onProgress(this.counts);
    }
    return this.sendBatch();
  }

  private async *listed(): AsyncGenerator<ListedPhoto> {
    for await (const page of listPhotos(this.deps.access.s3, { ...this.plan.scope, hasEveryVersion: false })) {
      this.lists++;
      yield* page;
    }
  }

  private async sendBatch(): Promise<boolean> {
    if (this.batch.length === 0) return true;
    if (this.deps.feed !== undefined && !(await this.deps.feed.send(this.batch))) return false;
    this.selected += this.batch.length;
    this.batch = [];
    return true;
  }

  /** Returns the message to send, or the name that the object is counted by. */
  private choose(photo: ListedPhoto, outcome: KnownOutcome): { message?: string; passedOver?: string } {
    const message = this.plan.select(photo, outcome);
    if (message === undefined) return { passedOver: outcome.kind === 'tagged' ? outcome.outcome.status : outcome.kind };
    return photo.unprocessable === undefined ? { message } : { passedOver: photo.unprocessable };
  }
}

/** Counts the photo objects of a scope, by listing them. @param onCount called with the count after each page. */
export async function countPhotos(
  access: Pick<StackAccess, 's3'>,
  scope: WalkPlan['scope'],
  { signal, onCount }: { readonly signal: AbortSignal; readonly onCount: (count: number) => void },
): Promise<number> {
  let count = 0;
  for await (const page of listPhotos(access.s3, { ...scope, hasEveryVersion: false })) {
    if (signal.aborted) break;
    onCount((count += page.length));
  }
  return count;
}
