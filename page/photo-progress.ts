import type { RejectionReason, Skipped } from '../contract/outcome';

/** The stages of a photo's way, in order. */
export const stages = ['granted', 'stored', 'queued', 'claimed', 'validated', 'uploaded', 'tagged'] as const;

/** One of {@link stages}. */
export type Stage = (typeof stages)[number];

/** A photo's way as far as it was seen; what was not seen is not there. */
export interface Travel {
  /** Tells this photo from all others on the page. */
  readonly id: string;
  /** The photo object's key. */
  readonly key: string;
  /** The end of the client's ID, for people; undefined for photos that were not granted here. */
  readonly client: string | undefined;
  /** Known once the photo is stored. */
  readonly bytes: number | undefined;
  /** When each stage was first seen; ISO 8601. */
  readonly seen: Readonly<Partial<Record<Stage, string>>>;
  /** Deliveries to the function that ended without an outcome, the oldest first. */
  readonly retries: readonly Retry[];
  readonly outcome: TravelOutcome | undefined;
}

/** A delivery that is followed by another. */
export interface Retry {
  /** ISO 8601. */
  readonly at: string;
  /** The function's own words. */
  readonly why: string;
}

/** How a photo's way ended. */
export type TravelOutcome =
  | {
      readonly status: 'uploaded';
      readonly livePhotoId: string;
      /** The live photo of an attempt whose answer was lost was found, in place of uploading it twice. */
      readonly isAdopted: boolean;
    }
  | { readonly status: 'rejected'; readonly reason: RejectionReason; readonly detail: string }
  | { readonly status: 'skipped'; readonly because: Skipped['because'] };
