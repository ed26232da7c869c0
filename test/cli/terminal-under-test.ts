import { run } from '../../cli/run';
import type { Shell } from '../../cli/terminal/terminal';

/** What a command came to. */
export interface CommandResult {
  readonly status: number;
  /** Standard output, as lines. */
  readonly out: readonly string[];
  /** Standard error, as lines. */
  readonly err: readonly string[];
  /** What was drawn on the terminal. */
  readonly drawn: readonly string[];
}

/** How a command is run: unless given, where nobody watches and nobody can be asked. */
export interface ShellOptions {
  readonly isTerminal?: boolean;
  readonly answer?: string;
  readonly interruption?: AbortSignal;
}

/** Runs a command line in this process, with a shell that only remembers. */
export async function runCommand(words: readonly string[], options: ShellOptions = {}): Promise<CommandResult> {
  const out: string[] = [];
  const err: string[] = [];
  const drawn: string[] = [];
  const shell: Shell = {
    print: (line) => {
      out.push(line);
      return Promise.resolve();
    },
    say: (line) => err.push(line),
    redraw: (line) => drawn.push(line),
    isTerminal: options.isTerminal ?? false,
    ask: () => Promise.resolve(options.answer),
    interruption: options.interruption ?? new AbortController().signal,
    variables: {},
  };
  return { status: await run(words, shell), out, err, drawn };
}
