import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** A message of the dead-letter queue, while it is hidden from others. */
export interface DeadLetter {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
}

/** So long a letter stays hidden that is neither deleted nor released: should the command be killed, it shows again by itself. */
const hiddenSeconds = 900;
/** SQS gives and takes so many at once. */
const maxAtOnce = 10;
/** So many letters are looked at together. */
const maxRound = 100;
/** A receive may miss what is there (SQS developer guide, "Short and long polling"): one that brought nothing is no proof. */
const emptyRoundsToEnd = 2;

/** The dead-letter queue. What is received is hidden, not lost: it is deleted on request alone. */
export class DeadLetters {
  constructor(
    private readonly sqs: SQSClient,
    private readonly queueUrl: string,
  ) {}

  /** Receives letters in rounds, each letter once, until no more come. */
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

  /** Deletes letters for good. */
  async delete(letters: readonly DeadLetter[]): Promise<void> {
    for (const some of inChunks(letters, maxAtOnce)) {
      const Entries = some.map(({ receiptHandle }, at) => ({ Id: String(at), ReceiptHandle: receiptHandle }));
      // One that is not deleted shows again: it is redriven twice, which does no harm.
      await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.queueUrl, Entries }));
    }
  }

  /** Lets letters show again at once. */
  async release(letters: readonly DeadLetter[]): Promise<void> {
    for (const some of inChunks(letters, maxAtOnce)) {
      const Entries = some.map(({ receiptHandle }, at) => ({
        ...{ Id: String(at), ReceiptHandle: receiptHandle },
        VisibilityTimeout: 0,
      }));
      // One that is not released shows again by itself, later.
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
        }),
      );
      round.push(...Messages.map(letterOf));
      if (Messages.length === 0) break;
    }
    return round;
  }
}

function letterOf({ MessageId = '', ReceiptHandle = '', Body = '' }: Message): DeadLetter {
  return { messageId: MessageId, receiptHandle: ReceiptHandle, body: Body };
}

/** Cuts a list into lists of up to so many. */
export function inChunks<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
