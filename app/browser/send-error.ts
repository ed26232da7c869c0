import type { FormAnswer } from './post-form';
import { type SendFault, textFor, type Texts } from './texts';

/** The photo was not sent, or it is unknown whether it arrived: see `reason`. The message is for developers. */
export class SendPhotoError extends Error {
  override readonly name = 'SendPhotoError';

  /** For the person: what is wrong and what to do. */
  readonly text: string;

  constructor(
    readonly reason: SendFault,
    message: string,
    texts: Texts | undefined,
    /** S3's answer, if there is one. */
    readonly answer?: FormAnswer,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.text = textFor(reason, texts);
  }
}

/** What S3's error codes mean (S3 API reference, "Error responses"), and the status 413 of a proxy, which has no code. */
const faultOfCode: Readonly<Record<string, SendFault | undefined>> = {
  ExpiredToken: 'grant-expired',
  EntityTooLarge: 'too-large',
  EntityTooSmall: 'too-small',
  BadDigest: 'wrong-checksum',
  PreconditionFailed: 'already-exists',
  413: 'too-large',
};

/** Explains an answer of S3 that is no success. */
export function errorOf(answer: FormAnswer, isBusy: boolean, texts: Texts | undefined): SendPhotoError {
  const { status, code = '', message = '' } = answer;
  // S3 answers AccessDenied for every violation of the grant's policy. Only the message names the expiry.
  const isExpired = code === 'AccessDenied' && message.includes('expired');
  const reason = isBusy ? 'busy' : isExpired ? 'grant-expired' : (faultOfCode[code || status] ?? 'refused');
  return new SendPhotoError(reason, `S3 answered ${status} ${code} ${message}`, texts, answer);
}
