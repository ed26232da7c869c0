import type { LocalComplyCube } from 'complycube-stand-in/server';
import { refusedClientId } from '../start/sample-set';

/** A time during which something is wrong. */
export interface Scene {
  readonly fromMinute: number;
  readonly toMinute: number;
  /** In words, for the page. */
  readonly what: string;
}

const rateLimit: Scene = { fromMinute: 25, toMinute: 45, what: 'ComplyCube answers 429' };
const outage: Scene = { fromMinute: 60, toMinute: 75, what: 'ComplyCube is out' };
const lostAnswers: Scene = { fromMinute: 85, toMinute: 90, what: 'connections break after the upload' };
/** The account is at fault. */
const paymentDue: Scene = { fromMinute: 115, toMinute: 119, what: 'payment is due' };
const refusals: Scene = { fromMinute: 130, toMinute: 133, what: 'ComplyCube refuses photos without a cause' };

/** When a message arrives that is no event. */
export const malformedMessage: Scene = { fromMinute: 100, toMinute: 101, what: 'a message that is no event' };

/** Everything that goes wrong in a staged run, in its order. */
export const scenes: readonly Scene[] = [rateLimit, outage, lostAnswers, malformedMessage, paymentDue, refusals];

/** How long a staged run is. */
export const stageMinutes = 150;

/**
 * Has the stand-in play its part in every scene: the long ones by time, the short ones by so many calls, as a busy machine makes
 * few calls in a short time.
 * @param minute tells which minute it is.
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
