import type { RejectionReason } from '../../contract/outcome';

/** Why a photo can't be used: rejection reasons of the function, and faults that only the browser sees. */
export type PhotoFault =
  | Extract<RejectionReason, 'too-small' | 'too-large' | 'not-jpeg-or-png' | 'image-damaged'>
  /** The file is a HEIC, and this browser can't open it. */
  | 'heic-not-supported'
  /** The picture has more pixels than a browser can safely open. */
  | 'too-many-pixels'
  /** The file was moved or changed after it was chosen, or is not downloaded to this device. */
  | 'file-unreadable';

/** Texts for people that replace the English ones, for example in another language. */
export type PhotoTexts = Readonly<Partial<Record<PhotoFault, string>>>;

/** A photo that can't be used. */
export interface RefusedPhoto {
  readonly status: 'refused';
  readonly reason: PhotoFault;
  /** For the person: what is wrong and what to do. */
  readonly text: string;
  /** For developers, in English: the function's own description of the fault. */
  readonly detail: string;
}

const texts: Readonly<Record<PhotoFault, string>> = {
  'too-small': 'The photo is too small. Send the original, not a preview or a copy from a messenger.',
  'too-large': 'The photo is too large. Choose one of at most 4 MB.',
  'not-jpeg-or-png': 'This file is not a photo that can be used. Choose a JPEG or PNG.',
  'image-damaged': 'The photo is damaged. Choose it again, or take another one.',
  'heic-not-supported': 'This browser can’t open HEIC photos. Choose a JPEG, or take a photo with the camera.',
  'too-many-pixels': 'The photo has too many pixels. Choose one of lower resolution.',
  'file-unreadable': 'The file can’t be read. Choose it again.',
};

/** Creates the result for a photo that can't be used. */
export function refuse(
  { reason, detail }: { readonly reason: PhotoFault; readonly detail: string },
  own: PhotoTexts = {},
): RefusedPhoto {
  return { status: 'refused', reason, text: own[reason] ?? texts[reason], detail };
}
