/** The person or program that runs the command. */
export interface Shell {
  /** Prints a line of the result on standard output; resolves when there is room for more. */
  print(line: string): Promise<void>;
  /** Says a line beside the result, on standard error. */
  say(line: string): void;
  /** Replaces the last line of the terminal; called only where `isTerminal`. */
  redraw(line: string): void;
  /** Whether a person watches standard error: progress is drawn there alone. */
  readonly isTerminal: boolean;
  /** Asks a question; undefined where nobody is there to answer. */
  ask(question: string): Promise<string | undefined>;
  /** Aborts at Ctrl-C. */
  readonly interruption: AbortSignal;
  readonly variables: Readonly<Record<string, string | undefined>>;
}
