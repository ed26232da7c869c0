import { GetObjectTaggingCommand, type S3Client, type Tag } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RejectionReason, rejectionReasons } from '../contract/outcome';
import { eventSource, eventTypes } from '../contract/outcome-event-types';
import { outcomeOfTags, tagNames } from '../contract/outcome-tags';
import { pollWaitMs } from './poll-wait';
import { isJsonObject, type JsonObject } from '../contract/json-object';
import { isS3Absence } from '../contract/s3-absence';
import { checkOptions, type Checks } from './check-options';
import { abortSignal, bucketName, number, objectName, optional, s3Client } from './checks';

export { InvalidOptionError } from './check-options';

/** The final outcome of a photo object. */
export type FinalOutcome =
  | { readonly status: 'uploaded'; readonly livePhotoId: string }
  | {
      readonly status: 'rejected';
      readonly reason: RejectionReason;
      /**
       * A description for people. Events contain it for each reason, tags only for `refused-by-complycube`: what ComplyCube
       * answered. The tags of an older version of the stack, or tags without room for it, don't contain it.
       */
      readonly detail?: string;
    }
  /** An operator erased the photo: it is no live photo any more, or never was one. */
  | { readonly status: 'erased' };

/**
 * The current status of a photo object. `pending`: it has no outcome yet. `absent`: it does not exist, because it was not
 * uploaded yet or was deleted.
 */
export type PhotoOutcome = FinalOutcome | { readonly status: 'pending' } | { readonly status: 'absent' };

