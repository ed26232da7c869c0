import { setTimeout } from 'node:timers/promises';
import type { Clock } from '../../lambda/clock';
import { isAgreedTo } from '../terminal/confirm';
import { CommandError } from '../command-error';
import type { SendingArguments } from '../command-line';
import { type ExitStatus, exitStatus } from '../exit-status';
import { explainError } from '../explain-error';
import {
  claimsBucketOf,
  type FunctionSettings,
  readFunctionSettings,
  requestsPerSecondOf,
} from '../stack/function-settings';
import { PhotoOutcomes } from './photo-outcome';
import { howToGoOn } from './continue-command';
import { choosePhotos } from './photo-scope';
import { countPhotos, PhotoWalk, type WalkPlan } from './photo-walk';
import { QueueFeed } from './queue-feed';
import type { Shell } from '../terminal/terminal';
import { accessStack } from '../stack/stack-access';
import { renderTally } from './walk-summary';
import { printable } from '../terminal/text';
import { WalkDisplay } from './walk-progress';

/** A command that goes through photo objects and sends some of them to the queue. */
export interface SendingCommand {
  /** As it is typed, with the options of its own: how to go on repeats it. */
  readonly words: readonly string[];
  readonly select: WalkPlan['select'];
  /** What is sent, in the words of a sentence: `photos that were never processed`. */
  readonly what: string;
}

/** Carries out a command that sends photo objects. */
export async function sendPhotos(
  { words, select, what }: SendingCommand,
  asked: SendingArguments,
  shell: Shell,
): Promise<ExitStatus> {
  const access = await accessStack(asked.stack, shell.variables);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const { startAfter, isDryRun, isJson } = asked;
  const scope = { ...(await choosePhotos(asked, access, settings)), startAfter };
  const rate = chooseRate(asked.rate, settings);
  const where = `${scope.bucket}${scope.prefix === '' ? '' : `, keys ${printable(scope.prefix)}…`}`;
  const question = `Of ${where}, ${what} are sent through the queue, at most ${rate} a second.`;
  if (!(await isAgreedTo(question, asked, shell))) {
    shell.say('Nothing was sent.');
    return exitStatus.wrong;
  }

  const { interruption: signal } = shell;
  const display = new WalkDisplay(shell, isDryRun ? 'to send' : 'sent');
  const { onCount, onWait, onProgress } = display;
  // Just for the bar: to list is quick, and tells how much there is.
  if (shell.isTerminal) await countPhotos(access, scope, { signal, onCount });
  const pace = { messagesPerSecond: rate, clock: abortableClock(signal), onWait, signal };
  const feed = isDryRun ? undefined : new QueueFeed(access.sqs, access.stack.uploadQueueUrl, pace);
  const outcomes = new PhotoOutcomes(access.s3, claimsBucketOf(settings));
  const walk = new PhotoWalk({ scope, select }, { access, outcomes, feed, signal, onProgress });
  let isWhole: boolean;
  try {
    isWhole = await walk.run();
  } catch (error) {
    shell.say(explainError(error));
    shell.say(howToGoOn(words, asked, walk.tally.position));
    return exitStatus.wrong;
  }
  if (isJson) await shell.print(JSON.stringify({ ...walk.tally, isWhole, isDryRun, messagesPerSecond: rate }));
  else for (const line of renderTally(walk.tally, { isDryRun, rate, what })) await shell.print(line);
  if (isWhole) return exitStatus.done;
  shell.say('Interrupted.');
  shell.say(howToGoOn(words, asked, walk.tally.position));
  return exitStatus.interrupted;
}

/** @throws CommandError when neither the person nor the stack tells. */
export function chooseRate(given: number | undefined, settings: FunctionSettings): number {
  const rate = given ?? requestsPerSecondOf(settings);
  if (rate === undefined) throw new CommandError("The function's settings don't tell its pace: give --rate");
  return rate;
}

/** Time whose waits end when the signal aborts. */
export function abortableClock(signal: AbortSignal): Pick<Clock, 'now' | 'sleep'> {
  return {
    now: () => Date.now(),
    sleep: async (ms) => {
      await setTimeout(ms, undefined, { signal }).catch(() => undefined);
    },
  };
}
