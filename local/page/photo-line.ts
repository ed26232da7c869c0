import type { RejectionReason, Skipped } from '../../contract/outcome';
import type { PhotoOutcome } from '../../page/photo-progress';
import { readLogLine } from '../pipeline/log-line';

/** One line of the function's log about a photo object. */
export interface PhotoLine {
  readonly key: string;
  readonly versionId: string | undefined;
  /** ISO 8601. */
  readonly at: string;
  /** Whether the image had passed validation. */
  readonly isValidated: boolean;
  /** Undefined: the photo is retried later. */
  readonly outcome: PhotoOutcome | undefined;
  /** Why the photo is retried. */
  readonly error: string;
}

interface LoggedFields {
  readonly timestamp: string;
  readonly key?: string;
  readonly versionId?: string;
  readonly status?: PhotoOutcome['status'];
  readonly livePhotoId?: string;
  readonly reconciled?: string;
  readonly reason?: RejectionReason;
  readonly detail?: string;
  readonly because?: Skipped['because'];
  readonly apiCalls?: readonly unknown[];
  readonly error?: string;
}

/** @returns undefined if the line is not about a photo. */
export function readPhotoLine(text: string): PhotoLine | undefined {
  const fields = readLogLine(text) as LoggedFields | undefined;
  if (fields?.key === undefined) return undefined;
  const { key, versionId, timestamp, reason, apiCalls = [], error = '' } = fields;
  const isInvalid = reason === 'not-jpeg-or-png' || reason === 'image-damaged';
  return {
    key,
    versionId,
    at: timestamp,
    // The function validates the whole image before it acts on ComplyCube's answer.
    isValidated: fields.status === 'uploaded' || (apiCalls.length > 0 && !isInvalid),
    outcome: outcomeOf(fields),
    // Class names of errors do not help the person.
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
}: LoggedFields): PhotoOutcome | undefined {
  if (status === 'uploaded') return { status, livePhotoId, isAdopted: reconciled === 'adopted' };
  if (status === 'rejected' && reason !== undefined) return { status, reason, detail };
  if (status === 'skipped' && because !== undefined) return { status, because };
  return undefined;
}
