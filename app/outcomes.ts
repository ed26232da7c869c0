import { GetObjectTaggingCommand, type S3Client, type Tag } from '@aws-sdk/client-s3';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RejectionReason, rejectionReasons } from '../contract/outcome';
import { eventSource, eventTypes } from '../contract/outcome-event-types';
import { outcomeOfTags, tagNames } from '../contract/outcome-tags';
import { pollWaitMs } from './poll-wait';
import { isJsonObject, type JsonObject } from '../contract/json-object';
import { isS3Absence } from '../contract/s3-absence';

/** How a photo object ended. */
export type FinalOutcome =
  | { readonly status: 'uploaded'; readonly livePhotoId: string }
  | {
      readonly status: 'rejected';
      readonly reason: RejectionReason;
      /** What is wrong, in words for a person; the event tells it, the object's tags don't. */
      readonly detail?: string;
    };

/**
 * How a photo object stands: `pending` has no outcome yet, `absent` is not there, because it was not uploaded yet or because it
 * was deleted.
 */
export type PhotoOutcome = FinalOutcome | { readonly status: 'pending' } | { readonly status: 'absent' };

/** Which photo object to look at. */
export interface OutcomeQuery {
  /** Of an identity that may read the object's tags: the stack's construct makes it so with `grantReadOutcomes`. */
  readonly s3: S3Client;
  readonly bucket: string;
  readonly key: string;
  /** Left out: the key's current version. */
  readonly versionId?: string;
  /** Ends it: what is under way rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How long to wait. */
export interface OutcomeWait extends OutcomeQuery {
  /** From now, in milliseconds; 60,000 unless given. */
  readonly deadlineMs?: number;
}

/** An outcome that was published as an event, and the photo object that it is of. */
export interface PublishedOutcome {
  readonly bucket: string;
  readonly key: string;
  /** Left out in a bucket without versions. */
  readonly versionId?: string;
  /** Without quotes. */
  readonly eTag: string;
  /** Left out where the object had none, or a malformed one. */
  readonly clientId?: string;
  readonly outcome: FinalOutcome;
}

/** Tags or an event contain a status or a reason that is unknown here. The message names it and repeats no value. */
export class UnknownOutcomeError extends Error {
  override readonly name = 'UnknownOutcomeError';
}

/**
 * Reads from the photo object's tags how it stands.
 *
 * An outcome that found no room on the object, which has ten tags already, is told by its event alone: an object made with an
 * upload grant has none.
 * @throws UnknownOutcomeError; what S3 answers when the tags can't be read, such as AccessDenied or NoSuchBucket.
 */
export async function readOutcome({ s3, bucket, key, versionId, signal }: OutcomeQuery): Promise<PhotoOutcome> {
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
 * Waits until a photo object has its outcome: reads its tags at once, and again after waits that grow from 0.2 to 5 seconds.
 * @returns the outcome, or how the object stood last when the deadline has passed: `pending` or `absent`.
 * @throws what readOutcome throws; the reason of `signal`; TimeoutError when S3 did not answer once until the deadline.
 */
export async function waitForOutcome({ deadlineMs = 60_000, ...query }: OutcomeWait): Promise<PhotoOutcome> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = AbortSignal.any(query.signal === undefined ? [deadline] : [deadline, query.signal]);
  let last: PhotoOutcome | undefined;
  try {
    for (let reads = 1; ; reads++) {
      last = await readOutcome({ ...query, signal });
      if (last.status === 'uploaded' || last.status === 'rejected') return last;
      await sleep(pollWaitMs(reads), undefined, { signal });
    }
  } catch (error) {
    query.signal?.throwIfAborted();
    if (deadline.aborted && last !== undefined) return last;
    throw error;
  }
}

/**
 * Reads an outcome from its event, as an EventBridge rule hands it on: no polling is needed where events arrive.
 * Shape: `docs/outcome-event.schema.json`. Each outcome is published once or more.
 * @throws UnknownOutcomeError for anything else.
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
  if (type !== eventTypes.rejected) throw new UnknownOutcomeError("The event's detail-type is none of an outcome's");
  return { status: 'rejected', reason: reasonOf(fields['reason']), detail: textAt(fields, 'detail') };
}

function textAt(fields: JsonObject, name: string): string {
  return textOf(fields[name], `The event's ${name}`);
}

/** An incomplete set is `pending`, because the function processes such a photo. */
function photoOutcomeOf(tagSet: readonly Tag[]): PhotoOutcome {
  const tags = new Map(tagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  const outcome = outcomeOfTags(tags);
  if (outcome?.status === 'uploaded') return outcome;
  if (outcome !== undefined) return { status: outcome.status, reason: outcome.reason };
  const status = tags.get(tagNames.status);
  if (status !== undefined && status !== 'uploaded' && status !== 'rejected') {
    throw new UnknownOutcomeError(`The tag ${tagNames.status} is neither uploaded nor rejected`);
  }
  const reason = tags.get(tagNames.rejection) ?? '';
  // Of a newer version: an app that waits for a known one would wait for ever.
  return status === 'rejected' && reason !== '' ? { status, reason: reasonOf(reason) } : { status: 'pending' };
}

function reasonOf(value: unknown): RejectionReason {
  const reason = rejectionReasons.find((known) => known === value);
  if (reason === undefined)
    throw new UnknownOutcomeError('The rejection reason is not known: is there a newer version?');
  return reason;
}

function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || value === '') throw new UnknownOutcomeError(`${what} is missing or no text`);
  return value;
}

function objectOf(value: unknown, what: string): JsonObject {
  if (!isJsonObject(value)) throw new UnknownOutcomeError(`The ${what} is not an object`);
  return value;
}
