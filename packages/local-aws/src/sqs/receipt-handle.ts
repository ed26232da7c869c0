import { sqsError } from './errors';

/** The content of a receipt handle: a queue, a message, and one of its receives. */
export interface Receipt {
  readonly queueName: string;
  readonly messageId: string;
  /** Sequence number of the receive within its queue. */
  readonly receive: number;
}

const receiptPattern = /^([\w-]+) ([0-9a-f-]{36}) (\d+)$/;

/** Encodes a receipt as opaque text. */
export function encodeReceiptHandle({ queueName, messageId, receive }: Receipt): string {
  return Buffer.from(`${queueName} ${messageId} ${receive}`).toString('base64');
}

/** @throws AwsJsonError ReceiptHandleIsInvalid if the text is not a receipt handle of the queue `queueName`. */
export function parseReceiptHandle(handle: string, queueName: string): Receipt {
  const match = receiptPattern.exec(Buffer.from(handle, 'base64').toString('latin1'));
  const [, name, messageId, receive] = match ?? [];
  if (name !== queueName || messageId === undefined || receive === undefined) {
    throw sqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
  }
  return { queueName, messageId, receive: Number(receive) };
}
