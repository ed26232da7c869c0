import type { CallFate } from './in-memory-complycube';
import type { S3Fault } from './in-memory-s3';

/** What happens to an environment at one step of an invocation. */
export interface Disruption {
  /** The step, from 0. */
  readonly step: number;
  /**
   * `dies`: the environment never continues. `hangs`: this one request never settles, even if it is aborted. `wakes late`: it
   * settles after `lateMs`, when the photo's deadline has passed and another delivery may have taken over its claim.
   */
  readonly what: 'dies' | 'hangs' | 'wakes late';
  /** Milliseconds; only for `wakes late`. */
  readonly lateMs: number;
}

/** A photo object's version in a scenario. */
export interface ScenarioPhoto {
  readonly key: string;
  readonly versionId: string;
  /** Photos with the same number have the same bytes. */
  readonly picture: number;
  readonly clientId: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether a scanner tags the object as soon as the photo has arrived at ComplyCube. */
  readonly isTaggedMeanwhile: boolean;
  /** One message for each item: its delay in milliseconds. */
  readonly eventDelaysMs: readonly number[];
  /** One message for each erasure that an operator requests. Default: none. */
  readonly erasures?: readonly ScenarioErasure[];
}

/** A message that requests an erasure. */
export interface ScenarioErasure {
  readonly delayMs: number;
  /** Messages with the same number are duplicates of one request. */
  readonly request: number;
}

/** Everything that a run depends on, except the order of its steps. */
export interface Scenario {
  readonly photos: readonly ScenarioPhoto[];
  /** The clients of live photos at ComplyCube that no version names. */
  readonly strays: readonly string[];
  /** An operator's request to erase a client: one message for each delay. Undefined: there is none. */
  readonly clientErasure: { readonly clientId: string; readonly delaysMs: readonly number[] } | undefined;
  /** For each environment: the difference between its clock and the world's, in milliseconds. */
  readonly clockOffsetsMs: readonly number[];
  readonly batchSize: number;
  /** For each invocation in turn: what happens to its environment, if anything. */
  readonly disruptions: readonly (Disruption | undefined)[];
  /** For each call to ComplyCube in turn. After the last item, calls are accepted. */
  readonly fates: readonly CallFate[];
  /** For each live photo in turn: how long lists don't contain it. After the last item: 0. */
  readonly listingDelaysMs: readonly number[];
  /** For each request to AWS in turn. After the last item, requests succeed. */
  readonly awsFaults: readonly S3Fault[];
  /** By how many milliseconds the clock advances, at moments that the scheduler chooses. */
  readonly ticks: readonly number[];
  /** Which photo is deleted at a moment that the scheduler chooses, if any. */
  readonly deletedPhoto: number | undefined;
}
