import type { CallGate } from './call-gate';

/** What the steps need to know of the delivery that they work for. */
export interface Delivery {
  /** How often the message has been received, this time included. */
  readonly receives: number;
  readonly gate: Pick<CallGate, 'pass'>;
  /** What the photo's one log line will say beside its outcome; the steps fill it in as they learn it. */
  readonly summary: PhotoSummary;
}

/** What happened on a photo's way. */
export interface PhotoSummary {
  bytes?: number;
  /** Every call to ComplyCube, in order. */
  apiCalls?: ApiCall[];
  /** Which attempt this was by the claim, where it was not the first. */
  attempt?: number;
  /** What looking for an earlier attempt's live photo came to. */
  reconciled?: 'adopted' | 'not-found';
  /** Whether the outcome stands on the object: it can't where that is gone, or where its tags are full. */
  isTagged?: boolean;
}

/** A call to ComplyCube, for the record. */
export interface ApiCall {
  /** HTTP status; undefined when no answer came, or none that can be read. */
  readonly status: number | undefined;
  readonly tookMs: number;
  /** ComplyCube's own, as far as it gave one. */
  readonly requestId: string | undefined;
}
