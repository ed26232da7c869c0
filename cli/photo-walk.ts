import { inOrder } from './in-order';
import { type ListedPhoto, listPhotos, type PhotoScope } from './photo-list';
import type { KnownOutcome, PhotoOutcomes } from './photo-outcome';
import { maxBatch, type QueueFeed } from './queue-feed';
import type { StackAccess } from './stack-access';

/** What to do on a walk. */
export interface WalkPlan {
  readonly scope: Omit<PhotoScope, 'hasEveryVersion'>;
  /** Gives the message for a photo object that is to be sent; undefined for one that is not. */
  readonly select: (photo: ListedPhoto, outcome: KnownOutcome) => string | undefined;
}

/** What a walk works with. */
export interface WalkEdges {
  readonly access: Pick<StackAccess, 's3'>;
  readonly outcomes: Pick<PhotoOutcomes, 'readTold'>;
  /** Undefined: nothing is sent. */
  readonly feed: Pick<QueueFeed, 'send'> | undefined;
  readonly signal: AbortSignal;
  readonly onProgress: (walk: WalkTally) => void;
}

/** What a walk has come to. */
export interface WalkTally {
  /** Photo objects that were looked at. */
  readonly seen: number;
  /** Of these, those that were sent, or would have been. */
  readonly selected: number;
  /** Of the others, what they are, by outcome. */
  readonly passedOver: Readonly<Record<string, number>>;
  /** The key up to which all is done; undefined at the start. */
  readonly position: string | undefined;
  readonly requests: { readonly lists: number; readonly tags: number };
}

/** So many tag sets are read at the same time. */
const concurrentReads = 16;

/** Goes through photo objects in the order of their keys and sends those that a plan selects, in the memory of a page. */
export class PhotoWalk {
  private seen = 0;
  private selected = 0;
  private lists = 0;
  private readonly passedOver: Record<string, number> = {};
  private position: string | undefined;
  private batch: string[] = [];

  constructor(
    private readonly plan: WalkPlan,
    private readonly edges: WalkEdges,
  ) {
    this.position = plan.scope.startAfter;
  }

  get tally(): WalkTally {
    const { seen, selected, passedOver, position, lists } = this;
    return { seen, selected, passedOver, position, requests: { lists, tags: seen } };
  }

  /** @returns whether it came to its end; not, when it was interrupted. */
  async run(): Promise<boolean> {
    const { outcomes, signal, onProgress } = this.edges;
    const looked = inOrder(this.listed(), concurrentReads, async (photo) => ({
      photo,
      outcome: await outcomes.readTold(photo.location),
    }));
    for await (const { photo, outcome } of looked) {
      if (signal.aborted) return false;
      const message = this.plan.select(photo, outcome);
      if (message !== undefined) this.batch.push(message);
      if (this.batch.length >= maxBatch && !(await this.sendBatch())) return false;
      this.seen++;
      if (message === undefined) this.passOver(outcome);
      // What waits in the batch is not done: whoever goes on from here must see it again.
      if (this.batch.length === 0) this.position = photo.location.key;
      onProgress(this.tally);
    }
    return this.sendBatch();
  }

  private async *listed(): AsyncGenerator<ListedPhoto> {
    for await (const page of listPhotos(this.edges.access.s3, { ...this.plan.scope, hasEveryVersion: false })) {
      this.lists++;
      yield* page;
    }
  }

  private async sendBatch(): Promise<boolean> {
    if (this.batch.length === 0) return true;
    if (this.edges.feed !== undefined && !(await this.edges.feed.send(this.batch))) return false;
    this.selected += this.batch.length;
    this.batch = [];
    return true;
  }

  private passOver(outcome: KnownOutcome): void {
    const name = outcome.kind === 'told' ? outcome.outcome.status : outcome.kind;
    this.passedOver[name] = (this.passedOver[name] ?? 0) + 1;
  }
}

/** Counts the photo objects of a scope: lists alone, which are few. @param onCount told of the count so far, by page. */
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
