import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { backoffMs } from './backoff';
import { CallGate } from './call-gate';
import type { Clock } from './clock';
import type { PhotoSummary } from './delivery';
import { describeError, type Log } from './log';
import { embedMetrics } from './metrics';
import { MalformedEventError, parseObjectEvents, type PhotoLocation } from './object-events';
import { type DeliveryEnd, measureDelivery } from './photo-metrics';
import { type PhotoEdges, processPhoto } from './process-photo';
import { AccountFaultError, RetryLaterError, UploadUnknownError } from './retry-later-error';
import type { UploadQueue } from './upload-queue';

/** What processing a batch needs of the outer world. */
export interface BatchEdges extends PhotoEdges {
  readonly queue: Pick<UploadQueue, 'hideFor'>;
  readonly log: Log;
  readonly clock: Pick<Clock, 'now'>;
  /** How long a call to ComplyCube may take. */
  readonly callTimeoutMs: number;
  /** The function's own, which its metrics carry. */
  readonly functionName: string;
}

/** What a photo needs after its call: its tags, or its claim given back, and its message hidden. */
const afterCallMs = 5_000;

/**
 * Processes every photo of every message, all at the same time.
 * @returns one settled result a message, in their order: fulfilled, and the event source mapping deletes it; rejected,
 * and it stays in the queue, hidden for as long as it is to wait.
 */
export async function processBatch(
  { Records: messages }: SQSEvent,
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
  edges: BatchEdges,
): Promise<PromiseSettledResult<void>[]> {
  const gate = new CallGate(() => context.getRemainingTimeInMillis(), edges.callTimeoutMs + afterCallMs);
  const log = edges.log.with({ requestId: context.awsRequestId });
  return Promise.allSettled(
    messages.map((message) =>
      processMessage(message, { gate, log: log.with({ messageId: message.messageId }) }, edges),
    ),
  );
}

interface BatchContext {
  readonly gate: CallGate;
  readonly log: Log;
}

interface PhotoContext extends BatchContext {
  readonly receives: number;
}

/** Settles only when nothing of the message is under way any more, so that a frozen environment finishes nothing unseen. */
async function processMessage(message: SQSRecord, { gate, log }: BatchContext, edges: BatchEdges): Promise<void> {
  const receives = Number(message.attributes.ApproximateReceiveCount);
  const errors = await processLocations(message, { receives, gate, log }, edges);
  if (errors.length === 0) return;
  const waitMs = Math.max(...errors.map((error) => waitAfter(error, receives)));
  await edges.queue.hideFor(message.receiptHandle, waitMs).catch((cause: unknown) => {
    // The queue's own visibility timeout brings the message back all the same.
    log.warn('the wait of a message could not be set', { waitError: describeError(cause), waitMs });
  });
  throw errors[0];
}

/** @returns what failed of a message's photos, or that it is no event. */
async function processLocations(message: SQSRecord, context: PhotoContext, edges: BatchEdges): Promise<unknown[]> {
  const { receives, log } = context;
  let locations: PhotoLocation[];
  try {
    locations = parseObjectEvents(message.body);
  } catch (error) {
    log.error('message is kept', { error: describeError(error), receives });
    return [error];
  }
  if (locations.length === 0) log.info('S3 sent its test event: there is nothing to do');
  const settled = await Promise.allSettled(locations.map((location) => processLocation(location, context, edges)));
  return settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
}

/** Processes one photo and writes its one log line, which publishes its metrics too. */
async function processLocation(
  location: PhotoLocation,
  { receives, gate, log }: PhotoContext,
  edges: BatchEdges,
): Promise<void> {
  const { clock, functionName } = edges;
  const createdAtMs = Date.parse(location.eventTime);
  const startedAtMs = clock.now();
  const summary: PhotoSummary = {};
  const end: DeliveryEnd = await processPhoto(location, { receives, gate, summary }, edges).then(
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
    if (end.error instanceof AccountFaultError) gate.close(end.error);
    log.warn('photo object is tried again later', { ...line, error: describeError(end.error) });
    throw end.error;
  }
  if (summary.isTagged === false) log.error('photo object could not be tagged', { ...line, ...end.result });
  else log.info(`photo object ${end.result.status}`, { ...line, ...end.result });
}

/** So long a call that was given up here may still go on at ComplyCube: looking for its live photo earlier would miss it. */
const settleMs = 15_000;

function waitAfter(error: unknown, receives: number): number {
  // A malformed message is as malformed later: it need not wait on its way to the dead-letter queue.
  if (error instanceof MalformedEventError) return 0;
  const waitMs = backoffMs(receives, error instanceof RetryLaterError ? error.waitMs : undefined);
  return error instanceof UploadUnknownError ? Math.max(waitMs, settleMs) : waitMs;
}
