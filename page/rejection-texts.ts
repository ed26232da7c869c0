import type { RejectionReason } from '../contract/outcome';

/** A rejection in plain words. */
export interface RejectionText {
  /** What is wrong, as a short title. */
  readonly what: string;
  /** What a person can do about it. */
  readonly toDo: string;
}

/** What to tell a person of each rejection reason. */
export const rejectionTexts: Readonly<Record<RejectionReason, RejectionText>> = {
  'client-id-missing': {
    what: 'The photo does not say whose it is',
    toDo: 'Pick a client and send the photo again.',
  },
  'client-id-malformed': {
    what: 'This is not a client ID',
    toDo: 'A client ID has 1 to 64 letters, digits, hyphens and underscores. Copy it again from where it comes from.',
  },
  'liveness-flag-malformed': {
    what: 'The photo does not say clearly whether to check liveness',
    toDo: 'The app that sent it wrote something other than true or false: it needs mending.',
  },
  'too-small': {
    what: 'The photo is too small',
    toDo: 'Send the original: not a preview, a screenshot or a copy that a messenger made smaller.',
  },
  'too-large': {
    what: 'The photo is too large',
    toDo: 'Export it smaller or with stronger compression, up to 4 MB, or take it with the camera here.',
  },
  'not-jpeg-or-png': {
    what: 'This is not a JPEG or PNG photo',
    toDo: 'Export it as JPEG. On an iPhone: Settings, Camera, Formats, Most Compatible. Renaming the file does not help.',
  },
  'image-damaged': {
    what: 'The photo is damaged',
    toDo: 'Part of the file is missing or changed. Copy it again from where you took it, or take a new photo.',
  },
  'client-unknown': {
    what: 'ComplyCube does not know this client',
    toDo: 'Create the client at ComplyCube first, or pick another. A key for testing does not know the clients of a live account.',
  },
  'refused-by-complycube': {
    what: 'ComplyCube refused the photo',
    toDo: 'Take another: one face, looking at the camera, in good light, with nothing in front of it.',
  },
  'tag-limit-reached': {
    what: 'The photo carries too many tags',
    toDo: 'S3 keeps ten tags on an object and the outcome needs two. Remove some, then upload the photo anew.',
  },
};
