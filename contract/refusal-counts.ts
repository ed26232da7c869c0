import type { CountedRefusal } from './error-codes';

/** How often ComplyCube refused a photo with one code. Times are ISO 8601. */
export interface RefusalCount {
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** The counts of one photo, by code. Its claim stores them between deliveries. */
export type RefusalCounts = { readonly [Code in CountedRefusal]?: RefusalCount };

/** A photo is rejected at the fifth refusal at the earliest. */
const minRefusals = 5;

/** Adds a refusal to a count. */
export function addRefusal(before: RefusalCount | undefined, nowIso: string): RefusalCount {
  return { count: (before?.count ?? 0) + 1, firstAt: before?.firstAt ?? nowIso, lastAt: nowIso };
}

/** Whether a count is high and old enough for a rejection. Other failures in between do not matter. */
export function isEnough({ count, firstAt }: RefusalCount, minMs: number, nowMs: number): boolean {
  return count >= minRefusals && nowMs - Date.parse(firstAt) >= minMs;
}

/** Refusals of one photo within this time count once in `PhotosRefused`, so that its alarm counts photos, not retries. */
const sameRefusalMs = 15 * 60_000;

/** Whether a refusal counts in `PhotosRefused`. */
export function isNewRefusal(before: RefusalCount | undefined, nowMs: number): boolean {
  return before === undefined || nowMs - Date.parse(before.lastAt) >= sameRefusalMs;
}
