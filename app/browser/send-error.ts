import type { FormAnswer } from './post-form';

const texts = {
  'grant-expired': 'The permission to send the photo has expired. Please try again.',
  'grant-refused': 'The photo could not be sent. Please try again.',
  'too-large': 'The photo is too large. Choose one of at most 4 MB.',
  'too-small': 'The photo is too small. Send the original, not a preview or a copy from a messenger.',
  'wrong-checksum': 'The photo was changed on its way. Please try again.',
  'already-exists': 'A photo was already sent.',
  'blocked-by-cors': 'This page may not send photos.',
  busy: 'The photo could not be sent now. Please try again in a minute.',
  'not-sent': 'The photo could not be sent. Check your connection, then try again.',
  'unknown-whether-arrived': 'The connection broke, and it is unknown whether the photo arrived.',
  refused: 'The photo could not be sent. Please try again later.',
} as const;

/** Why a photo was not sent. */
export type SendFault = keyof typeof texts;

/** Texts for people that replace the English ones, for example in another language. */
export type SendTexts = Readonly<Partial<Record<SendFault, string>>>;

/** The photo was not sent, or it is unknown whether it arrived: see `reason`. The message is for developers, `text` for the person. */
export class SendPhotoError extends Error {
  override readonly name = 'SendPhotoError';
  /** For the person: what is wrong and what to do. */
  readonly text: string;

  constructor(
    readonly reason: SendFault,
    message: string,
    own: SendTexts = {},
    /** S3's answer, if there is one. */
    readonly answer?: { readonly status: number; readonly code: string | undefined },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.text = own[reason] ?? texts[reason];
  }
}

/** The error codes of S3 (S3 API reference, "Error responses") that say what is wrong. */
const faultOfCode: Readonly<Record<string, SendFault | undefined>> = {
  ExpiredToken: 'grant-expired',
  EntityTooLarge: 'too-large',
  EntityTooSmall: 'too-small',
  BadDigest: 'wrong-checksum',
  InvalidDigest: 'wrong-checksum',
  XAmzContentChecksumMismatch: 'wrong-checksum',
  PreconditionFailed: 'already-exists',
  AccessDenied: 'grant-refused',
};

/** Explains an answer of S3 that is no success. */
export function errorOfAnswer(answer: FormAnswer, own: SendTexts | undefined): SendPhotoError {
  const { status, code, message = '' } = answer;
  // S3 answers AccessDenied for every violation of the grant's policy, and only the message names the expiry.
  const isExpired = code === 'AccessDenied' && message.includes('expired');
  const isBusy = status >= 500 || code === 'RequestTimeout';
  const fault = isExpired ? 'grant-expired' : (faultOfCode[code ?? ''] ?? (isBusy ? 'busy' : 'refused'));
  return new SendPhotoError(fault, `S3 answered ${status} ${code ?? ''}: ${message}`, own, { status, code });
}
