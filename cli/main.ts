import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { exitStatus } from './exit-status';
import { run } from './run';
import type { Shell } from './terminal/terminal';

const clearLine = '\r\u001B[2K';
let isLineDrawn = false;

/** Ends a line that was drawn, so that others don't run into it. */
function leaveDrawnLine(): void {
  if (isLineDrawn) process.stderr.write(clearLine);
  isLineDrawn = false;
}

/** From now on Ctrl-C, and whoever ends processes politely, ends the command in order; a second one ends it at once. */
function abortOnInterrupt(): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      interruption.abort();
    });
  }
  return interruption.signal;
}

const interruption = abortOnInterrupt();

async function ask(question: string): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  // Not as a terminal, which would take Ctrl-C for itself.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  try {
    return await lines.question(question, { signal: interruption });
  } catch (error) {
    if (interruption.aborted) return '';
    throw error;
  } finally {
    lines.close();
  }
}

const shell: Shell = {
  print: async (line) => {
    leaveDrawnLine();
    if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
  },
  say: (line) => {
    leaveDrawnLine();
    process.stderr.write(`${line}\n`);
  },
  redraw: (line) => {
    process.stderr.write(clearLine + line.slice(0, process.stderr.columns - 1));
    isLineDrawn = true;
  },
  isTerminal: process.stderr.isTTY,
  ask,
  interruption,
  variables: process.env,
};

// Whoever reads the result may have seen enough, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? exitStatus.done : exitStatus.wrong);
});

void run(process.argv.slice(2), shell).then((status) => {
  leaveDrawnLine();
  process.exitCode = status;
});
