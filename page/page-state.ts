import type { PhotoProgress } from './photo-progress';

/** The page's state: the first event, `state`, of `GET /events`. Each later event `photo` contains one {@link PhotoProgress}. */
export interface PageState {
  /** Display name of where the function sends photos. */
  readonly sendsTo: string;
  /** Whether photos go to ComplyCube's own API, where they can cost money. */
  readonly isReal: boolean;
  readonly clients: readonly PageClient[];
  /** Undefined: no faults can be simulated. */
  readonly faults: FaultSwitches | undefined;
  /** Factor by which waits before a redelivery are shortened. */
  readonly waitSpeed: number;
  /** Newest first. */
  readonly photos: readonly PhotoProgress[];
}

/** A client to choose from. */
export interface PageClient {
  readonly id: string;
  /** Display name. */
  readonly name: string;
}

/** Faults that the stand-in can simulate. */
export const faultNames = ['too-many-requests', 'outage', 'lost-answer'] as const;

/** One of {@link faultNames}. */
export type FaultName = (typeof faultNames)[number];

/** Which faults are on. The event `faults` reports each change. */
export type FaultSwitches = Readonly<Record<FaultName, boolean>>;

/** The response of `POST /grants`: a presigned POST for one photo. */
export interface PageGrant {
  /** The {@link PhotoProgress} that starts with this grant. */
  readonly photoId: string;
  readonly url: string;
  /** The form's fields. `file` must come after them. */
  readonly fields: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** A grant is valid for one content type. */
export type PhotoContentType = 'image/jpeg' | 'image/png';

/** The body of `POST /grants`. */
export interface GrantRequest {
  readonly clientId: string;
  readonly contentType: PhotoContentType;
}
