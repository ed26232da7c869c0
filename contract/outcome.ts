/**
 * Why a photo object is rejected: the photo is at fault, so it is tagged, its message is acknowledged and it is never
 * tried again. The values stand in tags, logs, metrics and events: a public contract.
 */
export const rejectionReasons = [
  'client-id-missing',
  'client-id-malformed',
  'liveness-flag-malformed',
  'too-small',
  'too-large',
  'not-jpeg-or-png',
  'image-damaged',
  'client-unknown',
  'refused-by-complycube',
  'tag-limit-reached',
] as const;

/** One of {@link rejectionReasons}. */
export type RejectionReason = (typeof rejectionReasons)[number];

/** Type guard for {@link RejectionReason}. */
export function isRejectionReason(text: string): text is RejectionReason {
  return (rejectionReasons as readonly string[]).includes(text);
}

/** The photo is at ComplyCube under this live photo ID. */
export interface Uploaded {
  readonly status: 'uploaded';
  readonly livePhotoId: string;
}

/** The photo can't become a live photo, and trying again would not change that. */
export interface Rejected {
  readonly status: 'rejected';
  readonly reason: RejectionReason;
  /** What is wrong, in words for a person; holds no client ID and no bytes of the photo. */
  readonly detail: string;
}

/** How a photo object ends: what its tags will say. */
export type Outcome = Uploaded | Rejected;

/** Nothing was to be done for this event: the message is acknowledged and the object is left as it is. */
export interface Skipped {
  readonly status: 'skipped';
  /**
   * `gone`: deleted meanwhile; `overwritten`: a newer object has its own event; `duplicate`: its tags show an outcome;
   * `folder-marker`: an empty object that the S3 console makes for a folder.
   */
  readonly because: 'gone' | 'overwritten' | 'duplicate' | 'folder-marker';
}

/** Makes a rejection. */
export function reject(reason: RejectionReason, detail: string): Rejected {
  return { status: 'rejected', reason, detail };
}

/** Tells a rejection from the value that a step would otherwise give. */
export function isRejected(value: object): value is Rejected {
  return 'status' in value && value.status === 'rejected';
}
