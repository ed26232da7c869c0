import type { AwsJsonOperation } from '../aws-json-protocol';
import type { NamedQueue } from './named-queue';
import { checkAttributeNames } from './queue-attributes';
import type { Queues } from './queues';
import { integerWithin, required, requiredString } from './requests';

const maxListed = 1000;

/**
 * The operations on queues as a whole, by name.
 * @param urlOf a queue's URL, by its name.
 */
export function queueOperations(queues: Queues, urlOf: (name: string) => string): Record<string, AwsJsonOperation> {
  return {
    CreateQueue(input) {
      input.refuseOtherThan('QueueName', 'Attributes');
      const { name } = queues.create(requiredString(input, 'QueueName'), input.stringMap('Attributes') ?? new Map());
      return { QueueUrl: urlOf(name) };
    },

    GetQueueUrl(input) {
      input.refuseOtherThan('QueueName');
      return { QueueUrl: urlOf(queues.named(requiredString(input, 'QueueName')).name) };
    },

    ListQueues(input) {
      input.refuseOtherThan('QueueNamePrefix', 'MaxResults', 'NextToken');
      const after = Buffer.from(input.string('NextToken') ?? '', 'base64').toString();
      const max = integerWithin(input, 'MaxResults', 1, maxListed);
      const names = queues.startingWith(input.string('QueueNamePrefix') ?? '').map(({ name }) => name);
      const left = names.filter((name) => name > after);
      const page = left.slice(0, max ?? maxListed);
      const isMore = max !== undefined && left.length > page.length;
      return {
        ...(page.length > 0 && { QueueUrls: page.map(urlOf) }),
        ...(isMore && { NextToken: Buffer.from(page.at(-1) ?? '').toString('base64') }),
      };
    },

    GetQueueAttributes(input) {
      input.refuseOtherThan('QueueUrl', 'AttributeNames');
      const queue = queues.withUrl(requiredString(input, 'QueueUrl'));
      const names = input.strings('AttributeNames') ?? [];
      checkAttributeNames(names);
      const asked = [...allAttributes(queue)].filter(([name]) => names.includes('All') || names.includes(name));
      return asked.length > 0 ? { Attributes: Object.fromEntries(asked) } : {};
    },

    SetQueueAttributes(input) {
      input.refuseOtherThan('QueueUrl', 'Attributes');
      const changes = required(input.stringMap('Attributes'), 'Attributes');
      queues.setAttributes(queues.withUrl(requiredString(input, 'QueueUrl')), changes);
      return {};
    },

    PurgeQueue(input) {
      input.refuseOtherThan('QueueUrl');
      queues.withUrl(requiredString(input, 'QueueUrl')).purge();
      return {};
    },

    DeleteQueue(input) {
      input.refuseOtherThan('QueueUrl');
      queues.delete(queues.withUrl(requiredString(input, 'QueueUrl')));
      return {};
    },
  };
}

function allAttributes(queue: NamedQueue): Map<string, string> {
  const { ready, inFlight, delayed } = queue.messages.depth();
  const seconds = (ms: number) => String(Math.floor(ms / 1000));
  return new Map([
    ...queue.attributes,
    ['QueueArn', queue.arn],
    ['ApproximateNumberOfMessages', String(ready)],
    ['ApproximateNumberOfMessagesNotVisible', String(inFlight)],
    ['ApproximateNumberOfMessagesDelayed', String(delayed)],
    ['CreatedTimestamp', seconds(queue.createdAtMs)],
    ['LastModifiedTimestamp', seconds(queue.modifiedAtMs)],
  ]);
}
