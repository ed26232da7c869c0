import { isAgreedTo } from './agreement';
import { type ClassifiedLetter, classifyLetters } from './classify-letters';
import type { Command } from './command-line';
import { type DeadLetterReason, deadLetterReasons } from './dead-letter-reason';
import { type DeadLetter, DeadLetters, inChunks } from './dead-letters';
import { type ExitStatus, exitStatus } from './exit-status';
import { explainError } from './explain-error';
import { claimsBucketOf, readFunctionSettings } from './function-settings';
import { PhotoOutcomes } from './photo-outcome';
import { ProgressBar } from './progress';
import { maxBatch, QueueFeed } from './queue-feed';
import { ReasonTally } from './reason-tally';
import { abortableClock, chooseRate } from './send-photos';
import type { Shell } from './shell';
import { accessStack } from './stack-access';

type Asked = Extract<Command, { readonly name: 'redrive dead-letters' }>;

/** What is redriven when no reason is given: trying again can't mend what is no event. */
const usualReasons = (Object.keys(deadLetterReasons) as DeadLetterReason[]).filter(
  (reason) => reason !== 'not-an-event',
);

/**
 * Sends dead letters through the upload queue again, and leaves the others where they are.
 *
 * Each is sent first and deleted then: whenever this stops, a message may be there twice, and the function skips what is done;
 * none is lost. SQS's own redrive moves all there are, whatever their reason.
 */
export async function redriveDeadLetters(asked: Asked, shell: Shell): Promise<ExitStatus> {
  const { isDryRun, isJson, reasons = usualReasons } = asked;
  const { interruption: signal } = shell;
  const access = await accessStack(asked.stack, shell.variables);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const rate = chooseRate(asked.rate, settings);
  if (!(await isAgreedTo('Dead letters are sent through the queue again.', asked, shell))) {
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
      // Until they are sent and deleted, or released, all of them are held.
      const open = new Set(round);
      try {
        const classified = await classifyLetters(round, edges);
        tally.countLooked(classified);
        const selected = classified.filter(({ reason }) => reasons.includes(reason));
        for (const some of inChunks(selected, maxBatch)) {
          if (!isDryRun && !(await moveLetters(some, open, { letters, feed }))) break;
          tally.countSelected(some);
          const progress = { done: tally.looked, total: undefined, note: 'dead letters looked at' };
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
    shell.say(`${explainError(error)}: the dead letters that are left show again within 15 minutes`);
  }
  if (failure !== undefined) {
    shell.say(`${explainError(failure)}: what was not sent is still in the dead-letter queue`);
  }
  if (isJson) await shell.print(JSON.stringify({ isDryRun, reasons: tally }));
  else for (const line of tally.render(isDryRun)) await shell.print(line);
  if (failure !== undefined) return exitStatus.wrong;
  return signal.aborted ? exitStatus.interrupted : exitStatus.done;
}

/** Sends letters, then deletes them; those that are deleted leave `open`. @returns whether they were sent. */
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
