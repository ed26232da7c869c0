import { startAwsJsonServer, type AwsJsonFaults, type AwsJsonServer } from '../aws-json-protocol';
import { messageOperations } from './message-operations';
import type { Pace, QueueDepth } from './queue';
import { queueOperations } from './queue-operations';
import { Queues } from './queues';
import { sendMessage } from './sending';

/** Options of the local SQS. */
export interface LocalSqsOptions extends AwsJsonFaults, Partial<Pace> {
  /** Default: `us-east-1`. */
  readonly region?: string;
  /** Default: `000000000000`. */
  readonly accountId?: string;
  /**
   * Returns how many messages a receive returns at most, of the number that it asks for, although more are ready. SQS itself often
   * returns fewer. Default: all.
   */
  readonly receiveLimit?: (asked: number) => number;
}

/** A running local SQS. */
export interface LocalSqs extends AwsJsonServer {
  /**
   * Creates a queue.
   * @throws AwsJsonError QueueNameExists, or the error for an invalid name or attribute.
   */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): { url: string; arn: string };
  /**
   * Sends a message without an HTTP request.
   * @throws AwsJsonError the error of SendMessage.
   * @returns the message ID.
   */
  send(queueArn: string, body: string): string;
  /**
   * Counts a queue's messages.
   * @throws AwsJsonError QueueDoesNotExist.
   */
  depth(queueArn: string): QueueDepth;
  /**
   * Counts the messages that were received from a queue since the start, redeliveries included.
   * @throws AwsJsonError QueueDoesNotExist.
   */
  received(queueArn: string): number;
}

/** Ten messages with 1 MiB in total, of which JSON may write each byte as six characters. */
const maxBodyBytes = 8 * 1024 * 1024;

/**
 * Starts a local SQS with standard queues, in the JSON protocol of current SDKs and of the AWS CLI.
 * Messages are held in memory. Signatures and queue policies are not checked. Unsupported operations and parameters fail with
 * NotImplemented and their name.
 * With `waitSpeed`, requested waits are faster than real time. A queue's own visibility timeout and retention are always in real time.
 * @throws RangeError if `waitSpeed` is not positive.
 */
export async function startSqs(options: LocalSqsOptions = {}): Promise<LocalSqs> {
  const { region = 'us-east-1', accountId = '000000000000', fault, faultAfter } = options;
  const { waitSpeed = 1, leastWaitMs = 0, leastWorkMs = 0, receiveLimit = (asked: number) => asked } = options;
  if (!(waitSpeed > 0)) throw new RangeError(`waitSpeed must be positive, not ${waitSpeed}`);
  const pace: Pace = { waitSpeed, leastWaitMs, leastWorkMs };
  const queues = new Queues({ region, accountId, pace, now: () => Date.now() });
  const urlOf = (name: string): string => `${server.url}/${accountId}/${name}`;

  const api = { target: 'AmazonSQS', version: '1.0', errorNamespace: 'com.amazonaws.sqs#', maxBodyBytes } as const;
  const operations = { ...queueOperations(queues, urlOf), ...messageOperations(queues, receiveLimit) };
  const server: AwsJsonServer = await startAwsJsonServer({ ...api, operations, fault, faultAfter });

  return {
    ...server,
    createQueue(name, attributes = {}) {
      const { arn } = queues.create(name, new Map(Object.entries(attributes)));
      return { url: urlOf(name), arn };
    },
    send: (queueArn, body) => sendMessage(queues.withArn(queueArn), body),
    depth: (queueArn) => queues.withArn(queueArn).messages.depth(),
    received: (queueArn) => queues.withArn(queueArn).messages.received,
  };
}
