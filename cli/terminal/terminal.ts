import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { ProgressLine } from './progress';

/** Input and output of a command. Tests pass their own. */
export interface Terminal {
  /** Prints a line of the result to standard output. Resolves when the stream accepts more. */
  print(line: string): Promise<void>;
  /** Prints a line to standard error. */
  notice(line: string): void;
  /** Replaces the progress line. Called only if `isTerminal`. */
  redraw(line: string): void;
  /** Whether standard error is a terminal. Progress is drawn only there. */
  readonly isTerminal: boolean;
  /** Width of standard output; undefined if it is not a terminal. */
  readonly columns: number | undefined;
  /** Asks a question; undefined if nobody can answer. */
  ask(question: string): Promise<string | undefined>;
  /** Is aborted by Ctrl-C. */
  readonly interruption: AbortSignal;
  readonly environment: Readonly<Record<string, string | undefined>>;
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
      stderr.write(`${line}\n`);
    },
    redraw: (line) => progress.draw(line),
    clear: () => progress.clear(),
    isTerminal: stderr.isTTY,
    columns: stdout.isTTY ? stdout.columns : undefined,
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
