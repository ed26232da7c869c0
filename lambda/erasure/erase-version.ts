import type { ErasureOutcome } from '../../contract/erasure-record';
import type { Delivery } from '../delivery';
import { beginErasure, type BeginDeps, readVersion } from './begin-erasure';
import type { SentErasure } from './erasure-claim';
import { findResult, type ResultDeps } from './find-result';
import { finishErasure, type FinishDeps } from './finish-erasure';

/** The dependencies of {@link eraseVersion}. */
export type ErasureDeps = BeginDeps & ResultDeps & FinishDeps;

/**
 * Erases one version of a photo object: deletes its live photo, and makes sure that it is never uploaded again.
 *
 * 1. Read the version's tags, headers and claim. Retry later while an upload holds the claim.
 * 2. Make the claim the version's tombstone. From here on, no event uploads the version.
 * 3. Read the live photo that the claim or the version's own tags name, and delete it. If an upload's result is unknown, search for its
 *    live photo, and once more after ten minutes.
 * 4. Note the result in the claim. A redelivery does not repeat the steps before.
 * 5. Store the evidence. If ComplyCube refused, the erasure ends here.
 * 6. Create the lasting tombstone, tag the version, and publish the event.
 *
 * @throws DeadLetterError when the erasure can't be done; any other error makes the message be retried.
 */
export async function eraseVersion(
  request: SentErasure,
  delivery: Delivery,
  deps: ErasureDeps,
): Promise<ErasureOutcome | 'already-erased'> {
  delivery.gate.check();
  const version = await readVersion(request, delivery, deps);
  const claim = await beginErasure(request, version, delivery, deps);
  if (claim === undefined || claim.progress.isDone === true) return 'already-erased';
  const result = await findResult(request, version, { claim, delivery }, deps);
  await finishErasure(request, version, { claim, delivery, result }, deps);
  return result.outcome;
}
