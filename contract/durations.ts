/**
 * Durations that depend on each other. Stack, function, checks after synth, tests and docs use these constants.
 * Milliseconds, unless the name has another unit.
 */

/** How long one call to ComplyCube may take. ComplyCube inspects the photo before it answers. */
export const callTimeoutMs = 25_000;

/** How long one photo may take. At its deadline, its requests are destroyed and its message is retried. */
export const photoDeadlineMs = 60_000;

/** How far the clocks of two execution environments may differ. Within this bound no photo is uploaded twice. */
export const clockSkewMs = 60_000;

/** How long ComplyCube may take to list a live photo after creating it. If it takes longer, the photo may be uploaded twice. */
export const listingDelayMs = 15_000;

/** A photo's requests are destroyed this much before its deadline, so that its claim can be released in time. */
export const photoReserveMs = 5_000;

/** Timeout of AWS requests outside a photo's deadline, such as setting a message's visibility. */
export const awsRequestMs = 5_000;

/** Reserved at the end of an invocation for two such requests, so that the handler answers before the function's timeout. */
export const answerReserveMs = 2 * awsRequestMs;

/**
 * The function's timeout. While there is a backlog, an invocation draws further messages until one photo's deadline is left. The
 * longer it is, the smaller the share of the time in which an invocation only waits for its last answers: `docs/measurements.md`.
 */
export const functionTimeoutMs = 300_000;

/** The base of the backoff. The first retry waits twice as long. ComplyCube recommends "a 30-second delay". */
export const firstWaitMs = 30_000;

/**
 * The longest wait before a retry, without jitter. With jitter it is one hour.
 *
 * Also the upload queue's visibility timeout, which applies only when the function can't set a message's visibility itself, for
 * example because it can't start. It equals the longest wait, so that no mixture of failures shortens the four days of retries.
 */
export const maxWaitMs = 48 * 60_000;

/** Jitter: a wait is between 1 and this many times the computed one. */
export const jitterFactor = 1.25;

/** The wait after an account fault, such as a bad key, payment due or no permission. */
export const accountFaultWaitMs = 5 * 60_000;

/** A photo is rejected after ComplyCube did not know its client for this time. The app may create the client late. */
export const unknownClientRejectedAfterMs = 5 * 60_000;

/** A photo is rejected after ComplyCube refused it for this time without naming photo or client. */
export const refusalRejectedAfterMs = 60 * 60_000;

/**
 * An erasure looks for the live photo of an upload that was under way once more after this time. An upload that started before the
 * erasure has reached ComplyCube by then, or never does.
 */
export const secondLookAfterMs = 10 * 60_000;

/** SQS moves a message to the dead-letter queue after this many receives, which take more than four days. */
export const maxReceiveCount = 130;

/** S3 deletes claims after this many days. Longer than the retention of any message. */
export const claimRetentionDays = 30;

/** The upload queue's retention. At least a day longer than the longest series of retries. */
export const queueRetentionDays = 7;

/** The dead-letter queue's retention. SQS counts from when the message was first sent. */
export const deadLetterRetentionDays = 14;
