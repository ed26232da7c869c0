import type { AwsJsonInput } from '../aws-json-input';
import type { AwsJsonOperation } from '../aws-json-protocol';
import type { NamedQueue } from './named-queue';
import type { Queues } from './queues';
import { receiveParameters, receiveRequested } from './receiving';
import { integerWithin, readBatch, required, requiredString, runBatch } from './requests';
import { messageParameters, sendBatch, sendRequested } from './sending';

/** The operations on a queue's messages, by name. */
export function messageOperations(
  queues: Queues,
  receiveLimit: (asked: number) => number,
): Record<string, AwsJsonOperation> {
  /** Refuses unsupported parameters, then finds the queue. */
  const queueOf = (input: AwsJsonInput, ...parameters: readonly string[]): NamedQueue => {
    input.refuseOtherThan('QueueUrl', ...parameters);
    return queues.withUrl(requiredString(input, 'QueueUrl'));
  };

  return {
    SendMessage: (input) => sendRequested(queueOf(input, ...messageParameters), input),

    SendMessageBatch: (input) => sendBatch(queueOf(input, 'Entries'), input),

    ReceiveMessage: (input, signal) =>
      receiveRequested(queueOf(input, ...receiveParameters), input, { signal, receiveLimit }),

    DeleteMessage(input) {
      queueOf(input, 'ReceiptHandle').messages.delete(requiredString(input, 'ReceiptHandle'));
      return {};
    },

    DeleteMessageBatch(input) {
      const { messages } = queueOf(input, 'Entries');
      return runBatch(readBatch(input), ['ReceiptHandle'], (entry) => {
        messages.delete(requiredString(entry, 'ReceiptHandle'));
        return {};
      });
    },

    ChangeMessageVisibilityBatch(input) {
      const { messages } = queueOf(input, 'Entries');
      const name = 'VisibilityTimeout';
      return runBatch(readBatch(input), ['ReceiptHandle', name], (entry) => {
        const timeoutSeconds = required(integerWithin(entry, name, 0, 43_200), name);
        messages.changeVisibility(requiredString(entry, 'ReceiptHandle'), timeoutSeconds);
        return {};
      });
    },
  };
}
