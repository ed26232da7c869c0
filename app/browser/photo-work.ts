import { checkContent } from './check-content';
import { encodePicture } from './encode-picture';

/** The slow work with photos. The page and its worker have this code: see build/browser-module.ts. */
export interface PhotoWork {
  readonly checkContent: typeof checkContent;
  readonly encodePicture: typeof encodePicture;
}

declare global {
  /** A variable of the module, not of the window. */
  var photoWork: PhotoWork;
}

photoWork = { checkContent, encodePicture };