/** The photo object whose outcome is read. */
export interface OutcomeQuery {
  /** A client whose identity may read the object's tags: the construct's `grantReadOutcomes` allows it. */
  readonly s3: S3Client;
  readonly bucket: string;
  readonly key: string;
  /** Default: the key's current version. */
  readonly versionId?: string;
  /** Cancels the read or the wait, which then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** The photo object and how long to wait for its outcome. */
export interface OutcomeWait extends OutcomeQuery {
  /** In milliseconds from now, from 0 to 2,147,483,647. Default: 60,000. */
  readonly deadlineMs?: number;
}

/** An outcome that was published as an event, with its photo object. */
export interface PublishedOutcome {
  readonly bucket: string;
  readonly key: string;
  /** Missing if the bucket is not versioned. */
  readonly versionId?: string;
  /** Without quotes. */
  readonly eTag: string;
  /** Missing if the object had no valid client ID, and for an erased photo. */
  readonly clientId?: string;
  readonly outcome: FinalOutcome;
}

/** Tags or an event contain an unknown status or reason. The message names the field but never repeats its value. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

const queryChecks: Checks<OutcomeQuery> = {
  s3: s3Client,
  bucket: bucketName,
  key: objectName('the key of an object'),
  versionId: optional(objectName('the version ID of an object')),
  signal: optional(abortSignal),
};

/** Timers of Node can't wait longer. */
const maxDeadlineMs = 2 ** 31 - 1;

const waitChecks: Checks<OutcomeWait> = { ...queryChecks, deadlineMs: optional(number(0, maxDeadlineMs)) };

/**
 * Reads the current status of a photo object from its tags.
 *
 * An object that already has ten tags gets no outcome tags; only the event has its outcome. Objects that were uploaded with
 * an upload grant have no tags.
 * @throws InvalidOptionError; UnknownOutcomeError; S3's error if the tags can't be read, such as AccessDenied or NoSuchBucket.
 */
export async function readOutcome(query: OutcomeQuery): Promise<PhotoOutcome> {
  checkOptions(query, queryChecks);
  const { s3, bucket, key, versionId, signal } = query;
  signal?.throwIfAborted();
  const command = new GetObjectTaggingCommand({ Bucket: bucket, Key: key, VersionId: versionId });
  try {
    const { TagSet = [] } = await s3.send(command, signal === undefined ? {} : { abortSignal: signal });
    return photoOutcomeOf(TagSet);
  } catch (error) {
    signal?.throwIfAborted();
    if (isS3Absence(error)) return { status: 'absent' };
    throw error;
  }
}

/**
 * Waits until a photo object has its outcome. It reads the tags at once, and again after waits that grow from 0.2 to 5 seconds.
 * @returns the outcome; after the deadline the last status, `pending` or `absent`.
 * @throws the errors of readOutcome; the reason of `signal`; TimeoutError if S3 gave no answer before the deadline.
 */
export async function waitForOutcome(wait: OutcomeWait): Promise<PhotoOutcome> {
  checkOptions(wait, waitChecks);
  const { deadlineMs = 60_000, ...query } = wait;
  const deadline = AbortSignal.timeout(Math.ceil(deadlineMs));
  const signal = AbortSignal.any(query.signal === undefined ? [deadline] : [deadline, query.signal]);
  let last: PhotoOutcome | undefined;
  try {
    for (let reads = 1; ; reads++) {
      last = await readOutcome({ ...query, signal });
      if (last.status !== 'pending' && last.status !== 'absent') return last;
      await sleep(pollWaitMs(reads), undefined, { signal });
    }
  } catch (error) {
    query.signal?.throwIfAborted();
    if (deadline.aborted && last !== undefined) return last;
    throw error;
  }
}

/**
 * Reads an outcome from the event that an EventBridge rule delivers. A back end that receives events need not poll.
 * Schema: `docs/outcome-event.schema.json`. Each outcome is published at least once.
 * @throws UnknownOutcomeError for any other event.
 */
export function outcomeFromEvent(event: unknown): PublishedOutcome {
  const { source, 'detail-type': type, detail } = objectOf(event, 'event');
  if (source !== eventSource) throw new UnknownOutcomeError(`The event's source is not ${eventSource}`);
  const fields = objectOf(detail, 'detail');
  const optional = (name: 'versionId' | 'clientId') => fields[name] !== undefined && { [name]: textAt(fields, name) };
  return {
    bucket: textAt(fields, 'bucket'),
    key: textAt(fields, 'key'),
    eTag: textAt(fields, 'eTag'),
    ...optional('versionId'),
    ...optional('clientId'),
    outcome: outcomeOfType(type, fields),
  };
}

function outcomeOfType(type: unknown, fields: JsonObject): FinalOutcome {
  if (type === eventTypes.uploaded || type === eventTypes.untagged) {
    return { status: 'uploaded', livePhotoId: textAt(fields, 'livePhotoId') };
  }
  if (type === eventTypes.erased) return { status: 'erased' };
  if (type !== eventTypes.rejected) throw new UnknownOutcomeError("The event's detail-type is not that of an outcome");
  return { status: 'rejected', reason: reasonOf(fields['reason']), detail: textAt(fields, 'detail') };
}

function textAt(fields: JsonObject, name: string): string {
  return textOf(fields[name], `The event's ${name}`);
}

/** Reads the status like the function does: an incomplete tag set is `pending`. Only an unknown status or reason is an error. */
function photoOutcomeOf(tagSet: readonly Tag[]): PhotoOutcome {
  const tags = new Map(tagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  const outcome = outcomeOfTags(tags);
  if (outcome !== undefined) return outcome;
  const status = tags.get(tagNames.status);
  if (status !== undefined && status !== 'uploaded' && status !== 'rejected') {
    throw new UnknownOutcomeError(`The tag ${tagNames.status} is neither uploaded, rejected nor erased`);
  }
  const reason = tags.get(tagNames.rejection) ?? '';
  // A newer version of the stack wrote this reason. As `pending`, the app would wait for nothing.
  return status === 'rejected' && reason !== '' ? { status, reason: reasonOf(reason) } : { status: 'pending' };
}

function reasonOf(value: unknown): RejectionReason {
  const reason = rejectionReasons.find((known) => known === value);
  if (reason === undefined)
    throw new UnknownOutcomeError(
      'The rejection reason is unknown: update complycube-live-photos to the version of the stack',
    );
  return reason;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new UnknownOutcomeError(`${what} is missing or not a string`);
  return value;
}

function objectOf(value: unknown, what: string): JsonObject {
  if (!isJsonObject(value)) throw new UnknownOutcomeError(`The ${what} is not an object`);
  return value;
}
