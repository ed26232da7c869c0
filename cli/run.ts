import { UsageError } from './command-error';
import { parseCommandLine } from './command-line';
import { type ExitStatus, exitStatus } from './exit-status';
import { explainError } from './explain-error';
import { renderHelp } from './help';
import type { Terminal } from './terminal/terminal';

/** Runs a command line. Errors are printed in one line. */
export async function run(words: readonly string[], terminal: Terminal): Promise<ExitStatus> {
  try {
    const line = parseCommandLine(words);
    if (line.kind === 'run') return await line.command.run(line.arguments, terminal);
    await terminal.print(renderHelp(line.names, terminal.columns));
    return exitStatus.done;
  } catch (error) {
    terminal.notice(explainError(error));
    return error instanceof UsageError ? exitStatus.usage : exitStatus.wrong;
  }
}
