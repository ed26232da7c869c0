import { aborted, abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { help, parseCommandLine } from './command-line';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';

/** Runs until it is interrupted. */
async function main(words: readonly string[]): Promise<number> {
  const options = parseCommandLine(words);
  if (options === undefined) {
    process.stdout.write(help);
    return 0;
  }
  return startComplyCube(options).then(serve, reportFailure);
}

async function serve(complyCube: LocalComplyCube): Promise<number> {
  process.stdout.write(`The ComplyCube stand-in listens on ${complyCube.baseUrl}; Ctrl-C stops it\n`);
  await aborted(abortOnInterrupt());
  await complyCube.close();
  return 0;
}

/** The usual failure is a port that is already in use: a stack trace would not help. */
function reportFailure({ message }: Error): number {
  console.error(message);
  return 1;
}

void runCommand(main);
