import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The settings of the calls to ComplyCube. */
export interface CallSettings {
  readonly requestsPerSecond: number;
  readonly maxConcurrency: number;
}

/**
 * Divides the calls per second among the execution environments. Each makes a whole number of calls.
 * Warns if some calls can't be divided, because nobody makes those.
 */
export function shareOfCalls(scope: Construct, { requestsPerSecond, maxConcurrency }: CallSettings): number {
  const share = Math.floor(requestsPerSecond / maxConcurrency);
  const used = share * maxConcurrency;
  if (used < requestsPerSecond) {
    Annotations.of(scope).addWarningV2(
      'complycube-live-photos:unused-calls',
      `requestsPerSecond is ${requestsPerSecond}, but only ${used} calls per second are made: maxConcurrency is ${maxConcurrency}, and each execution environment makes ${share}. Set requestsPerSecond to a multiple of maxConcurrency, such as ${used} or ${used + maxConcurrency}`,
    );
  }
  return share;
}
