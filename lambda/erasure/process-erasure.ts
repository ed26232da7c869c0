import type { ClientErasureRequest } from '../../contract/client-erasure-message';
import type { ErasureReasonCode } from '../../contract/dead-letter-reasons';
import type { ErasureRequest } from '../../contract/erasure-message';
import type { ReceivedMessage } from '../aws/upload-queue';
import type { Pace } from '../complycube/pace';
import { deliver, type DeliverDeps, type DeliveryContext } from '../deliver';
import type { Delivery } from '../delivery';
import { embedMetrics } from '../observe/embed-metrics';
import { type ErasureEnd, isRefused, measureErasure } from '../observe/erasure-metrics';
import { describeError, type Log } from '../observe/log';
import { errorCodeOf, RetryLaterError } from '../retry-later-error';
import { DeadLetterError } from './dead-letter-error';
import { type ClientErasureDeps, eraseClient } from './erase-client';
import { type ErasureDeps, eraseVersion } from './erase-version';

/** The dependencies of {@link processErasure}. */
export type ErasureMessageDeps = DeliverDeps &
  ErasureDeps &
  ClientErasureDeps & {
    readonly pace: Pick<Pace, 'percentAllowed'>;
    /** Whether the stack names its operators. Then the queue's policy allows only them to send. */
    readonly areOperatorsNamed: boolean;
    /** The function's name, a dimension of its metrics. */
    readonly functionName: string;
  };

/** A message that requests an erasure. */
export interface ErasureMessage extends Pick<ReceivedMessage, 'receives' | 'senderId'> {
  readonly request: ErasureRequest | ClientErasureRequest;
}

/** What an erasure needs of its invocation. */
export interface ErasureContext extends DeliveryContext {
  /** Whether the message certainly comes from the queue. */
  readonly isFromQueue: Promise<boolean>;
  readonly log: Log;
}

/**
 * Erases a version or a client, and writes the log line, which also publishes the metrics.
 *
 * An answer about the account, such as 402, does not close the gate: it must not stop the uploads of the batch.
 * @returns why the message must be dead-lettered. Undefined: the erasure is done.
 * @throws the error that makes the message be retried.
 */
export async function processErasure(
  { request, receives, senderId }: ErasureMessage,
  context: ErasureContext,
  deps: ErasureMessageDeps,
): Promise<ErasureReasonCode | undefined> {
  const requestedBy = operatorOf(senderId, deps);
  if (requestedBy instanceof DeadLetterError) return requestedBy.reason;
  const erase = async (delivery: Delivery): Promise<ErasureEnd> => {
    await ensureFromQueue(context);
    return 'clientId' in request
      ? eraseClient({ ...request, requestedBy }, delivery, deps)
      : eraseVersion({ ...request, requestedBy }, delivery, deps);
  };
  const { end, summary, startedAtMs, endedAtMs } = await deliver(erase, context, deps);
  if ('error' in end && end.error instanceof DeadLetterError) return end.error.reason;
  const { functionName, pace } = deps;
  // A log line never contains a client ID.
  const { bucket, key, versionId, requestId }: Partial<ErasureRequest> = request;
  const line = {
    ...{ bucket, key, versionId, erasure: requestId, receives },
    ...summary,
    tookMs: endedAtMs - startedAtMs,
    ...embedMetrics(measureErasure({ end, summary, receives, pacePercent: pace.percentAllowed }), {
      functionName,
      nowMs: endedAtMs,
    }),
  };
  if ('error' in end) {
    const { error } = end;
    context.log.warn('erasure is retried', { ...line, error: describeError(error), errorCode: errorCodeOf(error) });
    throw error;
  }
  const outcome = end.result;
  if (isRefused(outcome)) context.log.error('erasure is refused', { ...line, outcome });
  else context.log.info('clientId' in request ? 'client erased' : 'photo object erased', { ...line, outcome });
  return undefined;
}

/**
 * Principals that may invoke the function can pass it an event with any sender. But they have no receipt handle of the queue.
 * @throws RetryLaterError when SQS refused the receipt handle, or did not answer.
 */
async function ensureFromQueue({ isFromQueue }: Pick<ErasureContext, 'isFromQueue'>): Promise<void> {
  if (await isFromQueue) return;
  throw new RetryLaterError('sqs-failed', 'SQS did not confirm that the erasure comes from the queue');
}

/** The unique ID of a role, and its session's name (SQS API reference, ReceiveMessage, `SenderId`). */
const roleSession = /^AROA[A-Z0-9]+:/;

/** Operators are roles. The queue's policy compares their ARNs. SQS does not tell the function an ARN. */
function operatorOf(
  senderId: string | undefined,
  { areOperatorsNamed }: Pick<ErasureMessageDeps, 'areOperatorsNamed'>,
): string | DeadLetterError {
  if (!areOperatorsNamed) return new DeadLetterError('operators-not-named');
  if (senderId === undefined || !roleSession.test(senderId)) return new DeadLetterError('sender-not-operator');
  return senderId;
}
