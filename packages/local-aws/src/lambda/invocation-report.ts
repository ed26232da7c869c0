/** What Lambda measures of one invocation, or of its refusal. */
export interface InvocationReport {
  readonly functionName: string;
  /** `throttled`: refused, as there was no concurrency left. */
  readonly outcome: 'succeeded' | 'failed' | 'throttled';
  /** From the event's hand-over to the function's end, in whole milliseconds; undefined when it did not get the event. */
  readonly durationMs: number | undefined;
}
