import type { PhotoSummary } from '../delivery';
import type { DeliveryEnd } from '../deliver';
import type { ClientErasureCounts, ErasureOutcome } from '../../contract/erasure-record';
import type { MetricValues } from './embed-metrics';
import { measureCalls } from './photo-metrics';

/**
 * How an erasure ended: the outcome of a version, or the counts of a client's live photos. `already-erased`: there was nothing left to
 * do.
 */
export type ErasureEnd = ErasureOutcome | ClientErasureCounts | 'already-erased';

/** Whether ComplyCube refused to delete a live photo. */
export function isRefused(end: ErasureEnd): boolean {
  return typeof end === 'object' ? end.refused > 0 : end === 'refused';
}

/** The input of {@link measureErasure}. */
export interface MeasuredErasure {
  readonly end: DeliveryEnd<ErasureEnd>;
  readonly summary: PhotoSummary;
  readonly receives: number;
  /** The pace that ComplyCube allows, in percent of the highest pace. */
  readonly pacePercent: number;
}

/** The metrics of one delivery of an erasure. */
export function measureErasure({ end, summary, receives, pacePercent }: MeasuredErasure): MetricValues {
  return {
    ...('error' in end ? { ErasuresRetried: 1 } : countEnd(end.result)),
    ...(receives > 1 && { Redeliveries: 1 }),
    ...(summary.isTagged === false && { OutcomesUntagged: 1 }),
    ...measureCalls(summary, pacePercent),
  };
}

function countEnd(end: ErasureEnd): MetricValues {
  if (typeof end === 'object') {
    const { deleted, notFound, refused } = end;
    return { PhotosErased: deleted + notFound, ErasuresNotFound: notFound, ErasuresRefused: refused };
  }
  switch (end) {
    case 'deleted':
      return { PhotosErased: 1 };
    case 'not-found':
      return { PhotosErased: 1, ErasuresNotFound: 1 };
    case 'refused':
      return { ErasuresRefused: 1 };
    case 'already-erased':
      return { DuplicatesSkipped: 1 };
  }
}
