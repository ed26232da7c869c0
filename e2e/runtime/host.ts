import type { LocalFunction } from 'local-aws/lambda/execution-environment';

/** Invokes the function. @throws InvocationError if the invocation fails. */
export type Invoke = (event: unknown) => Promise<unknown>;

/** A function on a host. If its process has ended, the next invocation starts a new one. */
export interface RunningFunction {
  /** @throws InvocationError if the invocation fails. */
  invoke(event: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** Runs functions on AWS's runtime client, in place of Lambda. */
export interface Host {
  readonly name: string;
  /**
   * Starts a function. Its process starts at the first invocation.
   * @param onLogLine called with each line that the function or its runtime prints.
   */
  start(definition: LocalFunction, onLogLine: (line: string) => void): Promise<RunningFunction>;
  /** The error's message if the function's process ends by itself. */
  readonly endedMessage: string;
  /** The error's message if the function reaches its timeout. */
  timeoutMessage(timeoutMs: number): string;
}
