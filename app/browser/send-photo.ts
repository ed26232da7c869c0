import { checkOptions } from './check-options';
import { type FormAnswer, postForm } from './post-form';
import { errorOf, SendPhotoError } from './send-error';
import type { Texts } from './texts';
import { untilAborted } from './until-aborted';

/** The part of an upload grant that the browser needs. */
export interface SendGrant {
  /** The URL that the form is posted to. */
  readonly url: string;
  /** All fields of the form. The photo follows them. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Options of {@link sendPhoto}. */
export interface SendOptions {
  /**
   * Asks your back end whether the photo object of this grant exists. Called when the answer of S3 was lost, before the photo is sent
   * again. Without it, a photo whose answer was lost is not sent again.
   * @param signal is aborted when nobody waits for the answer any more.
   */
  readonly hasArrived?: (signal: AbortSignal) => Promise<boolean>;
  /** Called with the share of the photo that is sent, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Ends the upload. The promise is then rejected with the signal's reason. S3 may have the photo nevertheless. */
  readonly signal?: AbortSignal;
  /** The connection counts as broken after this time without progress. More than 0. Default: 60,000. */
  readonly timeoutMs?: number;
  /** Replace the texts for people. */
  readonly texts?: Texts;
}

const maxSends = 3;
/** Longer timers fire at once, for example one of Infinity. */
const maxTimerMs = 2 ** 31 - 1;
/** Before the second attempt; twice as long before the third. After a lost answer, S3 may still be storing the photo. */
const firstWaitMs = 2_000;

/**
 * Posts a photo to S3 with an upload grant. When the promise is fulfilled, S3 has the photo.
 *
 * Sends again, up to three times in all, if S3 is busy and did not store the photo. After a lost answer it sends again only if
 * `hasArrived` says that the photo did not arrive: otherwise the photo could become a second version, and a second live photo.
 * @throws SendPhotoError; the reason of `signal`; TypeError or RangeError for wrong options.
 */
export async function sendPhoto(grant: SendGrant, photo: Blob, options: SendOptions = {}): Promise<void> {
  checkOptions(options, {
    hasArrived: 'function',
    onProgress: 'function',
    signal: 'object',
    timeoutMs: 'number',
    texts: 'object',
  });
  const { timeoutMs = 60_000 } = options;
  if (!(timeoutMs > 0)) throw new RangeError('The option timeoutMs must be more than 0');
  return untilAborted(options.signal, (end) => send(grant, photo, options, Math.min(timeoutMs, maxTimerMs), end));
}

/** @param end stops the work. */
async function send(
  grant: SendGrant,
  photo: Blob,
  options: SendOptions,
  timeoutMs: number,
  end: AbortSignal,
): Promise<void> {
  const { texts } = options;
  /** Whether CORS allows this page to upload. Proven by an answer, or by progress. */
  let isAllowed = false;
  const onProgress = (share: number): void => {
    isAllowed = true;
    options.onProgress?.(share);
  };
  // Throws a TypeError if the grant has no URL. A form without it would go to the page's own server.
  new URL(grant.url);
  for (let sends = 1; ; sends++) {
    const answer = await postForm(grant.url, formOf(grant, photo), onProgress, timeoutMs, end);
    isAllowed ||= answer !== undefined;
    const result = resultOf(answer);
    if (result === 'stored') return;
    if (answer !== undefined && (result === 'refused' || (result === 'busy' && sends === maxSends))) {
      throw errorOf(answer, result === 'busy', texts);
    }
    await wait(firstWaitMs * 2 ** (sends - 1));
    end.throwIfAborted();
    if (result === 'lost') {
      const arrived = await ask(options, timeoutMs, end).catch(
        (cause: unknown) => new SendPhotoError('maybe-sent', 'S3 gave no answer', texts, answer, cause),
      );
      if (arrived === true) return;
      // Asked only now: a short break of the network can look like CORS, and S3 can have the photo.
      if (!isAllowed && (await Promise.race([isBlockedByCors(grant.url, end), wait(timeoutMs)])) === true) {
        throw new SendPhotoError('blocked-by-cors', `uploadOrigins must contain ${location.origin}`, texts);
      }
      if (arrived !== false) throw arrived;
    }
    if (sends === maxSends) throw new SendPhotoError('not-sent', 'S3 gave no answer', texts, answer);
  }
}

function formOf({ fields }: SendGrant, photo: Blob): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // S3 ignores every field after the file (S3 user guide, "POST Object"). With a name, only a Blob is accepted.
  form.append('file', photo, 'photo');
  return form;
}

/** `busy`: S3 did not store the photo, and it can be sent again. `lost`: it is unknown whether S3 stored the photo. */
function resultOf(answer: FormAnswer | undefined): 'stored' | 'refused' | 'busy' | 'lost' {
  if (answer === undefined) return 'lost';
  const { status, code } = answer;
  // S3's answer to a form of an upload grant. A page with 200 comes from a proxy.
  if (status === 204) return 'stored';
  // S3 answers RequestTimeout, with 400, when the connection is too slow.
  if (status > 299 && status < 500 && code !== 'RequestTimeout') return 'refused';
  // Without S3's code, a proxy gave the answer. S3's InternalError does not say whether the photo is stored.
  return code === undefined || status === 500 ? 'lost' : 'busy';
}

/**
 * Whether S3 is reachable but its CORS rules forbid this page to upload. Sends an empty form, which S3 refuses. A browser does not
 * tell pages why a request failed.
 */
async function isBlockedByCors(url: string, signal: AbortSignal): Promise<boolean> {
  const canFetch = (init: RequestInit): Promise<boolean> =>
    fetch(url, { ...init, signal }).then(
      () => true,
      () => false,
    );
  return (await canFetch({ mode: 'no-cors' })) && !(await canFetch({ method: 'POST' }));
}

/**
 * Asks the back end whether the photo arrived.
 * @throws Error unless the answer is true or false. After anything else, the photo is not sent again.
 */
async function ask({ hasArrived }: SendOptions, timeoutMs: number, end: AbortSignal): Promise<boolean> {
  const answer: unknown = await Promise.race([hasArrived?.(end), wait(timeoutMs)]);
  if (typeof answer !== 'boolean') throw new Error(`hasArrived gave ${typeof answer}`);
  return answer;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
