import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { backoffMs } from '../contract/backoff';
import type { Clock } from './clock';
import type { DeadLetterPart } from '../contract/object-events';
import { AccountGate, type PhotoSummary } from './delivery';
import { answerReserveMs, clockSkewMs, listingDelayMs, photoReserveMs } from '../contract/durations';
import { describeError, type Log } from './observe/log';
import { embedMetrics } from './observe/embed-metrics';
import { type PhotoLocation, readMessage } from '../contract/object-events';
import { type DeliveryEnd, measureDelivery } from './observe/photo-metrics';
import { type PhotoDeps, processPhoto } from './process-photo';
import { AccountFaultError, errorCodeOf, RetryLaterError, UploadUnknownError } from './retry-later-error';
import type { UploadQueue } from './aws/upload-queue';
import { withDeadline } from './with-deadline';

/** The dependencies of {@link processBatch}. */
export interface BatchDeps extends PhotoDeps {
  readonly queue: Pick<UploadQueue, 'hide' | 'deadLetter'>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** The only bucket whose events are processed. */
  readonly photoBucket: string;
  /** How long a call to ComplyCube may take, in milliseconds. */
  readonly callTimeoutMs: number;
  /** How long one photo may take, in milliseconds. */
  readonly photoDeadlineMs: number;
  /** The function's name, a dimension of its metrics. */
  readonly functionName: string;
}

/**
 * Processes every photo of every message concurrently. Each photo has a separate deadline, so a slow photo does not delay others.
 *
 * Sets each message's visibility timeout to its next wait when processing starts. After a killed invocation the message waits for
 * that time, as after any other failure.
 * @returns a settled result for each message, in order. Fulfilled: the event source mapping deletes the message. Rejected: the
 * message stays in the queue and is redelivered after its wait.
 */
export async function processBatch(
  { Records: messages }: SQSEvent,
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
  deps: BatchDeps,
): Promise<PromiseSettledResult<void>[]> {
  const log = deps.log.with({ requestId: context.awsRequestId });
  const batch = {
    accountGate: new AccountGate(),
    // Leaves time for the handler to answer before the function's timeout.
    photoMs: () => Math.min(deps.photoDeadlineMs, context.getRemainingTimeInMillis() - answerReserveMs),
    hiding: hide(
      messages.map((message) => ({
        receiptHandle: message.receiptHandle,
        forMs: Math.max(backoffMs(receivesOf(message), undefined), deps.photoDeadlineMs),
      })),
      log,
      deps,
    ),
  };
  return Promise.allSettled(
    messages.map((message) =>
      processMessage(message, { ...batch, log: log.with({ messageId: message.messageId }) }, deps),
    ),
  );
}

interface BatchContext {
  readonly accountGate: AccountGate;
  /** How long a photo that starts now may take. */
  readonly photoMs: () => number;
  /** Resolves when the visibility timeouts were set at the start, or setting them failed. Never rejects. */
  readonly hiding: Promise<void>;
  readonly log: Log;
}

/** How often a message was received, including this time. */
function receivesOf({ attributes }: SQSRecord): number {
  const receives = Number(attributes.ApproximateReceiveCount);
  return receives >= 1 ? receives : 1;
}

/** Never rejects. If it fails, the queue's visibility timeout applies, which is as long as the longest wait. */
async function hide(messages: Parameters<UploadQueue['hide']>[0], log: Log, { queue }: BatchDeps): Promise<void> {
  await queue.hide(messages).catch((error: unknown) => {
    log.warn('visibility timeout could not be set', { waitError: describeError(error) });
  });
}

async function processMessage(message: SQSRecord, batch: BatchContext, deps: BatchDeps): Promise<void> {
  const receives = receivesOf(message);
  const errors = await processContent(message, receives, batch, deps);
  if (errors.length === 0) return;
  const hintMs = Math.max(...errors.map(hintOf));
  await batch.hiding; // otherwise the wait from the start could overwrite this one
  await hide([{ receiptHandle: message.receiptHandle, forMs: backoffMs(receives, hintMs) }], batch.log, deps);
  throw errors[0];
}

/** After an unknown outcome, the claim stays leased until ComplyCube lists the live photo. An earlier redelivery is useless. */
function hintOf(error: unknown): number {
  const hintMs = (error instanceof RetryLaterError ? error.hintMs : undefined) ?? 0;
  return error instanceof UploadUnknownError ? Math.max(hintMs, clockSkewMs + listingDelayMs) : hintMs;
}

/** @returns the errors of this message. */
async function processContent(
  message: SQSRecord,
  receives: number,
  batch: BatchContext,
  deps: BatchDeps,
): Promise<unknown[]> {
  const { photos, deadLetters } = readMessage(message.body, deps.photoBucket);
  if (photos.length + deadLetters.length === 0)
    batch.log.info('nothing to do: a test event, or the removal of an object');
  const settled = await settleFew(photos, (photo) => processLocation(photo, receives, batch, deps));
  const errors = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  // Only once all photos of the message are done. Otherwise each redelivery would dead-letter the same records again.
  return errors.length > 0 ? errors : deadLetter(deadLetters, receives, batch, deps);
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

/** Sends records that are not events of this bucket to the dead-letter queue. @returns the errors. */
async function deadLetter(
  parts: readonly DeadLetterPart[],
  receives: number,
  { log }: BatchContext,
  { queue }: BatchDeps,
): Promise<unknown[]> {
  const settled = await Promise.allSettled(
    parts.map(async ({ body, reason }) => {
      await queue.deadLetter(body, reason);
      log.error('message is not an event of this bucket: sent to the dead-letter queue', { reason, receives });
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
  { accountGate, photoMs: readPhotoMs, log }: BatchContext,
  deps: BatchDeps,
): Promise<void> {
  const { clock, functionName, callTimeoutMs } = deps;
  const photoMs = readPhotoMs();
  const createdAtMs = Date.parse(location.eventTime);
  const startedAtMs = clock.now();
  const summary: PhotoSummary = {};
  const gate = {
    pass: () => {
      accountGate.pass();
      const leftMs = startedAtMs + photoMs - photoReserveMs - clock.now();
      if (leftMs < callTimeoutMs) throw new RetryLaterError('no-time-left', 'The photo has no time left for a call');
    },
  };
  const deadline = {
    ms: photoMs,
    reserveMs: photoReserveMs,
    error: new RetryLaterError('deadline-exceeded', `The photo was not done within ${photoMs} ms`),
  };
  const end: DeliveryEnd = await withDeadline(deadline, clock, (signal) =>
    processPhoto(location, { gate, signal, summary }, deps),
  ).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  const nowMs = clock.now();
  const ageMs = { atStart: startedAtMs - createdAtMs, atEnd: nowMs - createdAtMs };
  const reason = 'result' in end && end.result.status === 'rejected' ? end.result.reason : undefined;
  const { bucket, key, versionId } = location;
  const line = {
    ...{ bucket, key, versionId, receives },
    ...summary,
    tookMs: nowMs - startedAtMs,
    ...embedMetrics(measureDelivery({ end, summary, receives, ageMs }), { functionName, reason, nowMs }),
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
