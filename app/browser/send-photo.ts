import { type FormAnswer, postForm, type PostOptions } from './post-form';
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
export interface SendOptions extends PostOptions {
  /**
   * Asks your back end whether the photo object of this grant exists. Called when the answer of S3 was lost, before the photo is sent
   * again. Without it, a photo whose answer was lost is not sent again.
   */
  readonly hasArrived?: () => Promise<boolean>;
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
 * @throws SendPhotoError; the reason of `signal`.
 */
export async function sendPhoto(grant: SendGrant, photo: Blob, options: SendOptions = {}): Promise<void> {
  return untilAborted(options.signal, (end) => send(grant, photo, options, end));
}

/** @param end stops the work. */
async function send(grant: SendGrant, photo: Blob, options: SendOptions, end: AbortSignal): Promise<void> {
  const { texts } = options;
  const timeoutMs = Math.min(options.timeoutMs ?? 60_000, maxTimerMs);
  // Throws a TypeError if the grant has no URL. A form without it would go to the page's own server.
  new URL(grant.url);
  for (let sends = 1; ; sends++) {
    const answer = await postForm(grant.url, formOf(grant, photo), options, timeoutMs, end);
    end.throwIfAborted();
    const result = resultOf(answer);
    if (result === 'stored') return;
    if (answer !== undefined && (result === 'refused' || (result === 'busy' && sends === maxSends))) {
      throw errorOf(answer, result === 'busy', texts);
    }
    if (answer === undefined && (await isBlockedByCors(grant.url, timeoutMs))) {
      throw new SendPhotoError('blocked-by-cors', `uploadOrigins must contain ${location.origin}`, texts);
    }
    await wait(firstWaitMs * 2 ** (sends - 1));
    end.throwIfAborted();
    if (result === 'lost' && (await ask(options, timeoutMs))) return;
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
async function isBlockedByCors(url: string, timeoutMs: number): Promise<boolean> {
  const end = new AbortController();
  void wait(timeoutMs).then(() => end.abort());
  const canFetch = (init: RequestInit): Promise<boolean> =>
    fetch(url, { ...init, signal: end.signal }).then(
      () => true,
      () => false,
    );
  return !(await canFetch({ method: 'POST' })) && (await canFetch({ mode: 'no-cors' }));
}

/** Asks the back end whether the photo arrived. Only true and false are answers: after anything else, the photo is not sent again. */
async function ask({ hasArrived, texts }: SendOptions, timeoutMs: number): Promise<boolean> {
  try {
    const answer: unknown = await Promise.race([hasArrived?.(), wait(timeoutMs)]);
    if (typeof answer !== 'boolean') throw new Error(`hasArrived gave ${typeof answer}`);
    return answer;
  } catch (cause) {
    throw new SendPhotoError('maybe-sent', 'S3 gave no answer', texts, undefined, cause);
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
