/**
 * The outputs of a stack with an uploader, and what each is. The stack writes them, and the command line finds the uploader's
 * resources by them: their names never change.
 */
export const stackOutputs = {
  PhotoBucketName: 'The app puts its photos into this bucket',
  ApiKeySecretId: 'The secret that holds the ComplyCube API key',
  UploadQueueUrl: 'Photos that wait for the function or are being processed',
  DeadLetterQueueUrl: 'Photos that could not be processed',
  FunctionName: 'The function that uploads the photos',
  DashboardUrl: 'The dashboard of the pipeline',
  AlarmNames: 'The alarms of the pipeline, separated by commas',
  AlarmTopicArn: 'The topic that the alarms notify',
  UndeliveredEventsQueueUrl: 'Events that EventBridge could not deliver to the upload queue',
  ObjectCreatedRuleName: 'The EventBridge rule that sends the events of the existing bucket to the upload queue',
  EvidenceRetentionDays: 'How many days S3 keeps the evidence of an erasure',
  ErasedExpireDays: 'How many days old an erased photo is when S3 deletes it',
} as const;

/** The name of an output. */
export type StackOutput = keyof typeof stackOutputs;

/** The outputs without which no command works. */
export const requiredOutputs = [
  'PhotoBucketName',
  'ApiKeySecretId',
  'UploadQueueUrl',
  'DeadLetterQueueUrl',
  'FunctionName',
] as const satisfies readonly StackOutput[];

/** The name of an output that every stack with an uploader has. */
export type RequiredOutput = (typeof requiredOutputs)[number];
