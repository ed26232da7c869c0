import { photoReserveMs } from '../contract/durations';
import type { Clock } from './clock';
import type { AccountGate, CallGate, Delivery, PhotoSummary } from './delivery';
import { RetryLaterError } from './retry-later-error';
import { withDeadline } from './with-deadline';

/** What a delivery needs of its invocation. */
export interface DeliveryContext {
  readonly accountGate: AccountGate;
  /** How long a photo that starts now may take. */
  readonly photoMs: () => number;
  /** Called whenever the delivery calls ComplyCube. */
  readonly onCall: () => void;
}

/** The dependencies of {@link deliver}. */
export interface DeliverDeps {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** How long a call to ComplyCube may take, in milliseconds. */
  readonly callTimeoutMs: number;
}

/** How a delivery ended: with a result, or with an error that makes its message be retried. */
export type DeliveryEnd<T> = { readonly result: T } | { readonly error: unknown };

/** A delivery that has ended. Times are in milliseconds since 1970. */
export interface EndedDelivery<T> {
  readonly end: DeliveryEnd<T>;
  readonly summary: PhotoSummary;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/** Does the work of one photo, with its gate and its deadline. Never rejects. */
export async function deliver<T>(
  work: (delivery: Delivery) => Promise<T>,
  { accountGate, photoMs: readPhotoMs, onCall }: DeliveryContext,
  { clock, callTimeoutMs }: DeliverDeps,
): Promise<EndedDelivery<T>> {
  const photoMs = readPhotoMs();
  const startedAtMs = clock.now();
  const summary: PhotoSummary = {};
  const gate: CallGate = {
    check: () => {
      accountGate.check();
      const leftMs = startedAtMs + photoMs - photoReserveMs - clock.now();
      if (leftMs < callTimeoutMs) throw new RetryLaterError('no-time-left', 'The photo has no time left for a call');
    },
    pass: () => {
      onCall();
      gate.check();
    },
  };
  const deadline = {
    ms: photoMs,
    reserveMs: photoReserveMs,
    error: new RetryLaterError('deadline-exceeded', `The photo was not done within ${photoMs} ms`),
  };
  const end: DeliveryEnd<T> = await withDeadline(deadline, clock, (signal) => work({ gate, signal, summary })).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  return { end, summary, startedAtMs, endedAtMs: clock.now() };
}
