import type { AcceptedUploads } from '../aws/accepted-uploads';
import type { Clock } from '../clock';
import type { Delivery } from '../delivery';
import type { HeldClaim } from './held-claim';
import { reject, type Rejected } from '../../contract/outcome';
import { isEnough, isNewRefusal } from '../../contract/refusal-counts';
import type { CountedRefusalError } from '../retry-later-error';

/** The dependencies of {@link countRefusal}. */
export interface CountDeps {
  readonly acceptedUploads: Pick<AcceptedUploads, 'hasAcceptedSince'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly rejection: RejectionRules;
}

/** How long refusals that may be temporary are retried, in milliseconds. */
export interface RejectionRules {
  readonly unknownClientRejectedAfterMs: number;
  readonly refusalRejectedAfterMs: number;
  /** How far the clocks of two environments may differ. */
  readonly clockSkewMs: number;
}

/**
 * Counts a refusal in the photo's claim.
 * @returns the rejection, once there are enough refusals over enough time and the photo is certainly at fault.
 * @throws the refusal otherwise. The photo is retried.
 */
export async function countRefusal(
  refusal: CountedRefusalError,
  claim: Pick<HeldClaim, 'refusalCount' | 'countRefusal'>,
  { summary }: Pick<Delivery, 'summary'>,
  { acceptedUploads, clock, rejection }: CountDeps,
): Promise<Rejected> {
  const nowMs = clock.now();
  const before = claim.refusalCount(refusal.code);
  const count = claim.countRefusal(refusal.code);
  if (refusal.code === 'client-unknown') {
    if (!isEnough(count, rejection.unknownClientRejectedAfterMs, nowMs)) throw refusal;
    return reject('client-unknown', refusal.message);
  }
  summary.isNewlyRefused = isNewRefusal(before, nowMs);
  if (!isEnough(count, rejection.refusalRejectedAfterMs, nowMs)) throw refusal;
  // If ComplyCube accepts no photo at all, the photo is not at fault. The skew covers an environment whose clock is ahead.
  const sinceMs = Date.parse(count.firstAt) + rejection.clockSkewMs;
  if (!(await acceptedUploads.hasAcceptedSince(sinceMs))) throw refusal;
  return reject('refused-by-complycube', refusal.message);
}
