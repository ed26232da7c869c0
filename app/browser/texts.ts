import type { RejectionReason } from '../../contract/outcome';

/** The English texts for people: what is wrong, and what to do. */
const englishTexts = {
  'too-small': 'The photo is too small. Choose the original, not a copy.',
  'too-large': 'The photo is too large. Choose a smaller one.',
  'not-jpeg-or-png': 'This file can’t be used. Choose a JPEG or PNG.',
  'image-damaged': 'The photo is damaged. Choose another one.',
  'heic-not-supported': 'This browser can’t open HEIC photos. Choose a JPEG or PNG.',
  'not-decodable': 'This browser can’t open the photo. Choose another one.',
  'too-many-pixels': 'The photo is too large. Choose a smaller one.',
  'file-unreadable': 'The file can’t be read. Choose it again.',
  'grant-expired': 'The photo was not sent in time. Please try again.',
  'wrong-checksum': 'The photo was damaged during the upload. Please try again.',
  'already-exists': 'A photo was already sent.',
  'blocked-by-cors': 'This page can’t send photos.',
  busy: 'The photo was not sent. Please try again in a minute.',
  'not-sent': 'The photo was not sent. Check your connection, then try again.',
  'maybe-sent': 'The connection broke. The photo was perhaps sent.',
  refused: 'The photo was not sent.',
};

type Reason = keyof typeof englishTexts;

/** Why a photo can't be used: rejection reasons of the function, and faults that only the browser sees. */
export type PhotoFault =
  | Extract<RejectionReason, 'too-small' | 'too-large' | 'not-jpeg-or-png' | 'image-damaged'>
  /** The file is a HEIC, and this browser can't open it. */
  | 'heic-not-supported'
  /** The photo is a whole JPEG or PNG of a rare kind, and this browser can't open it. */
  | 'not-decodable'
  /** The picture has more pixels than a browser can safely open. */
  | 'too-many-pixels'
  /** The file was moved or changed after it was chosen, or is not downloaded to this device. */
  | 'file-unreadable';

/** Why a photo was not sent. `maybe-sent`: it is unknown whether S3 has it. */
export type SendFault = Exclude<Reason, Exclude<PhotoFault, 'too-small' | 'too-large'>>;

/** Texts for people that replace the English ones, for example in another language. */
export type Texts = Readonly<Partial<Record<Reason, string>>>;

/** The text for a person. */
export function textFor(reason: Reason, own: Texts | undefined): string {
  return own?.[reason] ?? englishTexts[reason];
}
