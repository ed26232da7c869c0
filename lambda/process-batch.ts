import type { Context, SQSEvent, SQSRecord } from 'aws-lambda';
import { answerReserveMs } from '../contract/durations';
import { parseReceives, type ReceivedMessage, type UploadQueue } from './aws/upload-queue';
import type { Pace } from './complycube/pace';
import { Deletions } from './delete-messages';
import { AccountGate } from './delivery';
import { drawMessages } from './draw-messages';
import { MessagesInProgress } from './messages-in-progress';
import type { Log } from './observe/log';
import { firstHideMs, hideMessages, type MessageContext, type MessageDeps, processMessage } from './process-message';

/** The dependencies of {@link processBatch}. */
export interface BatchDeps extends MessageDeps {
  readonly queue: Pick<UploadQueue, 'hide' | 'deadLetter' | 'receive' | 'delete'>;
  readonly pace: Pick<Pace, 'callsPerSecond' | 'percentAllowed'>;
  readonly log: Log;
}

/** A settled result for each message. Fulfilled: it is done. Rejected: it stays in the queue and is redelivered after its wait. */
export interface BatchResult {
  /** The messages of the event, in order. The event source mapping deletes those that are done. */
  readonly delivered: readonly PromiseSettledResult<void>[];
  /** The messages that the function received itself. It has deleted those that are done. */
  readonly drawn: readonly PromiseSettledResult<void>[];
}

/**
 * Processes the messages of an event concurrently, and draws further messages from the queue while there is a backlog. Each photo
 * has a separate deadline, so a slow photo does not delay others.
 *
 * Each message's visibility timeout is set to its next wait when processing starts. After a killed invocation the message waits
 * for that time, as after any other failure.
 */
export async function processBatch(
  { Records: records }: SQSEvent,
  context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
  deps: BatchDeps,
): Promise<BatchResult> {
  const log = deps.log.with({ requestId: context.awsRequestId });
  // Leaves time for the handler to answer before the function's timeout.
  const leftMs = (): number => context.getRemainingTimeInMillis() - answerReserveMs;
  const accountGate = new AccountGate();
  const inProgress = new MessagesInProgress();

  const start = (
    messages: readonly ReceivedMessage[],
    origin: Pick<MessageContext, 'hiding' | 'isFromQueue'>,
  ): Promise<void>[] =>
    messages.map((message) =>
      inProgress.add((onCall) =>
        processMessage(
          message,
          {
            ...{ ...origin, accountGate, onCall },
            photoMs: () => Math.min(deps.photoDeadlineMs, leftMs()),
            log: log.with({ messageId: message.messageId }),
          },
          deps,
        ),
      ),
    );
  const hide = (messages: readonly ReceivedMessage[]): Promise<boolean> =>
    hideMessages(
      messages.map(({ receiptHandle, receives }) => ({ receiptHandle, forMs: firstHideMs(receives, deps) })),
      log,
      deps,
    );

  const messages = records.map(messageOf);
  const hiding = hide(messages);
  const delivered = start(messages, { hiding, isFromQueue: hiding });
  if (!showBacklog(records)) return { delivered: await Promise.allSettled(delivered), drawn: [] };

  const deletions = new Deletions(deps.queue, deps.clock, log);
  // An invocation that draws may outlast the visibility timeout of what was delivered to it, so it deletes that itself, too.
  deletions.addWhenDone(messages, delivered);
  const drawn: Promise<void>[] = [];
  await drawMessages({ accountGate, inProgress, leftMs, log }, deps, (received) => {
    // The others were received with this visibility timeout.
    const hidingAgain = hide(received.filter(({ receives }) => receives > 1));
    const started = start(received, { hiding: hidingAgain, isFromQueue: Promise.resolve(true) });
    deletions.addWhenDone(received, started);
    drawn.push(...started);
  });
  const result = { delivered: await Promise.allSettled(delivered), drawn: await Promise.allSettled(drawn) };
  await deletions.end();
  return result;
}

/** A message that is delivered at once waits for less than this. */
const minBacklogMs = 5_000;

/**
 * Whether there may be a backlog: the batch has several messages, or its message has waited in the queue. SQS sometimes delivers a
 * single message although many are waiting.
 */
function showBacklog(records: readonly SQSRecord[]): boolean {
  return records.length > 1 || records.some(hasWaited);
}

function hasWaited({ attributes }: SQSRecord): boolean {
  const { ApproximateReceiveCount, SentTimestamp, ApproximateFirstReceiveTimestamp } = attributes;
  const waitedMs = Number(ApproximateFirstReceiveTimestamp) - Number(SentTimestamp);
  return ApproximateReceiveCount === '1' && waitedMs >= minBacklogMs;
}

function messageOf({ messageId, receiptHandle, body, attributes }: SQSRecord): ReceivedMessage {
  const { ApproximateReceiveCount, SenderId } = attributes;
  return { messageId, receiptHandle, body, receives: parseReceives(ApproximateReceiveCount), senderId: SenderId };
}
