import { startAwsJsonServer, type AwsJsonFaults, type AwsJsonServer } from '../aws-json-protocol';
import { messageOperations } from './message-operations';
import type { QueueDepth } from './queue';
import { queueOperations } from './queue-operations';
import { Queues } from './queues';
import { sendMessage } from './sending';
import type { WaitPace } from './wait-pace';

/** How the local SQS is set up; every option has a default. */
export interface LocalSqsOptions extends AwsJsonFaults, Partial<WaitPace> {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** `us-east-1` unless said otherwise. */
  readonly region?: string;
  /** `000000000000` unless said otherwise. */
  readonly accountId?: string;
}

/** A running local SQS. */
export interface LocalSqs extends AwsJsonServer {
  /**
   * Creates a queue without HTTP, or finds the one with this name and these attributes.
   * @throws AwsJsonError what CreateQueue would answer.
   */
  createQueue(name: string, attributes?: Readonly<Record<string, string>>): { url: string; arn: string };
  /**
   * Sends a message without HTTP, as S3 does with its notifications.
   * @throws AwsJsonError what SendMessage would answer.
   * @returns its message ID.
   */
  send(queueArn: string, body: string): string;
  /**
   * How many messages a queue holds now.
   * @throws AwsJsonError QueueDoesNotExist
   */
  depth(queueArn: string): QueueDepth;
}

/** Ten messages of 1 MiB in all, with room for JSON to write a byte of them as six characters. */
const maxBodyBytes = 8 * 1024 * 1024;

/**
 * Starts a local SQS with standard queues, in the JSON protocol that current SDKs and the AWS CLI speak.
 * Messages live in memory. Neither signatures nor queue policies are checked; tags, FIFO queues, fair queues, KMS keys and
 * message move tasks are absent and answered with an error that names them.
 * By default waits pass in real time. The queues' own visibility timeout and retention always do.
 * @throws RangeError when `waitSpeed` is not positive; what listening reports, such as EADDRINUSE.
 */
export async function startSqs(options: LocalSqsOptions = {}): Promise<LocalSqs> {
  const { port = 0, region = 'us-east-1', accountId = '000000000000', fault, faultAfter } = options;
  const { waitSpeed = 1, leastWaitMs = 0, leastWorkMs = 0 } = options;
  if (!(waitSpeed > 0)) throw new RangeError(`waitSpeed must be positive, not ${waitSpeed}`);
  const waits: WaitPace = { waitSpeed, leastWaitMs, leastWorkMs };
  const queues = new Queues({ region, accountId, waits, now: () => Date.now() });
  const urlOf = (name: string): string => `${server.url}/${accountId}/${name}`;

  const server: AwsJsonServer = await startAwsJsonServer(
    {
      target: 'AmazonSQS',
      version: '1.0',
      errorNamespace: 'com.amazonaws.sqs#',
      maxBodyBytes,
      operations: { ...queueOperations(queues, urlOf), ...messageOperations(queues) },
      fault,
      faultAfter,
    },
    port,
  );

  return {
    ...server,
    createQueue(name, attributes = {}) {
      const { arn } = queues.create(name, new Map(Object.entries(attributes)));
      return { url: urlOf(name), arn };
    },
    send: (queueArn, body) => sendMessage(queues.withArn(queueArn), body),
    depth: (queueArn) => queues.withArn(queueArn).messages.depth(),
  };
}
