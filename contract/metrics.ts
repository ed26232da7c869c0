/** The namespace of the function's metrics in CloudWatch. */
export const metricNamespace = 'ComplyCubeLivePhotos';

/** The dimensions of the function's metrics; neither is ever a client ID or an object's key. */
export const metricDimensions = { functionName: 'FunctionName', reason: 'Reason' } as const;

/** A metric: its unit, as CloudWatch names it, and what it counts or measures. */
export interface Metric {
  readonly unit: 'Count' | 'Milliseconds' | 'Bytes' | 'Percent';
  readonly about: string;
}

/** Every metric that the function publishes, by name. Dashboard, alarms and docs use this list. */
export const metrics = {
  PhotosUploaded: { unit: 'Count', about: 'photo objects that became live photos' },
  PhotosRejected: { unit: 'Count', about: 'photo objects that were rejected; also by reason' },
  PhotosRefused: {
    unit: 'Count',
    about: 'photos that ComplyCube refuses without naming photo or client; each at most once in 15 minutes',
  },
  PhotosRetried: { unit: 'Count', about: 'attempts that ended with the message back in the queue' },
  PhotosGone: { unit: 'Count', about: 'photo objects that were deleted or overwritten before they were processed' },
  PhotosMarkedToSkip: { unit: 'Count', about: 'objects whose metadata says that they are not live photos' },
  PhotosErased: {
    unit: 'Count',
    about:
      'versions, and further live photos of a client, that were erased: ComplyCube deleted the live photo, or had none',
  },
  ErasuresNotFound: { unit: 'Count', about: 'erasures of versions or live photos that ComplyCube did not have' },
  ErasuresRefused: {
    unit: 'Count',
    about: 'live photos that ComplyCube refused to delete, because a check has used them',
  },
  ErasuresRetried: { unit: 'Count', about: 'attempts to erase that ended with the message back in the queue' },
  ErasuresDeadLettered: { unit: 'Count', about: 'erasures that the function sent to the dead-letter queue' },
  ErasedSkipped: { unit: 'Count', about: 'deliveries of photo objects that had been erased' },
  DuplicatesSkipped: { unit: 'Count', about: 'deliveries of photo objects whose tags already had an outcome' },
  OutcomesUntagged: { unit: 'Count', about: 'outcomes with which the object could not be tagged' },
  Redeliveries: { unit: 'Count', about: 'deliveries of messages that had been received before' },
  LivePhotosAdopted: {
    unit: 'Count',
    about: 'live photos of an earlier attempt that were found instead of uploaded again',
  },
  LivePhotosNotFound: { unit: 'Count', about: 'searches for the live photo of an earlier attempt that found none' },
  ApiCalls2xx: { unit: 'Count', about: 'calls to ComplyCube that it accepted' },
  ApiCalls4xx: { unit: 'Count', about: 'calls to ComplyCube that it refused' },
  ApiCalls5xx: { unit: 'Count', about: 'calls to ComplyCube that failed there' },
  ApiCallsUnanswered: { unit: 'Count', about: 'calls to ComplyCube without a usable answer' },
  ApiLatency: { unit: 'Milliseconds', about: 'from the start of a call to ComplyCube to its answer' },
  RateLimited: { unit: 'Count', about: 'calls that ComplyCube answered 429' },
  PaceAllowed: {
    unit: 'Percent',
    about: 'the pace that ComplyCube allows, in percent of the highest pace; below 100 after answers 429',
  },
  AccountFaults: {
    unit: 'Count',
    about: 'photos that wait because of the account: a bad key, payment due, no permission',
  },
  TimeToTag: { unit: 'Milliseconds', about: 'from the creation of a photo object to its tags' },
  EventAge: { unit: 'Milliseconds', about: 'how long ago a photo object was created, at each delivery' },
  PhotoBytes: { unit: 'Bytes', about: 'the size of the photo objects that were uploaded' },
  ColdStarts: { unit: 'Count', about: 'first invocations of an execution environment' },
} as const satisfies Record<string, Metric>;

/** The name of a metric. */
export type MetricName = keyof typeof metrics;
