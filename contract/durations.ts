/**
 * The durations that depend on each other. Stack, function, checks after synth, tests and docs all use these constants.
 * Milliseconds, except where the name has another unit.
 */

/** How long one call to ComplyCube may take. ComplyCube inspects the photo before it answers. */
export const callTimeoutMs = 25_000;

/** How long one photo may take from its start. Then its requests are destroyed and its message is retried. */
export const photoDeadlineMs = 60_000;

/** How far the clocks of two execution environments may differ. Within this bound no photo is uploaded twice. */
export const clockSkewMs = 60_000;

/** How long ComplyCube may take to list a live photo after the call that made it. Later, it can't be recognised. */
export const listingDelayMs = 15_000;

/** How much earlier a photo's requests are destroyed, so that its claim can be given back within the deadline. */
export const photoReserveMs = 5_000;

/** How long a request to AWS may take that is not part of a photo's own work, such as setting a message's visibility. */
export const awsRequestMs = 5_000;

/** Reserved at the end of an invocation for two such requests, so that the handler always answers before its timeout. */
export const answerReserveMs = 2 * awsRequestMs;

/** The function's timeout: a photo's deadline, and 15 seconds to end the batch. The handler always answers before. */
export const functionTimeoutMs = photoDeadlineMs + 15_000;

/** The shortest wait before the first retry, doubled. ComplyCube's documentation advises "a 30-second delay". */
export const firstWaitMs = 30_000;

/** The shortest wait after many retries. Jitter adds up to a quarter, so that the longest wait is one hour. */
export const maxWaitMs = 48 * 60_000;

/** Jitter: a wait is between the computed one and this many times as much. */
export const jitterFactor = 1.25;

/** The wait that an account fault asks for: a bad key, payment due, no permission. */
export const accountFaultWaitMs = 5 * 60_000;

/**
 * The upload queue's own visibility timeout. It counts only when the function can't start, because the function sets each
 * message's visibility itself. As long as {@link maxWaitMs}, so that no mixture of failures shortens the four days.
 */
export const queueVisibilityMs = maxWaitMs;

/** How long ComplyCube must not know a client before the photo is rejected: the app may create it a moment later. */
export const unknownClientRejectedAfterMs = 5 * 60_000;

/** How long ComplyCube must refuse a photo, naming neither photo nor client, before it is rejected. */
export const refusalRejectedAfterMs = 60 * 60_000;

/** How often a message is received before SQS moves it to the dead-letter queue: more than four days of waits. */
export const maxReceiveCount = 130;

/** How long the upload queue keeps a message. At least a day longer than the longest series of retries. */
export const queueRetentionDays = 7;

/** How long the dead-letter queue keeps a message. SQS counts from the original sending. */
export const deadLetterRetentionDays = 14;
