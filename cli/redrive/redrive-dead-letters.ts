import type { Command } from '../command';
import { UsageError } from '../command-error';
import { type ExitStatus, exitStatus } from '../exit-status';
import { explainError } from '../explain-error';
import { type OptionValues, parseReasons, parseSendOptions, type SendArguments, sendOptions } from '../options';
import { PhotoOutcomes } from '../photos/photo-outcome';
import { maxBatch, QueueFeed } from '../photos/queue-feed';
import { chooseRate, claimsBucketOf, readFunctionSettings } from '../stack/function-settings';
import { accessStack } from '../stack/stack-access';
import { isConfirmed } from '../terminal/confirm';
import { ProgressBar } from '../terminal/progress';
import type { Terminal } from '../terminal/terminal';
import { type ClassifiedMessage, classifyMessages } from './classify-messages';
import { type DeadLetter, DeadLetterQueue, inChunks } from './dead-letter-queue';
import { type RedrivableReason, redrivableReasons } from './dead-letter-reason';
import { handleNotEvents, type NotEventsTask } from './not-events';
import { ReasonCounts } from './reason-counts';

interface Arguments extends SendArguments {
  readonly reasons: readonly RedrivableReason[];
  /** Undefined: messages are redriven. */
  readonly notEvents: NotEventsTask | undefined;
}

/** Sends dead-lettered messages through the upload queue again. SQS's own redrive moves all messages, whatever the reason. */
export const redriveDeadLetters: Command<Arguments> = {
  summary: 'Sends dead-lettered messages through the upload queue again.',
  options: ['reason', 'show', 'delete', ...sendOptions],
  examples: [
    'redrive dead-letters --dry-run',
    'redrive dead-letters --reason account-fault',
    'redrive dead-letters --show',
  ],
  details: [
    'Use --dry-run to see the reasons. Fix the cause, then redrive. Without --reason, messages of all reasons are sent. ' +
      'Messages that are not an event of a photo object are never sent.',
    '--show prints the messages that are not an event, with their IDs. --delete ID deletes one of them, after a confirmation. ' +
      'Messages about photos are never deleted this way.',
    'Each message is sent before it is deleted from the dead-letter queue, so no message is lost if the command stops.',
  ],
  parse: (values) => ({
    ...parseSendOptions(values),
    reasons: values.reason === undefined ? redrivableReasons : parseReasons(values.reason, redrivableReasons),
    notEvents: parseNotEvents(values),
  }),
  run,
};

/** @throws UsageError if the options contradict each other. */
function parseNotEvents(values: OptionValues): NotEventsTask | undefined {
  const { show, delete: messageIds } = values;
  if (show === undefined && messageIds === undefined) return undefined;
  if (show === true && messageIds !== undefined) throw new UsageError('Use either --show or --delete, not both');
  const other = (['reason', 'dry-run', 'rate'] as const).find((name) => values[name] !== undefined);
  if (other !== undefined) throw new UsageError(`--${other} can't be combined with --show or --delete`);
  return messageIds === undefined ? { kind: 'show' } : { kind: 'delete', messageIds: [...new Set(messageIds)] };
}

/**
 * Each message is sent before it is deleted. If the command stops in between, the message exists twice, and the function skips
 * finished work.
 */
async function run(options: Arguments, terminal: Terminal): Promise<ExitStatus> {
  const { isDryRun, isJson, reasons } = options;
  const { interruption: signal } = terminal;
  const access = await accessStack(options.stack, terminal.environment);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const queue = new DeadLetterQueue(access.sqs, access.stack.deadLetterQueueUrl);
  const deps = {
    outcomes: new PhotoOutcomes(access.s3, claimsBucketOf(settings)),
    findLastErrors: access.lastErrorsIn(settings.logGroup),
    photoBucket: access.stack.photoBucket,
  };
  if (options.notEvents !== undefined) {
    return handleNotEvents(options.notEvents, { queue, deps, isConfirmed: options.isConfirmed, isJson }, terminal);
  }
  const messagesPerSecond = chooseRate(options.rate, settings);
  if (!(await isConfirmed('Dead-lettered messages will be sent through the queue again.', options, terminal))) {
    terminal.notice('Nothing was sent.');
    return exitStatus.wrong;
  }
  const feed = new QueueFeed(access.sqs, access.stack.uploadQueueUrl, { messagesPerSecond, signal });
  const bar = new ProgressBar(terminal);
  const counts = new ReasonCounts();
  const hidden: DeadLetter[] = [];
  let failure: unknown;
  try {
    for await (const round of queue.rounds(signal)) {
      const unsent = new Set(round);
      try {
        const classified = await classifyMessages(round, deps);
        counts.addClassified(classified);
        const selected = classified.filter(({ reason }) => reasons.some((chosen) => chosen === reason));
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
    terminal.notice(`${explainError(failure)}. Messages that were not sent are still in the dead-letter queue.`);
  }
  if (isJson) await terminal.print(JSON.stringify({ isDryRun, reasons: counts }));
  else for (const line of counts.render(isDryRun, terminal.columns)) await terminal.print(line);
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
