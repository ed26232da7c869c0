import type { RejectionReason } from '../../../contract/outcome';
import type { FaultRule } from 'complycube-stand-in/faults';
import type { Draws } from './draws';

/** How ComplyCube refuses all uploads of a photo until it is redriven. */
interface Refusal {
  readonly answer: Pick<FaultRule, 'status' | 'message' | 'param'>;
  readonly reason: RejectionReason;
  /** Whether the function retries before it rejects, if other photos are accepted. */
  readonly isCounted: boolean;
}

const atOnce = { reason: 'refused-by-complycube', isCounted: false } as const;
const counted = { reason: 'refused-by-complycube', isCounted: true } as const;

/** All refusals by name. */
export const refusals = {
  'request too large': { answer: { status: 413 }, ...atOnce },
  'photo not live': { answer: { status: 422, message: 'The photo shows no live person' }, ...atOnce },
  'photo malformed': { answer: { status: 400, param: 'data', message: 'The image is malformed' }, ...atOnce },
  conflict: { answer: { status: 409 }, ...counted },
  'media type': { answer: { status: 415 }, ...counted },
  'nothing named': { answer: { status: 400 }, ...counted },
} as const satisfies Readonly<Record<string, Refusal>>;

/** The name of a refusal. */
export type RefusalName = keyof typeof refusals;

/** A special case of a photo. Its client has no other photo, and the photo is neither deleted nor overwritten. */
export type SpecialCase =
  | { readonly what: 'refused'; readonly refusal: RefusalName; readonly isRedriven: boolean }
  | { readonly what: 'client unknown'; readonly isRedriven: boolean }
  /** `afterMs` before the run's speed is applied: shorter than the time after which the function rejects an unknown client. */
  | { readonly what: 'client known later'; readonly afterMs: number }
  /** Another program adds this many tags during the upload to ComplyCube. */
  | { readonly what: 'tagged meanwhile'; readonly tagCount: number }
  /** The app writes too many tags, so that there is no room for an outcome. */
  | { readonly what: 'full tag set'; readonly tagCount: 9 | 10 }
  /** An operator erases it: before, during or after its upload. `afterMs` before the run's speed is applied. */
  | { readonly what: 'erased'; readonly afterMs: number; readonly requests: 1 | 2 };

/** Draws a photo's special case, if any. */
export function drawSpecialCase(draws: Draws): SpecialCase | undefined {
  const what = draws.weighted<SpecialCase['what']>({
    refused: 3,
    'client unknown': 1,
    'client known later': 2,
    'tagged meanwhile': 3,
    'full tag set': 1,
    erased: 4,
  });
  const isRedriven = draws.isHit(0.5);
  switch (what) {
    case 'refused': {
      const names = Object.keys(refusals) as [RefusalName, ...RefusalName[]];
      return { what, refusal: draws.oneOf(names), isRedriven };
    }
    case 'client unknown':
      return { what, isRedriven };
    case 'client known later':
      return { what, afterMs: draws.whole(30_000, 240_000) };
    case 'tagged meanwhile':
      return { what, tagCount: draws.oneOf([1, 1, 2, 9]) };
    case 'full tag set':
      return { what, tagCount: draws.oneOf([9, 10]) };
    case 'erased':
      return { what, afterMs: draws.isHit(0.3) ? 0 : draws.whole(0, 900_000), requests: draws.oneOf([1, 1, 2]) };
  }
}

/** The expected outcome of a photo. */
export type RightEnd = 'uploaded' | 'erased' | RejectionReason;

/** The expected outcome of a special case. */
export function rightEndOf(special: SpecialCase): RightEnd {
  switch (special.what) {
    case 'refused':
      return special.isRedriven ? 'uploaded' : refusals[special.refusal].reason;
    case 'client unknown':
      return special.isRedriven ? 'uploaded' : 'client-unknown';
    case 'full tag set':
      return 'tag-limit-reached';
    case 'erased':
      return 'erased';
    case 'client known later':
    case 'tagged meanwhile':
      return 'uploaded';
  }
}

/** Whether the function rejects a photo only after several refusals. It counts them in the photo's claim. */
export function needsClaim(special: SpecialCase | undefined): boolean {
  return special?.what === 'client unknown' || isCountedRefusal(special);
}

/** Whether the function rejects a photo only if ComplyCube goes on accepting others. */
export function isCountedRefusal(special: SpecialCase | undefined): boolean {
  return special?.what === 'refused' && refusals[special.refusal].isCounted;
}
