import { orAbort } from './or-abort';
import { type FormAnswer, postForm } from './post-form';
import { errorOfAnswer, SendPhotoError, type SendTexts } from './send-error';

/** The part of an upload grant that the browser needs. */
export interface SendGrant {
  /** The URL that the form is posted to. */
  readonly url: string;
  /** All fields of the form. The photo follows them. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Options of {@link sendPhoto}. */
export interface SendOptions {
  /** Called with the share of the photo that is sent, from 0 to 1. */
  readonly onProgress?: (share: number) => void;
  /** Ends the upload. The promise is then rejected with the signal's reason. S3 may have the photo nevertheless. */
  readonly signal?: AbortSignal;
  /**
   * Asks your back end whether the photo object of this grant exists. Called when the answer of S3 was lost, before the photo is sent
   * again. Without it, a photo whose answer was lost is not sent again.
   */
  readonly hasArrived?: () => Promise<boolean>;
  /** The connection counts as broken after this time without progress. Default: 60,000. */
  readonly timeoutMs?: number;
  /** Replace the texts for people. */
  readonly texts?: SendTexts;
}

const maxSends = 3;
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
  const { onProgress = () => {}, signal, timeoutMs = 60_000, texts } = options;
  signal?.throwIfAborted();
  for (let sends = 1; ; sends++) {
    const answer = await postForm(grant.url, formOf(grant, photo), { onProgress, signal, timeoutMs });
    const result = resultOf(answer);
    if (result === 'stored') return;
    if (answer !== undefined && (result === 'refused' || (result === 'busy' && sends === maxSends))) {
      throw errorOfAnswer(answer, texts);
    }
    if (result === 'lost' && (await orAbort(isBlockedByCors(grant.url), signal))) {
      throw new SendPhotoError(
        'blocked-by-cors',
        `CORS forbids the upload from ${location.origin}: see uploadOrigins`,
        texts,
      );
    }
    await orAbort(wait(firstWaitMs * 2 ** (sends - 1)), signal);
    if (result === 'lost' && (await orAbort(ask(options), signal))) return;
    if (sends === maxSends) throw new SendPhotoError('not-sent', `No answer of S3 after ${sends} attempts`, texts);
  }
}

function formOf({ fields }: SendGrant, photo: Blob): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  // S3 ignores every field after the file (S3 user guide, "POST Object").
  form.append('file', photo);
  return form;
}

/** S3's codes for uploads that it did not store and that can be sent again. All other such codes have a status of 500 or more. */
const busyCodes: readonly unknown[] = ['RequestTimeout', 'SlowDown', 'TooManyRequests'];

/** `busy`: S3 did not store the photo, and it can be sent again. `lost`: it is unknown whether S3 stored the photo. */
function resultOf(answer: FormAnswer | undefined): 'stored' | 'refused' | 'busy' | 'lost' {
  if (answer === undefined) return 'lost';
  const { status, code } = answer;
  if (status < 300) return 'stored';
  if (busyCodes.includes(code)) return 'busy';
  if (status < 500 && status !== 408) return 'refused';
  // Without S3's code, a proxy gave the answer.
  return code === undefined ? 'lost' : 'busy';
}

/**
 * Whether S3 is reachable but its CORS rules forbid this page to upload. Sends an empty form, which S3 refuses. A browser does not
 * tell pages why a request failed.
 */
async function isBlockedByCors(url: string): Promise<boolean> {
  const canFetch = (init: RequestInit): Promise<boolean> =>
    fetch(url, init).then(
      () => true,
      () => false,
    );
  return !(await canFetch({ method: 'POST' })) && (await canFetch({ mode: 'no-cors' }));
}

/** Asks the back end whether the photo arrived. */
async function ask({ hasArrived, texts }: SendOptions): Promise<boolean> {
  const fail = (message: string, options?: ErrorOptions): SendPhotoError =>
    new SendPhotoError('unknown-whether-arrived', message, texts, undefined, options);
  if (hasArrived === undefined) throw fail('The answer of S3 was lost, and there is no option hasArrived');
  try {
    return await hasArrived();
  } catch (cause) {
    throw fail('The answer of S3 was lost, and hasArrived failed', { cause });
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
