import type { RejectionReason, Skipped } from '../contract/outcome';

/** The processing steps of a photo, in order. */
export const steps = ['granted', 'stored', 'queued', 'claimed', 'validated', 'uploaded', 'tagged'] as const;

/** One of {@link steps}. */
export type Step = (typeof steps)[number];

/** The processing steps of a photo that have been observed so far. */
export interface PhotoProgress {
  /** Unique on this page. */
  readonly id: string;
  readonly key: string;
  /** The end of the client ID, for display. Undefined for photos that were not uploaded with a grant of this page. */
  readonly client: string | undefined;
  /** Known once the photo is stored. */
  readonly bytes: number | undefined;
  /** When each step was first observed, in ISO 8601. */
  readonly seen: Readonly<Partial<Record<Step, string>>>;
  /** Deliveries that ended without an outcome, oldest first. */
  readonly retries: readonly Retry[];
  readonly outcome: PhotoOutcome | undefined;
}

/** A delivery that ended without an outcome. */
export interface Retry {
  /** ISO 8601. */
  readonly at: string;
  /** The function's error message. */
  readonly why: string;
}

/** The final result of a photo. */
export type PhotoOutcome =
  | {
      readonly status: 'uploaded';
      readonly livePhotoId: string;
      /** Whether the live photo of an earlier attempt, whose answer was lost, was found instead of a second upload. */
      readonly isAdopted: boolean;
    }
  | { readonly status: 'rejected'; readonly reason: RejectionReason; readonly detail: string }
  | { readonly status: 'skipped'; readonly because: Skipped['because'] };
