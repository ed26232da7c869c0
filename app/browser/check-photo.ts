import { validateSize } from '../../contract/photo-rules';
import { checkOptions } from './check-options';
import { refuse, type RefusedPhoto } from './refused-photo';
import type { Texts } from './texts';

/** Options of {@link checkPhoto}. */
export interface CheckOptions {
  /** Replace the texts for people. */
  readonly texts?: Texts;
}

/** A photo that the function accepts. */
export interface FinePhoto {
  readonly status: 'fine';
  /** Detected from the content. The file's name and type are ignored. */
  readonly contentType: 'image/jpeg' | 'image/png';
}

/** The result of {@link checkPhoto}. */
export type PhotoCheck = FinePhoto | RefusedPhoto;

/**
 * Checks a photo before the upload with the function's own rules: 34 KB to 4 MB, and a whole JPEG or PNG. ComplyCube can still refuse
 * it, for example because it shows no face.
 * @throws TypeError for a wrong option.
 */
export async function checkPhoto(photo: Blob, options: CheckOptions = {}): Promise<PhotoCheck> {
  checkOptions(options, { texts: 'object' });
  const content = validateSize(photo.size) ?? (await photoWork.checkContent(photo));
  return 'reason' in content ? refuse(content, options.texts) : { status: 'fine', ...content };
}
