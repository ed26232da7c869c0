/**
 * Why a photo object is rejected. A rejected object is tagged, its message is acknowledged and it is not retried. Tags, logs, metrics
 * and events contain these values: a public contract.
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

/** ComplyCube has the photo, with this live photo ID. */
export interface Uploaded {
  readonly status: 'uploaded';
  readonly livePhotoId: string;
}

/** The photo can't become a live photo. Retrying would not help. */
export interface Rejected<Reason extends RejectionReason = RejectionReason> {
  readonly status: 'rejected';
  readonly reason: Reason;
  /** Describes the fault for a person. Contains no client ID and no bytes of the photo. */
  readonly detail: string;
}

/** The final result of an upload, as tagged. */
export type UploadOutcome = Uploaded | Rejected;

/** The photo was erased: ComplyCube has no live photo of it, and it is never uploaded again. */
export interface Erased {
  readonly status: 'erased';
}

/** The final result for a photo object, as tagged. */
export type Outcome = UploadOutcome | Erased;

/** There was nothing to do for this event. The message is acknowledged and the object is unchanged. */
export interface Skipped {
  readonly status: 'skipped';
  /**
   * `gone`: deleted since the event. `overwritten`: a newer object has a separate event. `duplicate`: the tags have an outcome.
   * `folder-marker`: an empty object that the S3 console creates for a folder. `marked`: its metadata says so. `erased`: its erasure was
   * requested.
   */
  readonly because: 'gone' | 'overwritten' | 'duplicate' | 'folder-marker' | 'marked' | 'erased';
}

/** Creates a rejection. */
export function reject<Reason extends RejectionReason>(reason: Reason, detail: string): Rejected<Reason> {
  return { status: 'rejected', reason, detail };
}

/** Type guard for {@link Rejected}. */
export function isRejected(value: object): value is Rejected {
  return 'status' in value && value.status === 'rejected';
}
