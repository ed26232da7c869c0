import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { backoffMs } from './backoff';
import type { PhotoSummary } from './delivery';
import { describeError, type Log } from './log';
import { MalformedEventError, parseObjectEvents, type PhotoLocation } from './object-events';
import { type PhotoEdges, processPhoto } from './process-photo';
import { AccountFaultError, RetryLaterError } from './retry-later-error';
import type { UploadQueue } from './upload-queue';

/** What processing a batch needs of the outer world. */
export interface BatchEdges extends PhotoEdges {
  readonly queue: Pick<UploadQueue, 'hideFor'>;
  readonly log: Log;
}

/**
 * Processes every photo of every message, all at the same time.
 * @returns one settled result a message, in their order: fulfilled, and the event source mapping deletes it; rejected,
 * and it stays in the queue, hidden for as long as it is to wait.
 */
export async function processBatch(
  { Records: messages }: SQSEvent,
  log: Log,
  edges: BatchEdges,
): Promise<PromiseSettledResult<void>[]> {
  const accountFault = new AbortController();
  return Promise.allSettled(
    messages.map((message) =>
      processMessage(message, { accountFault, log: log.with({ messageId: message.messageId }) }, edges),
    ),
  );
}

interface BatchContext {
  readonly accountFault: AbortController;
  readonly log: Log;
}

/** Settles only when nothing of the message is under way any more, so that a frozen environment finishes nothing unseen. */
async function processMessage(
  message: SQSRecord,
  { accountFault, log }: BatchContext,
  edges: BatchEdges,
): Promise<void> {
  const receives = Number(message.attributes.ApproximateReceiveCount);
  try {
    const locations = parseObjectEvents(message.body);
    if (locations.length === 0) log.info('S3 sent its test event: there is nothing to do');
    const settled = await Promise.allSettled(
      locations.map((location) => processLocation(location, { receives, accountFault, log }, edges)),
    );
    const errors = settled.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
    if (errors.length > 0) throw longestWait(errors);
  } catch (error) {
    const waitMs = backoffMs(receives, waitOf(error));
    if (error instanceof MalformedEventError) log.error('message is kept', { error: describeError(error), receives });
    await edges.queue.hideFor(message.receiptHandle, waitMs).catch((cause: unknown) => {
      // The queue's own visibility timeout brings the message back all the same.
      log.warn('the wait of a message could not be set', { error: describeError(cause), waitMs });
    });
    throw error;
  }
}

/** Processes one photo and writes its one log line. */
async function processLocation(
  location: PhotoLocation,
  { receives, accountFault, log }: BatchContext & { receives: number },
  edges: BatchEdges,
): Promise<void> {
  const startedAt = performance.now();
  const summary: PhotoSummary = {};
  const { bucket, key, versionId } = location;
  const facts = () => ({
    bucket,
    key,
    versionId,
    receives,
    ...summary,
    tookMs: Math.round(performance.now() - startedAt),
  });
  try {
    const delivery = { receives, noMoreCalls: accountFault.signal, summary };
    const { status, ...more } = await processPhoto(location, delivery, edges);
    const line = summary.isTagged === false ? 'photo object could not be tagged' : `photo object ${status}`;
    log[summary.isTagged === false ? 'error' : 'info'](line, { ...facts(), status, ...more });
  } catch (error) {
    if (error instanceof AccountFaultError) accountFault.abort(error);
    log.warn('photo object is tried again later', { ...facts(), error: describeError(error) });
    throw error;
  }
}

function longestWait(errors: readonly unknown[]): unknown {
  return errors.reduce((longest, error) => ((waitOf(error) ?? 0) > (waitOf(longest) ?? 0) ? error : longest));
}

/** A malformed message is as malformed later: it need not wait on its way to the dead-letter queue. */
function waitOf(error: unknown): number | undefined {
  if (error instanceof MalformedEventError) return 0;
  return error instanceof RetryLaterError ? error.waitMs : undefined;
}
