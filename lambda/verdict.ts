import { cleanMessage } from './complycube/clean-message';
import type { Answer, LivePhoto, Refused, Unknown } from './complycube/answer';
import { type Rejected, reject, type Uploaded } from '../contract/outcome';
import { AccountFaultError, CountedRefusalError, RetryLaterError, UploadUnknownError } from './retry-later-error';

/** The meaning of an upload's answer: an outcome, or an error that makes the message be retried. */
export type Verdict = Uploaded | Rejected | RetryLaterError;

/**
 * Decides between *reject* and *retry* for an upload's answer. Faults of the photo that need no call are found earlier, in
 * `contract/photo-rules.ts` and `contract/image/`. `photo/count-refusal.ts` counts refusals that are repeated.
 *
 * The first matching rule applies. The last rule is *retry*, so an unknown answer never rejects a photo. Statuses and bodies are
 * documented in ComplyCube's "Errors" and "Upload a live photo".
 */
export function judgeUpload(answer: Answer<LivePhoto>, clientId: string): Verdict {
  if (answer.kind === 'accepted') return { status: 'uploaded', livePhotoId: answer.value.id };
  if (answer.kind === 'unknown') return judgeFailure(answer, clientId);

  const { status, param } = answer;
  const said = describeRefusal(answer, clientId);
  // May be temporary: the app may create the client later, or the key may belong to ComplyCube's other mode (sandbox, live).
  if (saysClientIsUnknown(answer)) return new CountedRefusalError('client-unknown', said);
  if (status === 400 && (param === 'data' || param === 'clientId')) return reject('refused-by-complycube', said);
  if (status === 413 || status === 422) return reject('refused-by-complycube', said);
  return judgeFailure(answer, clientId);
}

/** 408 and 425 are about one attempt, not about the photo. They count as server failures. */
const statusesLikeFailures: readonly number[] = [408, 425];

/** The error for any call that was not accepted. For uploads, these are the last rules of {@link judgeUpload}. */
export function judgeFailure(answer: Refused | Unknown, clientId: string): RetryLaterError {
  if (answer.kind === 'unknown') {
    const { cause } = answer;
    if (!answer.isSurelyUnsent) return new UploadUnknownError('ComplyCube’s answer is unknown', { cause });
    // The function aborted the call, for example at the photo's deadline. ComplyCube is not at fault.
    if (cause.cause instanceof RetryLaterError) return cause.cause;
    return new RetryLaterError('complycube-unreachable', 'ComplyCube could not be reached', { cause });
  }
  const said = describeRefusal(answer, clientId);
  const { status, retryAfterMs: hintMs } = answer;
  if (status === 429) return new RetryLaterError('rate-limited', said, { hintMs });
  // Only these three statuses are about the account.
  if (status === 401 || status === 402 || status === 403) return new AccountFaultError(said);
  if (status >= 400 && status < 500 && !statusesLikeFailures.includes(status)) {
    return new CountedRefusalError('refused', said);
  }
  return new UploadUnknownError(said, { hintMs });
}

/** ComplyCube does not document its answer for an unknown client. Observed: 404, or 400 with `clientId`, in these words. */
export function saysClientIsUnknown({ status, param, message = '' }: Refused): boolean {
  if (status === 404 && param === 'clientId') return true;
  const isAboutClient = param === 'clientId' || (status === 404 && /\bclient\b/i.test(message));
  const saysUnknown = /\b(invalid client id|unknown|no such)\b|(\bnot|n[’']t) (be )?(found|exist)\b/i.test(message);
  return isAboutClient && (status === 404 || status === 400) && saysUnknown;
}

function describeRefusal({ status, param, message }: Refused, clientId: string): string {
  const said = message === undefined ? '' : `: ${cleanMessage(message, clientId)}`;
  return `ComplyCube answered ${status}${param === undefined ? '' : ` for ${cleanMessage(param, clientId)}`}${said}`;
}
