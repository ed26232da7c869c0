import { isAgreedTo } from './agreement';
import { type ClassifiedLetter, classifyLetters } from './classify-letters';
import type { Command } from './command-line';
import { type DeadLetterReason, deadLetterReasons } from './dead-letter-reason';
import { DeadLetters, inChunks } from './dead-letters';
import { type ExitStatus, exitStatus } from './exit-status';
import { explainError } from './explain-error';
import { claimsBucketOf, readFunctionSettings } from './function-settings';
import { PhotoOutcomes } from './photo-outcome';
import { ProgressBar } from './progress';
import { maxBatch, QueueFeed } from './queue-feed';
import { abortableClock, chooseRate } from './send-photos';
import type { Shell } from './shell';
import { accessStack } from './stack-access';
import { count, printable } from './text';

type Asked = Extract<Command, { readonly name: 'redrive dead-letters' }>;

/** What was found for one reason. */
interface ReasonTally {
  messages: number;
  /** How many of them were sent, or would have been. */
  selected: number;
  /** What the log said of one of them. */
  example: string | undefined;
}

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
  const bar = new ProgressBar((line) => {
    shell.redraw(line);
  }, Date.now);
  const tally = new Map<DeadLetterReason, ReasonTally>();
  const held: { readonly receiptHandle: string }[] = [];
  let looked = 0;
  let failure: unknown;
  try {
    for await (const round of letters.rounds(signal)) {
      // Until they are sent and deleted, or released, all of them are held.
      const open = new Map(round.map((letter) => [letter.messageId, letter]));
      try {
        const classified = await classifyLetters(round, edges);
        looked += classified.length;
        for (const letter of classified) countLetter(tally, letter);
        const selected = classified.filter(({ reason }) => reasons.includes(reason));
        for (const some of inChunks(selected, maxBatch)) {
          if (!isDryRun) {
            if (!(await feed.send(some.map(({ letter }) => letter.body)))) break;
            await letters.delete(some.map(({ letter }) => letter));
            for (const { letter } of some) open.delete(letter.messageId);
          }
          for (const { reason } of some) tallyOf(tally, reason).selected++;
          if (shell.isTerminal) bar.update({ done: looked, total: undefined, note: 'dead letters looked at' });
        }
      } finally {
        held.push(...[...open.values()].map(({ receiptHandle }) => ({ receiptHandle })));
      }
    }
  } catch (error) {
    failure = error;
  }
  await letters.release(held);
  if (failure !== undefined) {
    shell.say(`${explainError(failure)} — what was not sent is still in the dead-letter queue.`);
  }
  if (isJson) await shell.print(JSON.stringify({ isDryRun, reasons: Object.fromEntries(tally) }));
  else for (const line of renderTally(tally, isDryRun)) await shell.print(line);
  if (failure !== undefined) return exitStatus.wrong;
  return signal.aborted ? exitStatus.interrupted : exitStatus.done;
}

function countLetter(tally: Map<DeadLetterReason, ReasonTally>, { reason, error }: ClassifiedLetter): void {
  const ofReason = tallyOf(tally, reason);
  ofReason.messages++;
  ofReason.example ??= error;
}

function tallyOf(tally: Map<DeadLetterReason, ReasonTally>, reason: DeadLetterReason): ReasonTally {
  const standing = tally.get(reason) ?? { messages: 0, selected: 0, example: undefined };
  tally.set(reason, standing);
  return standing;
}

function renderTally(tally: ReadonlyMap<DeadLetterReason, ReasonTally>, isDryRun: boolean): string[] {
  if (tally.size === 0) return ['There are no dead letters.'];
  const lines = [...tally].flatMap(([reason, { messages, selected, example }]) => [
    `${reason}: ${count(messages, 'message')}, ${selected.toLocaleString('en')} ${isDryRun ? 'to send' : 'sent'}`,
    `  ${deadLetterReasons[reason]}`,
    ...(example === undefined ? [] : [`  the log: ${printable(example)}`]),
  ]);
  return [...lines, ...(isDryRun ? ['Nothing was sent, and nothing deleted.'] : [])];
}
