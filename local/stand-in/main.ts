import { UsageError } from '../../cli/command-error';
import { aborted, abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { printFitted } from '../../cli/terminal/terminal';
import { help, parseCommandLine } from './command-line';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';

/** Runs until it is interrupted. */
async function main(words: readonly string[]): Promise<number> {
  const options = parseCommandLine(words);
  if (options === undefined) {
    printFitted(help);
    return 0;
  }
  return startComplyCube(options).then(serve, (error: unknown) => reportFailure(error, options.port));
}

async function serve(complyCube: LocalComplyCube): Promise<number> {
  printFitted(`The ComplyCube stand-in listens on ${complyCube.baseUrl}; Ctrl-C stops it`);
  await aborted(abortOnInterrupt());
  await complyCube.close();
  return 0;
}

/** @throws UsageError if the port is in use, and any other error. */
function reportFailure(error: unknown, port = 0): never {
  if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
  throw new UsageError(`Port ${port} is in use: choose another with --port, or any free port with --port 0`);
}

void runCommand(main);
