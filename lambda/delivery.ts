/** What the steps need to know of the delivery that they work for. */
export interface Delivery {
  /** How often the message has been received, this time included. */
  readonly receives: number;
  /** Aborted, with the error to fail with, once no further call to ComplyCube may start in this batch. */
  readonly noMoreCalls: AbortSignal;
  /** What the photo's one log line will say beside its outcome; the steps fill it in as they learn it. */
  readonly summary: PhotoSummary;
}

/** What happened on a photo's way. */
export interface PhotoSummary {
  bytes?: number;
  complyCubeStatus?: number;
  complyCubeRequestId?: string;
  /** False when an outcome could not be written onto the object: it is gone, or its tags are full. */
  isTagged?: boolean;
}
