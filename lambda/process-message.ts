import { backoffMs } from '../contract/backoff';
import { isErasureReasonCode } from '../contract/dead-letter-reasons';
import { clockSkewMs, listingDelayMs } from '../contract/durations';
import { type DeadLetterPart, type PhotoLocation, readMessage } from '../contract/object-events';
import type { ReceivedMessage, UploadQueue } from './aws/upload-queue';
import { deliver, type DeliveryContext } from './deliver';
import { type ErasureMessageDeps, processErasure } from './erasure/process-erasure';
import { embedMetrics } from './observe/embed-metrics';
import { describeError, type Log } from './observe/log';
import { measureDelivery } from './observe/photo-metrics';
import { type PhotoDeps, processPhoto } from './process-photo';
import {
  AccountFaultError,
  errorCodeOf,
  RetryLaterError,
  UnfinishedError,
  UploadUnknownError,
} from './retry-later-error';

/** The dependencies of {@link processMessage}. */
export type MessageDeps = PhotoDeps &
  ErasureMessageDeps & {
    readonly queue: Pick<UploadQueue, 'hide' | 'deadLetter'>;
    /** The only bucket whose events are processed. */
    readonly photoBucket: string;
    /** How long one photo may take, in milliseconds. */
    readonly photoDeadlineMs: number;
  };

/** What a message needs of its invocation. */
export interface MessageContext extends DeliveryContext {
  /** Resolves when the message's visibility was set at the start, or setting it failed. Never rejects. */
  readonly hiding: Promise<unknown>;
  /**
   * Whether the message certainly comes from the queue: SQS accepted its receipt handle, or the function received it itself. Never
   * rejects.
   */
  readonly isFromQueue: Promise<boolean>;
  readonly log: Log;
}

/**
 * Processes every photo of one message.
 * @throws the error of a photo. The message is hidden until its next delivery then.
 */
export async function processMessage(
  message: ReceivedMessage,
  context: MessageContext,
  deps: MessageDeps,
): Promise<void> {
  const errors = await processContent(message, context, deps);
  if (errors.length === 0) return;
  const { receiptHandle, receives } = message;
  const hintMs = Math.max(...errors.map(hintOf));
  await context.hiding; // otherwise the wait from the start could overwrite this one
  const forMs = errors.some((error) => error instanceof UnfinishedError) ? 0 : backoffMs(receives, hintMs);
  await hideMessages([{ receiptHandle, forMs }], context.log, deps);
  throw errors[0];
}

/** How long a message is hidden when its processing starts: its next wait, and at least the photo's deadline. */
export function firstHideMs(receives: number, { photoDeadlineMs }: Pick<MessageDeps, 'photoDeadlineMs'>): number {
  return Math.max(backoffMs(receives, undefined), photoDeadlineMs);
}

/**
 * Never rejects. If it fails, the visibility timeout applies that the messages were received with.
 * @returns whether SQS accepted all receipt handles.
 */
export async function hideMessages(
  messages: Parameters<UploadQueue['hide']>[0],
  log: Log,
  { queue }: { readonly queue: Pick<UploadQueue, 'hide'> },
): Promise<boolean> {
  if (messages.length === 0) return true;
  try {
    await queue.hide(messages);
    return true;
  } catch (error) {
    log.warn('visibility timeout could not be set', { waitError: describeError(error) });
    return false;
  }
}

/** After an unknown outcome, the claim stays leased until ComplyCube lists the live photo. An earlier redelivery is useless. */
function hintOf(error: unknown): number {
  const hintMs = (error instanceof RetryLaterError ? error.hintMs : undefined) ?? 0;
  return error instanceof UploadUnknownError ? Math.max(hintMs, clockSkewMs + listingDelayMs) : hintMs;
}

