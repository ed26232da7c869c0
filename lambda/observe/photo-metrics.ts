import type { ApiCall, PhotoSummary } from '../delivery';
import type { DeliveryEnd } from '../deliver';
import type { MetricName } from '../../contract/metrics';
import type { MetricValues } from './embed-metrics';
import type { Skipped, UploadOutcome } from '../../contract/outcome';
import { AccountFaultError } from '../retry-later-error';

/** The input of {@link measureDelivery}. */
export interface MeasuredDelivery {
  readonly end: DeliveryEnd<UploadOutcome | Skipped>;
  readonly summary: PhotoSummary;
  readonly receives: number;
  /** The pace that ComplyCube allows, in percent of the highest pace. */
  readonly pacePercent: number;
  /** How long ago the photo object was created, when the delivery began and when it ended. */
  readonly ageMs: { readonly atStart: number; readonly atEnd: number };
}

/** The metrics of one delivery of a photo object. */
export function measureDelivery({ end, summary, receives, pacePercent, ageMs }: MeasuredDelivery): MetricValues {
  const { bytes, reconciled } = summary;
  const isUploaded = 'result' in end && end.result.status === 'uploaded';
  return {
    ...countEnd(end),
    ...(receives > 1 && { Redeliveries: 1 }),
    ...(reconciled === 'adopted' && { LivePhotosAdopted: 1 }),
    ...(reconciled === 'not-found' && { LivePhotosNotFound: 1 }),
    ...(summary.isNewlyRefused === true && { PhotosRefused: 1 }),
    ...(summary.isTagged === false && { OutcomesUntagged: 1 }),
    ...(summary.isTagged === true && { TimeToTag: ageMs.atEnd }),
    ...(isUploaded && bytes !== undefined && { PhotoBytes: bytes }),
    ...measureCalls(summary, pacePercent),
    EventAge: ageMs.atStart,
  };
}

/** Every outcome publishes both metrics, as 1 or 0: a rate needs both, and CloudWatch does not treat missing data as 0. */
function countEnd(end: MeasuredDelivery['end']): MetricValues {
  if ('error' in end) {
    return { PhotosRetried: 1, ...(end.error instanceof AccountFaultError && { AccountFaults: 1 }) };
  }
  switch (end.result.status) {
    case 'uploaded':
      return { PhotosUploaded: 1, PhotosRejected: 0 };
    case 'rejected':
      return { PhotosUploaded: 0, PhotosRejected: 1 };
    case 'skipped':
      return countSkipped(end.result);
  }
}

function countSkipped({ because }: Skipped): MetricValues {
  switch (because) {
    case 'folder-marker':
      return {};
    case 'marked':
      return { PhotosMarkedToSkip: 1 };
    case 'duplicate':
      return { DuplicatesSkipped: 1 };
    case 'erased':
      return { ErasedSkipped: 1 };
    case 'gone':
    case 'overwritten':
      return { PhotosGone: 1 };
  }
}

/** The metrics of a delivery's calls. @param pacePercent the pace that ComplyCube allows, in percent of the highest pace. */
export function measureCalls({ apiCalls = [] }: PhotoSummary, pacePercent: number): MetricValues {
  if (apiCalls.length === 0) return {};
  return { ...countCalls(apiCalls), PaceAllowed: pacePercent };
}

function countCalls(apiCalls: readonly ApiCall[]): MetricValues {
  const counts: { [Name in MetricName]?: number } = {};
  for (const { status } of apiCalls) {
    const name = callMetric(status);
    counts[name] = (counts[name] ?? 0) + 1;
    if (status === 429) counts.RateLimited = (counts.RateLimited ?? 0) + 1;
  }
  return { ...counts, ApiLatency: apiCalls.map(({ tookMs }) => tookMs) };
}

/** A status other than 2xx, 4xx and 5xx, such as a redirect, does not come from ComplyCube's API. */
function callMetric(status: number | undefined): MetricName {
  if (status === undefined) return 'ApiCallsUnanswered';
  if (status >= 200 && status < 300) return 'ApiCalls2xx';
  if (status >= 400 && status < 500) return 'ApiCalls4xx';
  return status >= 500 ? 'ApiCalls5xx' : 'ApiCallsUnanswered';
}
