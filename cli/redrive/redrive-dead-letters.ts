import type { Command } from '../command';
import { deadLetterReasons, reasonOfErrorCode } from './dead-letter-reason';
import {
  parseRedriveOptions,
  type RedriveArguments,
  redriveMessages,
  redriveOptions,
  type RedriveSource,
} from './redrive-messages';

const deadLetters: RedriveSource = {
  queueName: 'dead-letter queue',
  what: 'Dead-lettered messages',
  reasons: deadLetterReasons,
  urlOf: ({ deadLetterQueueUrl }) => deadLetterQueueUrl,
  causesIn: (access, { logGroup }) => {
    const findLastErrors = access.lastErrorsIn(logGroup);
    return async (messages) => {
      const errors = await findLastErrors(messages.map(({ messageId }) => messageId));
      return messages.map(({ messageId }) => {
        const last = errors.get(messageId);
        return { reason: reasonOfErrorCode(last?.errorCode), detail: last?.error };
      });
    };
  },
};

/** Sends dead-lettered messages through the upload queue again. */
export const redriveDeadLetters: Command<RedriveArguments> = {
  summary: 'Sends dead-lettered messages through the upload queue again.',
  options: redriveOptions,
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
  parse: (values) => parseRedriveOptions(values, deadLetters),
  run: (options, terminal) => redriveMessages(deadLetters, options, terminal),
};
