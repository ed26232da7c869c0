import { isAgreedTo } from '../terminal/confirm';
import { type ClassifiedLetter, classifyLetters } from './classify-messages';
import type { Command } from '../command-line';
import { redrivableReasons } from './dead-letter-reason';
import { type DeadLetter, DeadLetters, inChunks } from './dead-letter-queue';
import { type ExitStatus, exitStatus } from '../exit-status';
import { explainError } from '../explain-error';
import { claimsBucketOf, readFunctionSettings } from '../stack/function-settings';
import { PhotoOutcomes } from '../photos/photo-outcome';
import { ProgressBar } from '../terminal/progress';
import { maxBatch, QueueFeed } from '../photos/queue-feed';
import { ReasonTally } from './reason-counts';
import { abortableClock, chooseRate } from '../photos/send-photos';
import type { Shell } from '../terminal/terminal';
import { accessStack } from '../stack/stack-access';

type Asked = Extract<Command, { readonly name: 'redrive dead-letters' }>;

/**
 * Sends dead-lettered messages through the upload queue again, and leaves the others in the dead-letter queue. Messages that are
 * no event are never sent.
 *
 * Each message is sent before it is deleted. If the command stops in between, the message exists twice, and the function skips
 * finished work. SQS's own redrive moves all messages, whatever their reason.
 */
export async function redriveDeadLetters(asked: Asked, shell: Shell): Promise<ExitStatus> {
  const { isDryRun, isJson, reasons = redrivableReasons } = asked;
  const { interruption: signal } = shell;
  const access = await accessStack(asked.stack, shell.variables);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const rate = chooseRate(asked.rate, settings);
  if (!(await isAgreedTo('Dead-lettered messages are sent through the queue again.', asked, shell))) {
    shell.say('Nothing was sent.');
    return exitStatus.wrong;
  }
  const letters = new DeadLetters(access.sqs, access.stack.deadLetterQueueUrl);
  const feed = new QueueFeed(access.sqs, access.stack.uploadQueueUrl, {
    messagesPerSecond: rate,
    clock: abortableClock(signal),
    signal,
  });
  const edges = {
    outcomes: new PhotoOutcomes(access.s3, claimsBucketOf(settings)),
    findLastErrors: access.lastErrorsIn(settings.logGroup),
    photoBucket: access.stack.photoBucket,
  };
  const bar = new ProgressBar(
    (line) => {
      shell.redraw(line);
    },
    () => Date.now(),
  );
  const tally = new ReasonTally();
  const held: DeadLetter[] = [];
  let failure: unknown;
  try {
    for await (const round of letters.rounds(signal)) {
      // All of them are hidden until they are deleted or released.
      const open = new Set(round);
      try {
        const classified = await classifyLetters(round, edges);
        tally.countLooked(classified);
        const selected = classified.filter(({ reason }) => reasons.some((asked) => asked === reason));
        for (const some of inChunks(selected, maxBatch)) {
          if (!isDryRun && !(await moveLetters(some, open, { letters, feed }))) break;
          tally.countSelected(some);
          const progress = { done: tally.looked, total: undefined, note: 'messages classified' };
          if (shell.isTerminal) bar.update(progress);
        }
      } finally {
        held.push(...open);
      }
    }
  } catch (error) {
    failure = error;
  }
  try {
    await letters.release(held);
  } catch (error) {
    shell.say(`${explainError(error)}: the messages that were not sent reappear within 15 minutes`);
  }
  if (failure !== undefined) {
    shell.say(`${explainError(failure)}: what was not sent is still in the dead-letter queue`);
  }
  if (isJson) await shell.print(JSON.stringify({ isDryRun, reasons: tally }));
  else for (const line of tally.render(isDryRun)) await shell.print(line);
  if (failure !== undefined) return exitStatus.wrong;
  return signal.aborted ? exitStatus.interrupted : exitStatus.done;
}

/** Sends messages, then deletes them and removes them from `open`. @returns whether they were sent. */
async function moveLetters(
  classified: readonly ClassifiedLetter[],
  open: Set<DeadLetter>,
  { letters, feed }: { readonly letters: DeadLetters; readonly feed: QueueFeed },
): Promise<boolean> {
  const moved = classified.map(({ letter }) => letter);
  if (!(await feed.send(moved.map(({ body }) => body)))) return false;
  await letters.delete(moved);
  for (const letter of moved) open.delete(letter);
  return true;
}
