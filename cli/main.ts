import { exitStatus } from './exit-status';
import { run } from './run';
import { abortOnInterrupt, runCommand } from './terminal/command';
import { processTerminal } from './terminal/terminal';

// The reader of a pipe may close it early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? exitStatus.done : exitStatus.wrong),
);

const terminal = processTerminal(abortOnInterrupt());
void runCommand(async (words) => {
  const status = await run(words, terminal);
  terminal.clear();
  return status;
});
