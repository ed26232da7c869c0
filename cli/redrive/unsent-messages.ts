import { CommandError, UsageError } from '../command-error';
import { type ExitStatus, exitStatus } from '../exit-status';
import { explainError } from '../explain-error';
import type { Terminal } from '../terminal/terminal';
import { count, printable } from '../terminal/text';
import { type ClassifiedMessage, classifyMessages, type ClassifyDeps } from './classify-messages';
import type { DeadLetter, DeadLetterQueue } from './dead-letter-queue';
import { isSentByDefault } from './dead-letter-reason';

/** What to do with messages that are not sent by default. */
export type UnsentTask =
  | { readonly kind: 'show'; readonly isClientIdShown: boolean }
  | { readonly kind: 'delete'; readonly messageIds: readonly string[] };

/** How much of a body is printed. */
const maxPrinted = 2_000;

/** Shows messages that are not sent by default, or deletes those with the given IDs. All other messages stay in the queue. */
export async function handleUnsent(
  task: UnsentTask,
  { queue, queueName, deps, isConfirmed, isJson }: UnsentDeps,
  terminal: Terminal,
): Promise<ExitStatus> {
  const kept: DeadLetter[] = [];
  const chosen: ClassifiedMessage[] = [];
  try {
    for await (const round of queue.rounds(terminal.interruption)) {
      kept.push(...round);
      const classified = await classifyMessages(round, deps);
      if (task.kind === 'show') await show(classified.filter(isUnsent), { ...task, isJson }, terminal);
      else chosen.push(...classified.filter(({ message }) => task.messageIds.includes(message.messageId)));
    }
    if (terminal.interruption.aborted) return exitStatus.interrupted;
    if (task.kind === 'show') return exitStatus.done;
    checkChosen(task.messageIds, chosen, queueName);
    if (!isConfirmed && !(await confirm(chosen.length, terminal))) {
      terminal.notice('Nothing was deleted.');
      return exitStatus.wrong;
    }
    await queue.delete(chosen.map(({ message }) => message));
    for (const { message } of chosen) kept.splice(kept.indexOf(message), 1);
    await terminal.print(
      isJson ? JSON.stringify({ deleted: chosen.length }) : `Deleted ${count(chosen.length, 'message')}.`,
    );
    return exitStatus.done;
  } finally {
    await queue
      .release(kept)
      .catch((error: unknown) => terminal.notice(`${explainError(error)}. The messages reappear within 15 minutes.`));
  }
}

/** The dependencies of {@link handleUnsent}. */
export interface UnsentDeps {
  readonly queue: DeadLetterQueue;
  readonly queueName: string;
  readonly deps: ClassifyDeps;
  /** Whether `--yes` confirms in advance. */
  readonly isConfirmed: boolean;
  readonly isJson: boolean;
}

function isUnsent({ reason }: ClassifiedMessage): boolean {
  return !isSentByDefault(reason);
}

async function show(
  classified: readonly ClassifiedMessage[],
  { isJson, isClientIdShown }: { readonly isJson: boolean; readonly isClientIdShown: boolean },
  terminal: Terminal,
): Promise<void> {
  for (const { message, reason, detail = defaultDetail(reason) } of classified) {
    const { messageId, reasonCode, deliveryError } = message;
    const body = isClientIdShown ? message.body : hideClientIds(message.body);
    const line = isJson
      ? JSON.stringify({ messageId, reasonCode, deliveryError, body })
      : `${messageId}: ${printable(detail)}\n  ${printable(body.slice(0, maxPrinted))}${body.length > maxPrinted ? '…' : ''}`;
    await terminal.print(line);
  }
}

/** In any text, because a message that is dead-lettered may be damaged JSON, or JSON in a string. */
function hideClientIds(body: string): string {
  return body.replace(/("clientId\\*"\s*:\s*\\*")[^"\\]*|("clientId\\*"\s*:\s*)[^\s"\\,}]+/gi, '$1$2…');
}

function defaultDetail(reason: string): string {
  return reason === 'not-an-event' ? 'not an event of a photo object' : reason;
}

/** @throws CommandError naming a message that must not be deleted, or was not found. */
function checkChosen(messageIds: readonly string[], chosen: readonly ClassifiedMessage[], queueName: string): void {
  const sendable = chosen.find((message) => !isUnsent(message));
  if (sendable !== undefined) {
    throw new CommandError(`${sendable.message.messageId} can be redriven. Nothing was deleted`);
  }
  const missing = messageIds.find((id) => !chosen.some(({ message }) => message.messageId === id));
  if (missing !== undefined) {
    throw new CommandError(
      `The ${queueName} has no message ${missing}, or another program has received it: try again. Nothing was deleted`,
    );
  }
}

/** @throws UsageError if nobody can answer. */
async function confirm(messages: number, terminal: Terminal): Promise<boolean> {
  const answer = await terminal.ask(`${count(messages, 'message')} will be deleted for ever. Continue? [y/N] `);
  if (answer === undefined) throw new UsageError('There is no terminal to ask for confirmation: use --yes');
  return /^y(es)?$/i.test(answer.trim());
}
