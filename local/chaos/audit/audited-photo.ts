import type { RejectionReason } from '../../../contract/outcome';

/** A photo object's version as it was put, and as it is at the end. */
export interface AuditedPhoto {
  readonly key: string;
  readonly versionId: string;
  readonly clientId: string;
  /** Of its bytes, in hex. */
  readonly sha256: string;
  /** `uploaded`, or the reason of the rejection. */
  readonly expected: 'uploaded' | RejectionReason;
  /** The tags that the app and others wrote. */
  readonly othersTags: Readonly<Record<string, string>>;
  /** Its tags now. Undefined: the version is deleted. */
  readonly tags: ReadonlyMap<string, string> | undefined;
  /** What the function published about it. */
  readonly published: readonly PublishedOutcome[];
  readonly isDeadLettered: boolean;
}

/** An outcome that the function published. */
export interface PublishedOutcome {
  /** Whether the event says that the outcome is on the object. */
  readonly isTagged: boolean;
  readonly livePhotoId?: string | undefined;
  readonly reason?: string | undefined;
}

/** A live photo as ComplyCube has it. */
export interface AuditedLivePhoto {
  readonly id: string;
  readonly clientId: string;
  readonly sha256: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Photos of the same client and content can't be told apart at ComplyCube. */
export function contentOf({ clientId, sha256 }: { readonly clientId: string; readonly sha256: string }): string {
  return `${clientId} ${sha256}`;
}
