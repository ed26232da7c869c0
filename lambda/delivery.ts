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
  /** Of the latest call. */
  complyCubeStatus?: number;
  complyCubeRequestId?: string;
  /** Which attempt this was by the claim, where it was not the first. */
  attempt?: number;
  /** What looking for an earlier attempt's live photo came to. */
  reconciled?: 'adopted' | 'not-found';
  /** False when an outcome could not be written onto the object: it is gone, or its tags are full. */
  isTagged?: boolean;
}
