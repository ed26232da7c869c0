import { AwsJsonError } from '../aws-json-error';

/**
 * SQS's errors: name in the JSON protocol, code in the query protocol, HTTP status.
 * Source: the error traits in the models of `@aws-sdk/client-sqs`. SQS does not model InvalidParameterValue and
 * MissingParameter; these two are as observed.
 */
const errors = {
  BatchEntryIdsNotDistinct: ['AWS.SimpleQueueService.BatchEntryIdsNotDistinct', 400],
  BatchRequestTooLong: ['AWS.SimpleQueueService.BatchRequestTooLong', 400],
  EmptyBatchRequest: ['AWS.SimpleQueueService.EmptyBatchRequest', 400],
  InvalidAddress: ['InvalidAddress', 404],
  InvalidAttributeValue: ['InvalidAttributeValue', 400],
  InvalidBatchEntryId: ['AWS.SimpleQueueService.InvalidBatchEntryId', 400],
  InvalidMessageContents: ['InvalidMessageContents', 400],
  InvalidParameterValueException: ['InvalidParameterValue', 400],
  MessageNotInflight: ['AWS.SimpleQueueService.MessageNotInflight', 400],
  MissingRequiredParameterException: ['MissingParameter', 400],
  QueueDoesNotExist: ['AWS.SimpleQueueService.NonExistentQueue', 400],
  QueueNameExists: ['QueueAlreadyExists', 400],
  ReceiptHandleIsInvalid: ['ReceiptHandleIsInvalid', 404],
  TooManyEntriesInBatchRequest: ['AWS.SimpleQueueService.TooManyEntriesInBatchRequest', 400],
} as const satisfies Record<string, readonly [queryCode: string, status: number]>;

/** Makes one of SQS's errors, which the SDKs turn into their typed exceptions. */
export function sqsError(type: keyof typeof errors, message: string): AwsJsonError {
  const [queryCode, status] = errors[type];
  return new AwsJsonError(type, message, { status, queryCode });
}

/** Makes SQS's error for an invalid parameter value. */
export function invalidParameter(name: string, value: string | number, reason: string): AwsJsonError {
  return sqsError(
    'InvalidParameterValueException',
    `Value ${value} for parameter ${name} is invalid. Reason: ${reason}`,
  );
}
