import type { Answer, Refused } from '../complycube/answer';
import { cleanMessage } from '../complycube/clean-message';
import type { ErasureResult } from '../../contract/erasure-record';
import { RetryLaterError } from '../retry-later-error';
import { judgeFailure } from '../verdict';

/**
 * Decides what ComplyCube's answer to a deletion means: a result, or an error that makes the message be retried.
 *
 * The first matching rule applies. The last rule is *retry*, so an unknown answer never ends an erasure.
 */
export function judgeDeletion(answer: Answer<undefined>, clientId: string): ErasureResult | RetryLaterError {
  if (answer.kind === 'accepted') {
    const { status } = answer;
    if (status === 204) return { outcome: 'deleted', status };
    return new RetryLaterError('outcome-unknown', `ComplyCube answered ${status} to a deletion`);
  }
  if (answer.kind === 'refused') {
    const { status, message = '' } = answer;
    if (saysLivePhotoIsUnknown(answer)) return { outcome: 'not-found', status };
    if (saysCheckHasUsedIt(answer)) return { outcome: 'refused', status, said: cleanMessage(message, clientId) };
  }
  return judgeFailure(answer, clientId);
}

/** ComplyCube answers `Invalid live photo id '…'`. The 404 of a gateway, or one about the address, proves nothing. */
export function saysLivePhotoIsUnknown({ status, type, message = '' }: Refused): boolean {
  return status === 404 && type === 'resource_not_found' && /\blive ?photo\b/i.test(message);
}

/** About the key, the account, the address or one attempt, whatever the words are. */
const statusesNeverAboutChecks: readonly number[] = [401, 402, 403, 404, 408, 425, 429];

/** ComplyCube does not document the status or the words of this refusal, only that there is one. */
function saysCheckHasUsedIt({ status, type, message = '' }: Refused): boolean {
  if (status < 400 || status >= 500 || statusesNeverAboutChecks.includes(status) || type === undefined) return false;
  return /\bchecks?\b|\bused\b|\bin use\b/i.test(message);
}
