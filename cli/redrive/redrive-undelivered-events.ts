import type { Command } from '../command';
import { CommandError } from '../command-error';
import { describeDeliveryError } from './classify-messages';
import {
  parseRedriveOptions,
  type RedriveArguments,
  redriveMessages,
  redriveOptions,
  type RedriveSource,
} from './redrive-messages';
import { reasonOfDeliveryError, undeliveredReasons } from './undelivered-reason';

const undeliveredEvents: RedriveSource = {
  queueName: 'queue of undelivered events',
  what: 'Events that EventBridge could not deliver',
  reasons: undeliveredReasons,
  urlOf: ({ name, undeliveredEventsQueueUrl }) => {
    if (undeliveredEventsQueueUrl !== undefined) return undeliveredEventsQueueUrl;
    throw new CommandError(`${name} has no queue of undelivered events: only a stack with an existing bucket has one`);
  },
  causesIn: () => (messages) =>
    Promise.resolve(
      messages.map(({ deliveryError }) => ({
        reason: reasonOfDeliveryError(deliveryError?.code),
        detail: describeDeliveryError(deliveryError),
      })),
    ),
};

/** Sends the events of an existing bucket that EventBridge could not deliver to the upload queue. */
export const redriveUndeliveredEvents: Command<RedriveArguments> = {
  summary: 'Sends events that EventBridge could not deliver to the upload queue.',
  options: redriveOptions,
  examples: ['redrive undelivered-events --dry-run', 'redrive undelivered-events --reason no-permissions'],
  details: [
    'Only a stack with an existing bucket has these events. EventBridge retries for 24 hours, then sends an event to a separate ' +
      'dead-letter queue.',
    'Use --dry-run to see the reasons, which come from the error codes of EventBridge. Fix the cause, then redrive. Without ' +
      '--reason, events of all reasons are sent. Messages that are not an event of a photo object are never sent.',
    '--show prints the messages that are not an event, with their IDs. --delete ID deletes one of them, after a confirmation. ' +
      'Events of photos are never deleted this way.',
    'Each event is sent before it is deleted from the queue of undelivered events, so no event is lost if the command stops.',
  ],
  parse: (values) => parseRedriveOptions(values, undeliveredEvents),
  run: (options, terminal) => redriveMessages(undeliveredEvents, options, terminal),
};
