import { type PhotoFault, textFor, type Texts } from './texts';

/** A photo that can't be used. */
export interface RefusedPhoto {
  readonly status: 'refused';
  readonly reason: PhotoFault;
  /** For the person: what is wrong and what to do. */
  readonly text: string;
  /** For developers, in English: the function's own description of the fault. */
  readonly detail: string;
}

/** Creates the result for a photo that can't be used. */
export function refuse(
  { reason, detail }: Pick<RefusedPhoto, 'reason' | 'detail'>,
  texts: Texts | undefined,
): RefusedPhoto {
  return { status: 'refused', reason, text: textFor(reason, texts), detail };
}
