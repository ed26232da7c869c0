import { cleanMessage } from './complycube/clean-message';
import type { Answer, LivePhoto, Refused, Unknown } from './complycube/answer';
import { type Rejected, reject, type Uploaded } from '../contract/outcome';
import { AccountFaultError, CountedRefusalError, RetryLaterError, UploadUnknownError } from './retry-later-error';

/** What an upload's answer means for the photo: an outcome, or an error for the message to be retried. */
export type Verdict = Uploaded | Rejected | RetryLaterError;

/**
 * Decides what an upload's answer means: the one place that tells *reject* from *retry*.
 *
 * A ladder from the certain to the unknown. Its last step, and so everything unforeseen, is *retry*. Statuses and bodies:
 * ComplyCube's "Errors" and "Upload a live photo".
 */
export function judgeUpload(answer: Answer<LivePhoto>, clientId: string): Verdict {
  if (answer.kind === 'accepted') return { status: 'uploaded', livePhotoId: answer.value.id };
  if (answer.kind === 'unknown') return judgeFailure(answer, clientId);

  const { status, param } = answer;
  const said = describeRefusal(answer, clientId);
  // The app may create the client a moment later, and a key of the wrong environment gets the same answer.
  if (saysClientIsUnknown(answer)) return new CountedRefusalError('client-unknown', said);
  if (status === 400 && (param === 'data' || param === 'clientId')) return reject('refused-by-complycube', said);
  if (status === 413 || status === 422) return reject('refused-by-complycube', said);
  return judgeFailure(answer, clientId);
}

/** 408 and 425 are about one attempt only, as a server's failure is. */
const statusesLikeFailures: readonly number[] = [408, 425];

/** The error for a call that was not accepted, whatever its purpose: the lower part of the ladder. */
export function judgeFailure(answer: Refused | Unknown, clientId: string): RetryLaterError {
  if (answer.kind === 'unknown') {
    const { cause } = answer;
    if (!answer.isSurelyUnsent) return new UploadUnknownError('ComplyCube’s answer is unknown', { cause });
    // The call was given up here, at the photo's deadline for example: ComplyCube is not to blame.
    if (cause.cause instanceof RetryLaterError) return cause.cause;
    return new RetryLaterError('complycube-unreachable', 'ComplyCube could not be reached', { cause });
  }
  const said = describeRefusal(answer, clientId);
  const { status, retryAfterMs: hintMs } = answer;
  if (status === 429) return new RetryLaterError('rate-limited', said, { hintMs });
  // Only these are about the account, whatever the photo.
  if (status === 401 || status === 402 || status === 403) return new AccountFaultError(said);
  if (status >= 400 && status < 500 && !statusesLikeFailures.includes(status)) {
    return new CountedRefusalError('refused', said);
  }
  return new UploadUnknownError(said, { hintMs });
}

/** ComplyCube does not document what it answers for an unknown client: 404, or 400 with `clientId`, in these words. */
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
