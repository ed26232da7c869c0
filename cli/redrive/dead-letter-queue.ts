import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { deadLetterReasonAttribute } from '../../contract/dead-letter-reasons';

/** A message of the dead-letter queue, while it is hidden from other receivers. */
export interface DeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** The reason code of a message that the function sent to the queue itself, because it is not an event. */
  readonly reasonCode: string | undefined;
  /** Why EventBridge sent the message to the queue. Undefined if EventBridge did not send it. */
  readonly deliveryError: DeliveryError | undefined;
}

/** What EventBridge writes into the attributes of a message (EventBridge user guide, "Using dead-letter queues"). */
export interface DeliveryError {
  readonly code: string;
  readonly message: string | undefined;
  readonly ruleArn: string | undefined;
}

/** Visibility timeout of received messages. If the command is killed, they reappear. */
const hiddenSeconds = 900;
/** SQS's maximum for one request. */
const maxAtOnce = 10;
/** How many messages are classified together. */
const maxRound = 100;
/** A receive may miss messages (SQS developer guide, "Short and long polling"): one empty receive proves nothing. */
const emptyRoundsToEnd = 2;

const attributeNames = [deadLetterReasonAttribute, 'ERROR_CODE', 'ERROR_MESSAGE', 'RULE_ARN'];

/** A dead-letter queue. Received messages are hidden, and deleted only on request. */
export class DeadLetterQueue {
  constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
  ) {}

  /** Receives messages in rounds, each message once, until no more arrive. */
  async *rounds(signal: AbortSignal): AsyncGenerator<readonly DeadLetter[]> {
    const seen = new Set<string>();
    for (let emptyRounds = 0; emptyRounds < emptyRoundsToEnd && !signal.aborted;) {
      const received = await this.receiveRound();
      const fresh = received.filter(({ messageId }) => !seen.has(messageId));
      for (const { messageId } of fresh) seen.add(messageId);
      emptyRounds = fresh.length === 0 ? emptyRounds + 1 : 0;
      if (fresh.length > 0) yield fresh;
    }
  }

  /** Deletes messages. */
  async delete(messages: readonly DeadLetter[]): Promise<void> {
    for (const batch of inChunks(messages, maxAtOnce)) {
      const Entries = batch.map(({ receiptHandle }, at) => ({ Id: String(at), ReceiptHandle: receiptHandle }));
      // A message that is not deleted reappears and is redriven twice, which does no harm.
      await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }));
    }
  }

  /** Makes messages visible again at once. */
  async release(messages: readonly DeadLetter[]): Promise<void> {
    for (const batch of inChunks(messages, maxAtOnce)) {
      const Entries = batch.map(({ receiptHandle }, at) => ({
        Id: String(at),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: 0,
      }));
      // A message that is not released reappears after its visibility timeout.
      await this.sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.queueUrl, Entries }));
    }
  }

  private async receiveRound(): Promise<DeadLetter[]> {
    const round: DeadLetter[] = [];
    while (round.length < maxRound) {
      const { Messages = [] } = await this.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.queueUrl,
          MaxNumberOfMessages: maxAtOnce,
          VisibilityTimeout: hiddenSeconds,
          WaitTimeSeconds: 1,
          MessageAttributeNames: attributeNames,
        }),
      );
      round.push(...Messages.map(toDeadLetter));
      if (Messages.length === 0) break;
    }
    return round;
  }
}

function toDeadLetter({ MessageId = '', ReceiptHandle = '', Body = '', MessageAttributes = {} }: Message): DeadLetter {
  const valueOf = (name: string): string | undefined => MessageAttributes[name]?.StringValue;
  const code = valueOf('ERROR_CODE');
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    reasonCode: valueOf(deadLetterReasonAttribute),
    deliveryError:
      code === undefined ? undefined : { code, message: valueOf('ERROR_MESSAGE'), ruleArn: valueOf('RULE_ARN') },
  };
}

/** Splits a list into lists of at most `size` items. */
export function inChunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
