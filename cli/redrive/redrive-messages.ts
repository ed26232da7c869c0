import { CommandError, UsageError } from '../command-error';
import { type ExitStatus, exitStatus } from '../exit-status';
import { explainError } from '../explain-error';
import {
  type OptionName,
  type OptionValues,
  parseReasons,
  parseSendOptions,
  type SendArguments,
  sendOptions,
} from '../options';
import { PhotoOutcomes } from '../photos/photo-outcome';
import { maxBatch, QueueFeed } from '../photos/queue-feed';
import {
  areOperatorsNamed,
  chooseRate,
  claimsBucketOf,
  type FunctionSettings,
  readFunctionSettings,
} from '../stack/function-settings';
import type { Stack } from '../stack/stack';
import { accessStack, type StackAccess } from '../stack/stack-access';
import { isConfirmed } from '../terminal/confirm';
import { ProgressBar } from '../terminal/progress';
import { say, type Terminal } from '../terminal/terminal';
import { type ClassifiedMessage, classifyMessages, type FindCauses } from './classify-messages';
import { type DeadLetter, DeadLetterQueue, inChunks } from './dead-letter-queue';
import { isSentByDefault, redrivable } from './dead-letter-reason';
import { ReasonCounts } from './reason-counts';
import { handleUnsent, type UnsentTask } from './unsent-messages';

/** A dead-letter queue whose messages can be redriven. */
export interface RedriveSource {
  /** For sentences, such as `dead-letter queue`. */
  readonly queueName: string;
  /** What its messages are, for the question before they are sent. */
  readonly what: string;
  /** Why the question is asked. Default: live photos can cost money. */
  readonly warning?: string;
  /** What each reason means, and what to do. */
  readonly reasons: Readonly<Record<string, string>>;
  /** @throws CommandError if the stack has no such queue. */
  readonly urlOf: (stack: Stack) => string;
  readonly causesIn: (access: StackAccess, settings: FunctionSettings) => FindCauses;
}

/** Arguments of a command that redrives the messages of a queue. */
export interface RedriveArguments extends SendArguments {
  readonly reasons: readonly string[];
  /** Undefined: messages are redriven. */
  readonly unsent: UnsentTask | undefined;
}

/** Options of a command that redrives the messages of a queue. */
export const redriveOptions: readonly OptionName[] = ['reason', 'show', 'show-client-id', 'delete', ...sendOptions];

/** @throws UsageError if an option is malformed, or if options contradict each other. */
export function parseRedriveOptions(values: OptionValues, { reasons }: RedriveSource): RedriveArguments {
  const allowed = redrivable(reasons);
  return {
    ...parseSendOptions(values),
    reasons: values.reason === undefined ? allowed.filter(isSentByDefault) : parseReasons(values.reason, allowed),
    unsent: parseUnsent(values),
  };
}

function parseUnsent(values: OptionValues): UnsentTask | undefined {
  const { show, delete: messageIds, 'show-client-id': isClientIdShown = false } = values;
  if (isClientIdShown && show !== true) throw new UsageError('--show-client-id needs --show');
  if (show === undefined && messageIds === undefined) return undefined;
  if (show === true && messageIds !== undefined) throw new UsageError('Use either --show or --delete, not both');
  const other = (['reason', 'dry-run', 'rate'] as const).find((name) => values[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--${other} can't be combined with --show or --delete`);
  return messageIds === undefined
    ? { kind: 'show', isClientIdShown }
    : { kind: 'delete', messageIds: [...new Set(messageIds)] };
}

/**
 * Sends the messages of a dead-letter queue through the upload queue again. SQS's own redrive moves all messages, whatever the
 * reason.
 *
 * Each message is sent before it is deleted. If the command stops in between, the message exists twice, and the function skips
 * finished work.
 */
export async function redriveMessages(
  source: RedriveSource,
  options: RedriveArguments,
  terminal: Terminal,
): Promise<ExitStatus> {
  const { isDryRun, isJson, reasons } = options;
  const { queueName } = source;
  const { interruption: signal } = terminal;
  const access = await accessStack(options.stack, terminal.environment);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const queue = new DeadLetterQueue(access.sqs, source.urlOf(access.stack));
  const deps = {
    outcomes: new PhotoOutcomes(access.s3, claimsBucketOf(settings)),
    findCauses: source.causesIn(access, settings),
    photoBucket: access.stack.photoBucket,
  };
  if (options.unsent !== undefined) {
    const ofQueue = { queue, queueName, deps };
    return handleUnsent(options.unsent, { ...ofQueue, isConfirmed: options.isConfirmed, isJson }, terminal);
  }
  if (reasons.includes('operators-not-named') && !isDryRun && !areOperatorsNamed(settings)) {
    throw new CommandError('The stack still names no operators: deploy with -c operatorRoleArns=ROLE_ARN first');
  }
  const messagesPerSecond = chooseRate(options.rate, settings);
  const question = `${source.what} will be sent through the queue again.`;
  if (!(await isConfirmed(question, options, terminal, source.warning))) {
    terminal.notice('Nothing was sent.');
    return exitStatus.wrong;
  }
  const feed = new QueueFeed(access.sqs, access.stack.uploadQueueUrl, { messagesPerSecond, signal });
  const bar = new ProgressBar(terminal);
  const counts = new ReasonCounts(queueName, source.reasons);
  const hidden: DeadLetter[] = [];
  let failure: unknown;
  try {
    for await (const round of queue.rounds(signal)) {
      const unsent = new Set(round);
      try {
        const classified = await classifyMessages(round, deps);
        counts.addClassified(classified);
        const selected = classified.filter(({ reason }) => reasons.includes(reason));
        for (const batch of inChunks(selected, maxBatch)) {
          if (!isDryRun && !(await moveMessages(batch, unsent, { queue, feed }))) break;
          counts.addSelected(batch);
          bar.update({ done: counts.classified, total: undefined, note: 'messages classified' });
        }
      } finally {
        hidden.push(...unsent);
      }
    }
  } catch (error) {
    failure = error;
  }
  try {
    await queue.release(hidden);
  } catch (error) {
    terminal.notice(`${explainError(error)}. The messages that were not sent reappear within 15 minutes.`);
  }
  if (failure !== undefined) {
    terminal.notice(`${explainError(failure)}. Messages that were not sent are still in the ${queueName}.`);
  }
  if (isJson) await terminal.print(JSON.stringify({ isDryRun, reasons: counts }));
  else await say(terminal, counts.render(isDryRun));
  if (failure !== undefined) return exitStatus.wrong;
  return signal.aborted ? exitStatus.interrupted : exitStatus.done;
}

/** Sends messages, then deletes them and removes them from `unsent`. @returns whether they were sent. */
async function moveMessages(
  classified: readonly ClassifiedMessage[],
  unsent: Set<DeadLetter>,
  { queue, feed }: { readonly queue: DeadLetterQueue; readonly feed: QueueFeed },
): Promise<boolean> {
  const messages = classified.map(({ message }) => message);
  if (!(await feed.send(messages.map(({ body }) => body)))) return false;
  await queue.delete(messages);
  for (const message of messages) unsent.delete(message);
  return true;
}
