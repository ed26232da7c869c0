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
  warning: 'Live photos can cost money, and an erasure can’t be undone',
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
    'Use --dry-run to see the reasons. Fix the cause, then redrive. Without --reason, messages of all reasons are sent, with ' +
      'two exceptions: erasures with operators-not-named or erasure-unsupported need --reason, because the function has not ' +
      'checked who requested them. Some messages are never sent, such as those that are not an event of a photo object. The ' +
      'reason says so.',
    'You become the requester of an erasure that you redrive: see docs/privacy.md, Evidence of an erasure.',
    '--show prints the messages that are not sent without --reason, with their IDs. --delete ID deletes one of them, after a ' +
      'confirmation. No other message is deleted this way.',
    'Each message is sent before it is deleted from the dead-letter queue, so no message is lost if the command stops.',
  ],
  parse: (values) => parseRedriveOptions(values, deadLetters),
  run: (options, terminal) => redriveMessages(deadLetters, options, terminal),
};
