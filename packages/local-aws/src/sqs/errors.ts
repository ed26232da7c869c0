import { AwsJsonError } from '../aws-json-error';

/**
 * The errors of SQS: each one's name in the JSON protocol, its code in the query protocol and its HTTP status.
 * Source: the error traits in the models of `@aws-sdk/client-sqs`; the two that SQS does not model, InvalidParameterValue
 * and MissingParameter, as SQS is seen to answer them.
 */
const errors = {
  BatchEntryIdsNotDistinct: ['AWS.SimpleQueueService.BatchEntryIdsNotDistinct', 400],
  BatchRequestTooLong: ['AWS.SimpleQueueService.BatchRequestTooLong', 400],
  EmptyBatchRequest: ['AWS.SimpleQueueService.EmptyBatchRequest', 400],
  InvalidAddress: ['InvalidAddress', 404],
  InvalidAttributeName: ['InvalidAttributeName', 400],
  InvalidAttributeValue: ['InvalidAttributeValue', 400],
  InvalidBatchEntryId: ['AWS.SimpleQueueService.InvalidBatchEntryId', 400],
  InvalidMessageContents: ['InvalidMessageContents', 400],
  InvalidParameterValueException: ['InvalidParameterValue', 400],
  MessageNotInflight: ['AWS.SimpleQueueService.MessageNotInflight', 400],
  MissingRequiredParameterException: ['MissingParameter', 400],
  OverLimit: ['OverLimit', 403],
  PurgeQueueInProgress: ['AWS.SimpleQueueService.PurgeQueueInProgress', 403],
  QueueDeletedRecently: ['AWS.SimpleQueueService.QueueDeletedRecently', 400],
  QueueDoesNotExist: ['AWS.SimpleQueueService.NonExistentQueue', 400],
  QueueNameExists: ['QueueAlreadyExists', 400],
  ReceiptHandleIsInvalid: ['ReceiptHandleIsInvalid', 404],
  TooManyEntriesInBatchRequest: ['AWS.SimpleQueueService.TooManyEntriesInBatchRequest', 400],
  UnsupportedOperation: ['AWS.SimpleQueueService.UnsupportedOperation', 400],
} as const satisfies Record<string, readonly [queryCode: string, status: number]>;

/** Makes one of SQS's errors, in the form that the SDKs turn into their typed exceptions. */
export function sqsError(type: keyof typeof errors, message: string): AwsJsonError {
  const [queryCode, status] = errors[type];
  return new AwsJsonError(type, message, { status, queryCode });
}

/** Makes SQS's error for a parameter whose value cannot be taken. */
export function invalidParameter(name: string, value: string | number, reason: string): AwsJsonError {
  return sqsError(
    'InvalidParameterValueException',
    `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}
