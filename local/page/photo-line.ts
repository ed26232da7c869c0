import type { RejectionReason, Skipped } from '../../contract/outcome';
import type { TravelOutcome } from '../../page/photo-progress';
import { readLogLine } from '../pipeline/log-line';

/** What one of the function's log lines tells of a photo object. */
export interface PhotoLine {
  readonly key: string;
  readonly versionId: string | undefined;
  /** ISO 8601. */
  readonly at: string;
  /** Whether the image was found in order by then. */
  readonly isValidated: boolean;
  /** Undefined: it is tried again later. */
  readonly outcome: TravelOutcome | undefined;
  /** Why it is tried again later. */
  readonly error: string;
}

interface LoggedFields {
  readonly timestamp: string;
  readonly key?: string;
  readonly versionId?: string;
  readonly status?: TravelOutcome['status'];
  readonly livePhotoId?: string;
  readonly reconciled?: string;
  readonly reason?: RejectionReason;
  readonly detail?: string;
  readonly because?: Skipped['because'];
  readonly apiCalls?: readonly unknown[];
  readonly error?: string;
}

/** @returns undefined for a line that is not about a photo. */
export function readPhotoLine(text: string): PhotoLine | undefined {
  const fields = readLogLine(text) as LoggedFields | undefined;
  if (fields?.key === undefined) return undefined;
  const { key, versionId, timestamp, reason, apiCalls = [], error = '' } = fields;
  const isAtFault = reason === 'not-jpeg-or-png' || reason === 'image-damaged';
  return {
    key,
    versionId,
    at: timestamp,
    // Whatever ComplyCube answers, the function looks at the whole image before it goes by the answer.
    isValidated: fields.status === 'uploaded' || (apiCalls.length > 0 && !isAtFault),
    outcome: outcomeOf(fields),
    // The names of the errors' classes say nothing to people.
    error: error.replaceAll(/\b\w*Error: /g, '').replaceAll(' ← ', ': '),
  };
}

function outcomeOf({
  status,
  livePhotoId = '',
  reconciled,
  reason,
  detail = '',
  because,
}: LoggedFields): TravelOutcome | undefined {
  if (status === 'uploaded') return { status, livePhotoId, isAdopted: reconciled === 'adopted' };
  if (status === 'rejected' && reason !== undefined) return { status, reason, detail };
  if (status === 'skipped' && because !== undefined) return { status, because };
  return undefined;
}
