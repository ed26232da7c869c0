import type { AwsJsonInput } from '../aws-json-input';
import type { AwsJsonOperation } from '../aws-json-protocol';
import type { NamedQueue } from './named-queue';
import type { Queues } from './queues';
import { receiveRequested } from './receiving';
import { integerWithin, readBatch, required, requiredString, runBatch } from './requests';
import { messageParameters, sendBatch, sendRequested } from './sending';

/** The operations on the messages of one queue, by name. */
export function messageOperations(queues: Queues): Record<string, AwsJsonOperation> {
  /** Refuses parameters that are not known, then finds the queue. */
  const queueOf = (input: AwsJsonInput, ...parameters: readonly string[]): NamedQueue => {
    input.refuseOtherThan('QueueUrl', ...parameters);
    return queues.withUrl(requiredString(input, 'QueueUrl'));
  };

  return {
    SendMessage: (input) => sendRequested(queueOf(input, ...messageParameters), input),

    SendMessageBatch: (input) => sendBatch(queueOf(input, 'Entries'), input),

    ReceiveMessage: (input, signal) => receiveRequested(queueOf(input, ...receiveParameters), input, signal),

    DeleteMessage: (input) => deleteMessage(queueOf(input, ...deleteParameters), input),

    DeleteMessageBatch(input) {
      const queue = queueOf(input, 'Entries');
      return runBatch(readBatch(input), deleteParameters, (entry) => deleteMessage(queue, entry));
    },

    ChangeMessageVisibility: (input) => changeVisibility(queueOf(input, ...changeParameters), input),

    ChangeMessageVisibilityBatch(input) {
      const queue = queueOf(input, 'Entries');
      return runBatch(readBatch(input), changeParameters, (entry) => changeVisibility(queue, entry));
    },
  };
}

const deleteParameters = ['ReceiptHandle'];
const changeParameters = ['ReceiptHandle', 'VisibilityTimeout'];
const receiveParameters = [
  'MaxNumberOfMessages',
  'WaitTimeSeconds',
  'VisibilityTimeout',
  'AttributeNames',
  'MessageSystemAttributeNames',
  'MessageAttributeNames',
];

function deleteMessage(queue: NamedQueue, input: AwsJsonInput): object {
  queue.messages.delete(requiredString(input, 'ReceiptHandle'));
  return {};
}

function changeVisibility(queue: NamedQueue, input: AwsJsonInput): object {
  const name = 'VisibilityTimeout';
  const timeoutSeconds = required(integerWithin(input, name, 0, 43_200), name);
  queue.messages.changeVisibility(requiredString(input, 'ReceiptHandle'), timeoutSeconds);
  return {};
}
