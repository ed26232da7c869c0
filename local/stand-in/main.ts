import { aborted, abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { help, parseCommandLine } from './command-line';
import { type LocalComplyCube, startComplyCube } from 'complycube-stand-in/server';

/** Runs until it is told to stop. */
async function main(words: readonly string[]): Promise<number> {
  const options = parseCommandLine(words);
  if (options === undefined) {
    process.stdout.write(help);
    return 0;
  }
  return startComplyCube(options).then(serve, tellFailure);
}

async function serve(complyCube: LocalComplyCube): Promise<number> {
  process.stdout.write(`The ComplyCube stand-in listens on ${complyCube.baseUrl}; Ctrl-C stops it\n`);
  await aborted(abortOnInterrupt());
  await complyCube.close();
  return 0;
}

/** In one line: it is the port that is taken, which no stack trace explains. */
function tellFailure({ message }: Error): number {
  console.error(message);
  return 1;
}

void runCommand(main);
