import type { ReceivedMessage, UploadQueue } from './aws/upload-queue';
import type { Pace } from './complycube/pace';
import type { AccountGate } from './delivery';
import type { MessagesInProgress } from './messages-in-progress';
import { describeError, type Log } from './observe/log';
import { firstHideMs } from './process-message';

/** The dependencies of {@link drawMessages}. */
export interface DrawDeps {
  readonly queue: Pick<UploadQueue, 'receive'>;
  readonly pace: Pick<Pace, 'callsPerSecond'>;
  readonly photoDeadlineMs: number;
}

/** The invocation that draws. */
export interface DrawingInvocation {
  readonly accountGate: AccountGate;
  readonly inProgress: MessagesInProgress;
  /** The time for processing that is left. */
  readonly leftMs: () => number;
  readonly log: Log;
}

/** A receive waits a second for messages, and its request may take as long again. */
const receiveMs = 2_000;

/**
 * Receives further messages while the others wait for ComplyCube's answers, so that calls start at the whole pace, however long
 * an answer takes. A batch of the event source mapping would end with its slowest photo.
 *
 * Receives ten messages whenever less than a second's calls are waiting. Ends when the queue is empty, when no photo could have
 * its whole time any more, when the account is at fault, or when ComplyCube allows less than one call a second.
 * @param start starts to process the messages.
 */
export async function drawMessages(
  { accountGate, inProgress, leftMs, log }: DrawingInvocation,
  deps: DrawDeps,
  start: (messages: readonly ReceivedMessage[]) => void,
): Promise<void> {
  const { queue, pace, photoDeadlineMs } = deps;
  for (;;) {
    await inProgress.untilFewWait(() => pace.callsPerSecond);
    if (accountGate.isClosed || pace.callsPerSecond < 1 || leftMs() < photoDeadlineMs + receiveMs) return;
    let messages: readonly ReceivedMessage[];
    try {
      messages = await queue.receive(firstHideMs(1, deps));
    } catch (error) {
      log.warn('no further messages could be received', { error: describeError(error) });
      return;
    }
    if (messages.length === 0) return;
    start(messages);
  }
}
