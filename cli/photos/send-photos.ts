import { type ExitStatus, exitStatus } from '../exit-status';
import { explainError } from '../explain-error';
import type { WalkArguments } from '../options';
import { chooseRate, claimsBucketOf, readFunctionSettings } from '../stack/function-settings';
import { accessStack } from '../stack/stack-access';
import { isConfirmed } from '../terminal/confirm';
import { say, type Terminal } from '../terminal/terminal';
import { printable } from '../terminal/text';
import { continueCommand } from './continue-command';
import { PhotoOutcomes } from './photo-outcome';
import { choosePhotos } from './photo-scope';
import { countPhotos, PhotoWalk, type WalkPlan } from './photo-walk';
import { QueueFeed } from './queue-feed';
import { WalkProgress } from './walk-progress';
import { summarizeWalk } from './walk-summary';

/** A command that walks over photo objects and sends some of them to the queue. */
export interface SendCommand {
  /** The command with the options that only it has, for {@link continueCommand}. */
  readonly words: readonly string[];
  readonly select: WalkPlan['select'];
  /** Describes the selected objects, such as `photos without an outcome`. */
  readonly what: string;
}

/** Runs a command that sends photo objects. */
export async function sendPhotos(
  { words, select, what }: SendCommand,
  options: WalkArguments,
  terminal: Terminal,
): Promise<ExitStatus> {
  const access = await accessStack(options.stack, terminal.environment);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const { startAfter, isDryRun, isJson } = options;
  const scope = { ...(await choosePhotos(options, access, settings)), startAfter };
  const rate = chooseRate(options.rate, settings);
  const keys = scope.prefixes.map((prefix) => `${printable(prefix)}…`).join(', ');
  const where = keys === '…' ? '' : ` with keys ${keys}`;
  const question = `Sends ${what} in ${scope.bucket}${where} through the queue, at most ${rate} per second.`;
  if (!(await isConfirmed(question, options, terminal))) {
    terminal.notice('Nothing was sent.');
    return exitStatus.wrong;
  }

  const { interruption: signal } = terminal;
  const { onCount, onWait, onProgress } = new WalkProgress(terminal, isDryRun ? 'to send' : 'sent');
  // Only for the bar: listing is fast, and gives the total.
  if (terminal.isTerminal) await countPhotos(access, scope, { signal, onCount });
  const feed = isDryRun
    ? undefined
    : new QueueFeed(access.sqs, access.stack.uploadQueueUrl, { messagesPerSecond: rate, onWait, signal });
  const outcomes = new PhotoOutcomes(access.s3, claimsBucketOf(settings));
  const walk = new PhotoWalk({ scope, select }, { access, outcomes, feed, signal, onProgress });
  let isWhole: boolean;
  try {
    isWhole = await walk.run();
  } catch (error) {
    terminal.notice(explainError(error));
    terminal.notice(continueCommand(words, options, walk.counts.position));
    return exitStatus.wrong;
  }
  if (isJson) await terminal.print(JSON.stringify({ ...walk.counts, isWhole, isDryRun, messagesPerSecond: rate }));
  else await say(terminal, summarizeWalk(walk.counts, { isDryRun, rate, what }).join('\n'));
  if (isWhole) return exitStatus.done;
  terminal.notice('Interrupted.');
  terminal.notice(continueCommand(words, options, walk.counts.position));
  return exitStatus.interrupted;
}
