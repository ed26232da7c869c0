import { sqsError } from './errors';

/** What a receipt handle says: which receive of which message of which queue. */
export interface Receipt {
  readonly queueName: string;
  readonly messageId: string;
  /** Numbers the receives of one queue. */
  readonly receive: number;
}

const receiptPattern = /^([\w-]+) ([0-9a-f-]{36}) (\d+)$/;

/** Encodes a receipt as the opaque text that callers hand back. */
export function encodeReceiptHandle({ queueName, messageId, receive }: Receipt): string {
  return Buffer.from(`${queueName} ${messageId} ${receive}`).toString('base64');
}

/** @throws ReceiptHandleIsInvalid when the text was never a receipt handle of the queue named `queueName`. */
export function parseReceiptHandle(handle: string, queueName: string): Receipt {
  const match = receiptPattern.exec(Buffer.from(handle, 'base64').toString('latin1'));
  const [, name, messageId, receive] = match ?? [];
  if (name !== queueName || messageId === undefined || receive === undefined) {
    throw sqsError('ReceiptHandleIsInvalid', `The input receipt handle "${handle}" is not a valid receipt handle.`);
  }
  return { queueName, messageId, receive: Number(receive) };
}
