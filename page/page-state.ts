import type { Travel } from './photo-progress';

/** What the page shows, as `GET /events` sends it first, in an event `state`; an event `photo` then brings one {@link Travel}. */
export interface PageState {
  /** Where the function sends photos, in words. */
  readonly sendsTo: string;
  /** Whether they become live photos at ComplyCube itself, which can cost money. */
  readonly isReal: boolean;
  /** Clients to pick from. */
  readonly clients: readonly PageClient[];
  /** Undefined: nothing here can be made to fail. */
  readonly faults: FaultSwitches | undefined;
  /** How many times faster the waits pass before a message comes back. */
  readonly waitSpeed: number;
  /** The newest first. */
  readonly photos: readonly Travel[];
}

/** A client to pick. */
export interface PageClient {
  readonly id: string;
  /** In words. */
  readonly name: string;
}

/** What the stand-in can be told to do wrong. */
export const faultNames = ['too-many-requests', 'outage', 'lost-answer'] as const;

/** One of {@link faultNames}. */
export type FaultName = (typeof faultNames)[number];

/** Which faults happen now; an event `faults` brings each change. */
export type FaultSwitches = Readonly<Record<FaultName, boolean>>;

/** What `POST /grants` answers: the form that uploads one photo. */
export interface PageGrant {
  /** The travel that begins with it. */
  readonly travelId: string;
  /** Where the form is sent. */
  readonly url: string;
  /** The form's fields, before its `file`. */
  readonly fields: Readonly<Record<string, string>>;
  /** ISO 8601. */
  readonly expiresAt: string;
}

/** The types of photo that can be granted; the type of a grant is that of its photo. */
export type PhotoContentType = 'image/jpeg' | 'image/png';

/** What `POST /grants` is asked. */
export interface GrantRequest {
  readonly clientId: string;
  readonly contentType: PhotoContentType;
}