/** @returns the errors of this message. */
async function processContent(
  { body, receives, senderId }: ReceivedMessage,
  context: MessageContext,
  deps: MessageDeps,
): Promise<unknown[]> {
  const { photos, erasure, deadLetters } = readMessage(body, deps.photoBucket);
  if (erasure !== undefined) {
    try {
      const reason = await processErasure({ request: erasure, receives, senderId }, context, deps);
      return reason === undefined ? [] : await deadLetter([{ body, reason }], receives, context, deps);
    } catch (error) {
      return [error];
    }
  }
  if (photos.length + deadLetters.length === 0)
    context.log.info('nothing to do: a test event, or the removal of an object');
  const settled = await settleFew(photos, (photo) => processLocation(photo, receives, context, deps));
  const errors = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  // Only once all photos of the message are done. Otherwise each redelivery would dead-letter the same records again.
  return errors.length > 0 ? errors : deadLetter(deadLetters, receives, context, deps);
}

/**
 * How many photos of one message are processed at the same time: ten messages must leave some of the S3 client's 50 connections
 * free, since each photo holds one while it needs others. S3 itself sends one photo a message.
 */
const maxPhotosAtOnce = 4;

/** Works on a few items at a time. @returns a settled result for each, in order. */
async function settleFew<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<PromiseSettledResult<void>[]> {
  const results: PromiseSettledResult<void>[] = [];
  const left = items.entries();
  const takeTurns = async (): Promise<void> => {
    for (const [at, item] of left) [results[at]] = await Promise.allSettled([work(item)]);
  };
  await Promise.all(Array.from({ length: maxPhotosAtOnce }, takeTurns));
  return results;
}

/** Sends what can't be processed to the dead-letter queue. @returns the errors. */
async function deadLetter(
  parts: readonly DeadLetterPart[],
  receives: number,
  { log }: MessageContext,
  { queue, clock, functionName }: MessageDeps,
): Promise<unknown[]> {
  const settled = await Promise.allSettled(
    parts.map(async ({ body, reason }) => {
      await queue.deadLetter(body, reason);
      if (isErasureReasonCode(reason)) {
        const metrics = embedMetrics({ ErasuresDeadLettered: 1 }, { functionName, nowMs: clock.now() });
        log.error('erasure can’t be done: sent to the dead-letter queue', { reason, receives, ...metrics });
      } else log.error('message is not an event of this bucket: sent to the dead-letter queue', { reason, receives });
    }),
  );
  return settled.flatMap((result) => {
    if (result.status === 'fulfilled') return [];
    const error: unknown = result.reason;
    log.warn('message is retried', { error: describeError(error), errorCode: errorCodeOf(error), receives });
    return [error];
  });
}

/** Processes one photo and writes its log line, which also publishes its metrics. */
async function processLocation(
  location: PhotoLocation,
  receives: number,
  context: MessageContext,
  deps: MessageDeps,
): Promise<void> {
  const { accountGate, log } = context;
  const { functionName, pace } = deps;
  const createdAtMs = Date.parse(location.eventTime);
  const {
    end,
    summary,
    startedAtMs,
    endedAtMs: nowMs,
  } = await deliver((delivery) => processPhoto(location, delivery, deps), context, deps);
  const ageMs = { atStart: startedAtMs - createdAtMs, atEnd: nowMs - createdAtMs };
  const reason = 'result' in end && end.result.status === 'rejected' ? end.result.reason : undefined;
  const { bucket, key, versionId } = location;
  const line = {
    ...{ bucket, key, versionId, receives },
    ...summary,
    tookMs: nowMs - startedAtMs,
    ...embedMetrics(measureDelivery({ end, summary, receives, ageMs, pacePercent: pace.percentAllowed }), {
      functionName,
      reason,
      nowMs,
    }),
  };
  if ('error' in end) {
    if (end.error instanceof AccountFaultError) accountGate.close(end.error);
    log.warn('photo object is retried', {
      ...line,
      error: describeError(end.error),
      errorCode: errorCodeOf(end.error),
    });
    throw end.error;
  }
  if (summary.isTagged === false) log.error('photo object could not be tagged', { ...line, ...end.result });
  else log.info(`photo object ${end.result.status}`, { ...line, ...end.result });
}
