import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { ScenarioPhoto } from './scenario';

/** A message as the queue holds it. */
export interface QueuedMessage {
  readonly id: string;
  /** Undefined: the request to erase a client. */
  readonly photo: ScenarioPhoto | undefined;
  readonly body: string;
  readonly senderId: string;
  readonly isErasure: boolean;
  receives: number;
  visibleAtMs: number;
  /** `dead-lettered`: SQS moved it. The function dead-letters a message itself, and acknowledges it. */
  state: 'queued' | 'acknowledged' | 'dead-lettered';
}

/** Makes a request with an effect, unless it fails. */
export type Request = (label: string, signal: AbortSignal | undefined, effect: () => void) => Promise<void>;

/** The queue, as the function's requests change it. */
export interface InMemoryQueue {
  hide(receiptHandle: string, forMs: number): void;
  receive(hiddenForMs: number): readonly QueuedMessage[];
  delete(receiptHandle: string): void;
  deadLetter(body: string): void;
}

/** An SQS client that knows the commands that the function sends. */
export function createInMemorySqs(queue: InMemoryQueue, request: Request): SQSClient {
  const send = async (command: unknown, { abortSignal }: { readonly abortSignal?: AbortSignal }): Promise<object> => {
    if (command instanceof ChangeMessageVisibilityBatchCommand) {
      await request('HIDE', abortSignal, () => {
        for (const { ReceiptHandle = '', VisibilityTimeout = 0 } of command.input.Entries ?? []) {
          queue.hide(ReceiptHandle, VisibilityTimeout * 1000);
        }
      });
      return {};
    }
    if (command instanceof ReceiveMessageCommand) {
      let Messages: object[] = [];
      await request('RECEIVE', abortSignal, () => {
        Messages = queue
          .receive((command.input.VisibilityTimeout ?? 0) * 1000)
          .map(({ id, body, senderId: SenderId, receives }) => ({
            MessageId: id,
            ReceiptHandle: receiptOf(id, receives),
            Body: body,
            Attributes: { ApproximateReceiveCount: String(receives), SenderId },
          }));
      });
      return { Messages };
    }
    if (command instanceof DeleteMessageBatchCommand) {
      await request('DELETE', abortSignal, () => {
        for (const { ReceiptHandle = '' } of command.input.Entries ?? []) queue.delete(ReceiptHandle);
      });
      return {};
    }
    if (command instanceof SendMessageCommand) {
      await request('DEAD-LETTER', abortSignal, () => {
        queue.deadLetter(command.input.MessageBody ?? '');
      });
      return {};
    }
    throw new Error('The function sent a command that it did not send before');
  };
  return { send } as unknown as SQSClient;
}

/** The receipt handle of one receive. */
export function receiptOf(id: string, receives: number): string {
  return `receipt ${receives} of ${id}`;
}
