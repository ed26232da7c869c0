import { environmentNames } from '../../contract/environment';
import { changeStack, type Changes } from '../pipeline/change-stack';
import type { SynthesizedStack } from '../pipeline/synthesize';

/**
 * Durations of real work, in milliseconds: they can't be shortened like waits. They depend on each other like those in
 * `contract/durations.ts`. A photo's deadline includes the five seconds that the function reserves to release its claim.
 */
export const durations = {
  callTimeoutMs: 2_000,
  photoDeadlineMs: 12_000,
  /** Long enough to draw further messages for a while. */
  functionTimeoutMs: 36_000,
  /** The maximum difference between the clocks of two execution environments. */
  clockSkewMs: 1_000,
  /** The maximum delay between a call and the listing of its live photo. */
  listingDelayMs: 1_500,
} as const;

/** The stand-in's maximum delay between storing and listing a live photo. It is shorter, as a margin for a busy machine. */
export const latestListingMs = 1_000;

/** Minimum wait in the queue: after an unknown outcome, a claim's lease lasts this long in real time. */
export const leastWaitMs = durations.clockSkewMs + durations.listingDelayMs;

/** The function's environment variables for durations, and for erasures. */
export const variables: Readonly<Record<string, string>> = {
  [environmentNames.callTimeoutMs]: String(durations.callTimeoutMs),
  [environmentNames.photoDeadlineMs]: String(durations.photoDeadlineMs),
  [environmentNames.clockSkewMs]: String(durations.clockSkewMs),
  [environmentNames.listingDelayMs]: String(durations.listingDelayMs),
  [environmentNames.operatorsNamed]: 'true',
};

/** The stack with another timeout of the function, and with a short visibility timeout of the queue. */
export function withTimeout(stack: SynthesizedStack, functionTimeoutMs: number): SynthesizedStack {
  const timeoutSeconds = functionTimeoutMs / 1000;
  return changeStack(stack, ({ Type, Properties }): Changes => {
    if (Type === 'AWS::Lambda::Function') return { Timeout: timeoutSeconds };
    const isUploadQueue = Type === 'AWS::SQS::Queue' && Properties?.['RedrivePolicy'] !== undefined;
    return isUploadQueue ? { VisibilityTimeout: timeoutSeconds + 3 } : {};
  });
}
