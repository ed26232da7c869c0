import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { fit } from './fit';
import { ProgressLine } from './progress';

/** Input and output of a command. Tests pass their own. */
export interface Terminal {
  /** Prints lines of the result to standard output as they are, such as JSON. Resolves when the stream accepts more. */
  print(line: string): Promise<void>;
  /** Prints a line to standard error. */
  notice(line: string): void;
  /** Replaces the progress line. Called only if `isTerminal`. */
  redraw(line: string): void;
  /** Whether standard error is a terminal. Progress is drawn only there. */
  readonly isTerminal: boolean;
  /** Width of standard output; undefined: not limited. */
  readonly columns: number | undefined;
  /** Asks a question; undefined if nobody can answer. */
  ask(question: string): Promise<string | undefined>;
  /** Is aborted by Ctrl-C. */
  readonly interruption: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Prints text for people to standard output, in lines that fit. */
export function say(terminal: Terminal, text: string): Promise<void> {
  return terminal.print(fit(text, terminal.columns));
}

/** Prints text for people to this process's standard output, in lines that fit. Ignores that a reader closed the pipe. */
export function printFitted(text: string): void {
  console.log(fit(text, columnsOf(process.stdout)));
}

/** The same on standard error. */
export function noticeFitted(text: string): void {
  console.error(fit(text, columnsOf(process.stderr)));
}

/** Width of a stream: that of its terminal, unless the variable COLUMNS sets another. Undefined: not limited. */
export function columnsOf(
  stream: { readonly isTTY: boolean; readonly columns: number },
  { COLUMNS = '' }: Readonly<Record<string, string | undefined>> = process.env,
): number | undefined {
  if (/^[1-9]\d{1,3}$/.test(COLUMNS)) return Number(COLUMNS);
  // A pseudo-terminal without a size reports 0.
  return stream.isTTY && stream.columns > 0 ? stream.columns : undefined;
}

/** The terminal of this process. `clear` removes the progress line. */
export function processTerminal(interruption: AbortSignal): Terminal & { clear(): void } {
  const { stdin, stdout, stderr, env } = process;
  const progress = new ProgressLine(stderr);
  return {
    print: async (line) => {
      progress.clear();
      if (!stdout.write(`${line}\n`)) await once(stdout, 'drain');
    },
    notice: (line) => {
      progress.clear();
      noticeFitted(line);
    },
    redraw: (line) => progress.draw(line),
    clear: () => progress.clear(),
    isTerminal: stderr.isTTY,
    columns: columnsOf(stdout),
    ask: async (question) => {
      if (!stdin.isTTY || !stderr.isTTY) return undefined;
      // With `terminal: true`, readline would handle Ctrl-C itself.
      const lines = createInterface({ input: stdin, output: stderr, terminal: false });
      try {
        return await lines.question(question, { signal: interruption });
      } catch (error) {
        if (interruption.aborted) return '';
        throw error;
      } finally {
        lines.close();
      }
    },
    interruption,
    environment: env,
  };
}
