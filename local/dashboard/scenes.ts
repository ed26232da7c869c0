import type { LocalComplyCube } from 'complycube-stand-in/server';
import { refusedClientId } from '../start/sample-set';

/** A period in which something fails. */
export interface Scene {
  readonly fromMinute: number;
  readonly toMinute: number;
  /** Shown on the page. */
  readonly what: string;
}

const rateLimit: Scene = { fromMinute: 25, toMinute: 45, what: 'ComplyCube answers 429' };
const outage: Scene = { fromMinute: 60, toMinute: 75, what: 'ComplyCube has an outage' };
const lostAnswers: Scene = { fromMinute: 85, toMinute: 90, what: 'connections break after uploads' };
const paymentDue: Scene = { fromMinute: 115, toMinute: 119, what: 'payment is due' };
const refusals: Scene = { fromMinute: 130, toMinute: 133, what: 'ComplyCube refuses photos without a cause' };

/** A message arrives that is not an S3 event. */
export const malformedMessage: Scene = { fromMinute: 100, toMinute: 101, what: 'a message is not an S3 event' };

/** All failures of a run, in order. */
export const scenes: readonly Scene[] = [rateLimit, outage, lostAnswers, malformedMessage, paymentDue, refusals];

/** The length of a run. */
export const runMinutes = 150;

/**
 * Adds the faults of all scenes to the stand-in. Long scenes end by time. Short scenes end after a number of calls, because a
 * busy machine makes few calls in a short time.
 * @param minute returns the current minute of the run.
 */
export function playScenes(complyCube: LocalComplyCube, minute: () => number): void {
  const during = (scene: Scene) => (): boolean => minute() >= scene.fromMinute && minute() < scene.toMinute;
  const since = (scene: Scene) => (): boolean => minute() >= scene.fromMinute;
  const forUploads = 'POST /livePhotos';
  complyCube.fault({ fault: 'status', status: 429, retryAfter: '60', count: null }, during(rateLimit));
  complyCube.fault({ fault: 'reset-before', rate: 0.3, count: null }, during(outage));
  complyCube.fault({ fault: 'status', status: 503, count: null }, during(outage));
  complyCube.fault({ fault: 'status', status: 503, for: forUploads, count: 3 }, since(outage));
  complyCube.fault({ fault: 'reset-after', for: forUploads, count: 4 }, since(lostAnswers));
  complyCube.fault({ fault: 'status', status: 402, count: 5 }, since(paymentDue));
  complyCube.fault({ fault: 'status', status: 409, for: forUploads, count: 3 }, since(refusals));
  complyCube.fault(
    { fault: 'status', status: 422, message: 'The photo shows more than one face', for: forUploads, count: null },
    ({ clientId }) => clientId === refusedClientId,
  );
}
