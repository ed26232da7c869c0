import type { MessageAttributes } from './message-attributes';

/** A message as a queue keeps it and a receiver sees it. */
export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** When it was first sent: a dead-letter queue keeps it, and its retention counts from it. */
  readonly sentAtMs: number;
  /** Receives so far, in all queues that held it. */
  readonly receiveCount: number;
  readonly firstReceivedAtMs: number | undefined;
  /** The queue that gave the message up, when this one is its dead-letter queue. */
  readonly deadLetterSourceArn: string | undefined;
}

/** A message in the hands of a receiver. */
export interface ReceivedMessage extends Message {
  /** Deletes the message or changes its visibility, until it is received again. */
  readonly receiptHandle: string;
}
