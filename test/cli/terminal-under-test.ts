import { run } from '../../cli/run';
import type { Terminal } from '../../cli/terminal/terminal';

/** The result of a command. */
export interface CommandResult {
  readonly status: number;
  /** Standard output, as lines. */
  readonly out: readonly string[];
  /** Standard error, as lines. */
  readonly err: readonly string[];
  /** Progress lines. */
  readonly drawn: readonly string[];
  /** Questions. */
  readonly asked: readonly string[];
}

/** Options of a run. Default: not a terminal, and no answers to questions. */
export interface TerminalOptions {
  readonly isTerminal?: boolean;
  readonly answer?: string;
  readonly interruption?: AbortSignal;
  /** Called with each progress line. */
  readonly onRedraw?: (line: string) => void;
  /** Width of the terminal. Default: not limited. */
  readonly columns?: number;
}

/** Runs a command line in this process and records its output. */
export async function runCommand(words: readonly string[], options: TerminalOptions = {}): Promise<CommandResult> {
  const out: string[] = [];
  const err: string[] = [];
  const drawn: string[] = [];
  const asked: string[] = [];
  const terminal: Terminal = {
    print: (line) => {
      out.push(line);
      return Promise.resolve();
    },
    notice: (line) => err.push(line),
    redraw: (line) => {
      drawn.push(line);
      options.onRedraw?.(line);
    },
    isTerminal: options.isTerminal ?? false,
    columns: options.columns,
    ask: (question) => {
      asked.push(question);
      return Promise.resolve(options.answer);
    },
    interruption: options.interruption ?? new AbortController().signal,
    environment: {},
  };
  return { status: await run(words, terminal), out, err, drawn, asked };
}
