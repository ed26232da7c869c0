/** Lambda's measurements of one invocation. */
export interface InvocationReport {
  readonly functionName: string;
  /** `throttled`: refused because no concurrency was left. */
  readonly outcome: 'succeeded' | 'failed' | 'throttled';
  /** From delivery of the event to the response, in whole milliseconds; undefined if the event was not delivered. */
  readonly durationMs: number | undefined;
}
