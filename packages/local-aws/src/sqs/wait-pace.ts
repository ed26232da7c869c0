/** How fast the waits pass that callers request with ChangeMessageVisibility and DelaySeconds. */
export interface WaitPace {
  /** How many times faster than real time. */
  readonly waitSpeed: number;
  /** No wait gets shorter than this by `waitSpeed`. For callers that wait for something which takes real time. */
  readonly leastWaitMs: number;
  /**
   * The same for a receiver's first change of a message's visibility: while the message is hidden, the receiver works on it, in
   * real time.
   */
  readonly leastWorkMs: number;
}

/** How long a requested wait takes, in milliseconds. */
export function paceWait(seconds: number, { waitSpeed, leastWaitMs, leastWorkMs }: WaitPace, isWork = false): number {
  const requestedMs = seconds * 1000;
  const leastMs = isWork ? Math.max(leastWaitMs, leastWorkMs) : leastWaitMs;
  return Math.max(requestedMs / waitSpeed, Math.min(requestedMs, leastMs));
}
