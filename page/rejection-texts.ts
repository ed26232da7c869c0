import type { RejectionReason } from '../contract/outcome';

/** Explains a rejection to a person. */
export interface RejectionText {
  /** What is wrong, as a short title. */
  readonly what: string;
  /** What the person can do. */
  readonly toDo: string;
}

/** The explanation of each rejection reason. */
export const rejectionTexts: Readonly<Record<RejectionReason, RejectionText>> = {
  'client-id-missing': {
    what: 'The photo has no client ID',
    toDo: 'Choose a client and send the photo again.',
  },
  'client-id-malformed': {
    what: 'This is not a client ID',
    toDo: 'A client ID has 1 to 64 letters, digits, hyphens and underscores. Copy it again from its source.',
  },
  'liveness-flag-malformed': {
    what: 'The flag for the liveness check is invalid',
    toDo: 'The app that sent the photo must set the flag to true or false. Fix the app.',
  },
  'too-small': {
    what: 'The photo is too small',
    toDo: 'Send the original, not a preview, a screenshot or a copy from a messenger.',
  },
  'too-large': {
    what: 'The photo is too large',
    toDo: 'Export it with fewer pixels or stronger compression, up to 4 MB, or take a photo with the camera here.',
  },
  'not-jpeg-or-png': {
    what: 'This is not a JPEG or PNG photo',
    toDo: 'Export it as JPEG. On an iPhone: Settings, Camera, Formats, Most Compatible. Renaming the file does not help.',
  },
  'image-damaged': {
    what: 'The photo is damaged',
    toDo: 'Part of the file is missing or changed. Copy the file again from its source, or take a new photo.',
  },
  'client-unknown': {
    what: 'ComplyCube does not know this client',
    toDo: 'Create the client at ComplyCube first, or choose another client. Test keys do not know the clients of a live account.',
  },
  'refused-by-complycube': {
    what: 'ComplyCube refused the photo',
    toDo: 'Take another photo: one face, looking at the camera, in good light, with nothing in front of the face.',
  },
  'tag-limit-reached': {
    what: 'The photo has too many tags',
    toDo: 'S3 allows ten tags on an object, and the outcome needs two. Remove some tags, then upload the photo again.',
  },
};
