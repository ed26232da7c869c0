import type { Answer, LivePhoto, Refused, Unknown } from './complycube';
import { type Rejected, reject, type Uploaded } from './outcome';
import { AccountFaultError, RetryLaterError, UploadUnknownError } from './retry-later-error';

/** So many receives of a message may find its client unknown before the photo is rejected for it. */
export const unknownClientReceives = 5;

/** What an upload's answer means for the photo: an outcome, or an error for the message to be tried again. */
export type Verdict = Uploaded | Rejected | RetryLaterError;

/**
 * Decides what an upload's answer means: the one place where *reject* and *retry* are told apart.
 *
 * A ladder from the surest to the unknown; its last step, and so everything unforeseen, is *retry*. Statuses and bodies:
 * ComplyCube's "Errors" and "Upload a live photo".
 * @param receives how often the message has been received, this time included.
 */
export function judgeUpload(
  answer: Answer<LivePhoto>,
  { clientId, receives }: { readonly clientId: string; readonly receives: number },
): Verdict {
  if (answer.kind === 'accepted') return { status: 'uploaded', livePhotoId: answer.value.id };
  if (answer.kind === 'unknown') return judgeFailure(answer, clientId);

  const said = describeRefusal(answer, clientId);
  // The client may be created moments later, and a key of the wrong environment looks just the same.
  if (namesUnknownClient(answer)) {
    return receives > unknownClientReceives ? reject('client-unknown', said) : new RetryLaterError(said);
  }
  if (answer.status === 400 && (answer.param === 'data' || answer.param === 'clientId')) {
    return reject('refused-by-complycube', said);
  }
  if (answer.status === 413 || answer.status === 422) return reject('refused-by-complycube', said);
  return judgeFailure(answer, clientId);
}

/** The error for a call that was not accepted, whatever it was for: the lower part of the ladder. */
export function judgeFailure(answer: Refused | Unknown, clientId: string): RetryLaterError {
  if (answer.kind === 'unknown') {
    const { cause } = answer;
    return answer.isSurelyUnsent
      ? new RetryLaterError('ComplyCube could not be reached', { cause })
      : new UploadUnknownError('ComplyCube’s answer is unknown', { cause });
  }
  const said = describeRefusal(answer, clientId);
  const { status, retryAfterMs: waitMs } = answer;
  if (status === 429) return new RetryLaterError(said, { waitMs });
  // 408 and 425 speak of this one attempt; every other 4xx, of the key, the account or how we ask.
  if (status >= 400 && status < 500 && status !== 408 && status !== 425) return new AccountFaultError(said);
  return new UploadUnknownError(said, { waitMs });
}

/** What an unknown client is answered is not documented: both 404 and 400 with `clientId` are known of. */
export function namesUnknownClient({ status, param, message = '' }: Refused): boolean {
  if (status === 404) return param === 'clientId' || /\bclient\b/i.test(message);
  return status === 400 && param === 'clientId' && /\b(invalid client id|unknown|not found|not exist)\b/i.test(message);
}

function describeRefusal({ status, param, message }: Refused, clientId: string): string {
  const said = message === undefined ? '' : `: ${cleanMessage(message, clientId)}`;
  return `ComplyCube answered ${status}${param === undefined ? '' : ` for ${cleanMessage(param, clientId)}`}${said}`;
}

const maxMessageLength = 200;

/** API keys, and what is as long as no word is: base64 of a photo, should ComplyCube quote what it was sent. */
const secrets = /\b(?:live|test)_\S+|[\w+/=-]{24,}/g;

/** Makes a foreign text fit for logs and events: one line, not long, without the client ID, the key or bytes of the photo. */
export function cleanMessage(message: string, clientId: string): string {
  const line = message
    .replaceAll(clientId, '…')
    .replace(secrets, '…')
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim();
  return line.length > maxMessageLength ? `${line.slice(0, maxMessageLength - 1)}…` : line;
}
