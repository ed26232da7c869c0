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
}

/** Options of a run. Default: not a terminal, and no answers to questions. */
export interface TerminalOptions {
  readonly isTerminal?: boolean;
  readonly answer?: string;
  readonly interruption?: AbortSignal;
}

/** Runs a command line in this process and records its output. */
export async function runCommand(words: readonly string[], options: TerminalOptions = {}): Promise<CommandResult> {
  const out: string[] = [];
  const err: string[] = [];
  const drawn: string[] = [];
  const terminal: Terminal = {
    print: (line) => {
      out.push(line);
      return Promise.resolve();
    },
    notice: (line) => err.push(line),
    redraw: (line) => drawn.push(line),
    isTerminal: options.isTerminal ?? false,
    columns: undefined,
    ask: () => Promise.resolve(options.answer),
    interruption: options.interruption ?? new AbortController().signal,
    environment: {},
  };
  return { status: await run(words, terminal), out, err, drawn };
}
