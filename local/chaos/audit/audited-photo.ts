import type { RightEnd } from '../plan/special-cases';

/** A version of a photo object at its upload and at the end of the run. */
export interface AuditedPhoto {
  readonly key: string;
  readonly versionId: string;
  readonly clientId: string;
  /** SHA-256 of the bytes, in hex. */
  readonly sha256: string;
  /** `uploaded`, `erased` or a rejection reason. */
  readonly expected: RightEnd;
  /** The tags of the app and other programs. */
  readonly othersTags: Readonly<Record<string, string>>;
  /** The current tags; undefined: the version is deleted. */
  readonly tags: ReadonlyMap<string, string> | undefined;
  /** The events about it. */
  readonly published: readonly PublishedOutcome[];
  readonly isDeadLettered: boolean;
}

/** An event about an outcome. */
export interface PublishedOutcome {
  /** Whether the outcome was tagged, according to the event. */
  readonly isTagged: boolean;
  /** Whether it says that the photo was erased. */
  readonly isErased?: boolean;
  readonly livePhotoId?: string | undefined;
  readonly reason?: string | undefined;
}

/** A live photo at ComplyCube. */
export interface AuditedLivePhoto {
  readonly id: string;
  readonly clientId: string;
  readonly sha256: string;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** Photos with the same client and content are indistinguishable at ComplyCube. */
export function contentOf({ clientId, sha256 }: { readonly clientId: string; readonly sha256: string }): string {
  return `${clientId} ${sha256}`;
}
