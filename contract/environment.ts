import * as durations from './durations';

/** The names of the function's environment variables: the stack sets them, the function reads them. */
export const environmentNames = {
  apiKeySecretId: 'COMPLYCUBE_API_KEY_SECRET_ID',
  callTimeoutMs: 'COMPLYCUBE_CALL_TIMEOUT_MS',
  claimsBucket: 'CLAIMS_BUCKET',
  clientIdMetadata: 'CLIENT_ID_METADATA',
  clockSkewMs: 'CLOCK_SKEW_MS',
  complyCubeBaseUrl: 'COMPLYCUBE_BASE_URL',
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  eventBusName: 'EVENT_BUS_NAME',
  /** Separated by commas, which no prefix contains. Not set: every key. */
  keyPrefixes: 'KEY_PREFIXES',
  listingDelayMs: 'COMPLYCUBE_LISTING_DELAY_MS',
  /** `true` if the stack names its operators. Without it, the function refuses erasures. */
  operatorsNamed: 'OPERATORS_NAMED',
  performLivenessCheck: 'COMPLYCUBE_PERFORM_LIVENESS_CHECK',
  photoBucket: 'PHOTO_BUCKET',
  photoDeadlineMs: 'PHOTO_DEADLINE_MS',
  refusalRejectedAfterMs: 'REFUSAL_REJECTED_AFTER_MS',
  requestsPerSecond: 'COMPLYCUBE_REQUESTS_PER_SECOND',
  secondLookAfterMs: 'ERASURE_SECOND_LOOK_AFTER_MS',
  unknownClientRejectedAfterMs: 'UNKNOWN_CLIENT_REJECTED_AFTER_MS',
  uploadQueueUrl: 'UPLOAD_QUEUE_URL',
} as const;

/** The variables with durations, as the stack sets them. Local runs set shorter durations. */
export const durationVariables: Readonly<Record<string, string>> = {
  [environmentNames.callTimeoutMs]: String(durations.callTimeoutMs),
  [environmentNames.clockSkewMs]: String(durations.clockSkewMs),
  [environmentNames.listingDelayMs]: String(durations.listingDelayMs),
  [environmentNames.photoDeadlineMs]: String(durations.photoDeadlineMs),
  [environmentNames.refusalRejectedAfterMs]: String(durations.refusalRejectedAfterMs),
  [environmentNames.secondLookAfterMs]: String(durations.secondLookAfterMs),
  [environmentNames.unknownClientRejectedAfterMs]: String(durations.unknownClientRejectedAfterMs),
};
