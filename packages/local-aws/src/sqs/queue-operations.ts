import type { AwsJsonOperation } from '../aws-json-protocol';
import type { NamedQueue } from './named-queue';
import type { Queues } from './queues';
import { required, requiredString } from './requests';

/**
 * The operations on queues, by name.
 * @param urlOf returns a queue's URL from its name.
 */
export function queueOperations(queues: Queues, urlOf: (name: string) => string): Record<string, AwsJsonOperation> {
  return {
    GetQueueUrl(input) {
      input.refuseOtherThan('QueueName');
      return { QueueUrl: urlOf(queues.named(requiredString(input, 'QueueName')).name) };
    },

    GetQueueAttributes(input) {
      input.refuseOtherThan('QueueUrl', 'AttributeNames');
      const queue = queues.withUrl(requiredString(input, 'QueueUrl'));
      const names = input.strings('AttributeNames') ?? [];
      const requested = [...allAttributes(queue)].filter(([name]) => names.includes('All') || names.includes(name));
      return requested.length > 0 ? { Attributes: Object.fromEntries(requested) } : {};
    },

    SetQueueAttributes(input) {
      input.refuseOtherThan('QueueUrl', 'Attributes');
      const changes = required(input.stringMap('Attributes'), 'Attributes');
      queues.setAttributes(queues.withUrl(requiredString(input, 'QueueUrl')), changes);
      return {};
    },

    PurgeQueue(input) {
      input.refuseOtherThan('QueueUrl');
      queues.withUrl(requiredString(input, 'QueueUrl')).messages.purge();
      return {};
    },
  };
}

function allAttributes(queue: NamedQueue): Map<string, string> {
  const { ready, inFlight, delayed } = queue.messages.depth();
  return new Map([
    ...queue.attributes,
    ['QueueArn', queue.arn],
    ['ApproximateNumberOfMessages', String(ready)],
    ['ApproximateNumberOfMessagesNotVisible', String(inFlight)],
    ['ApproximateNumberOfMessagesDelayed', String(delayed)],
  ]);
}
