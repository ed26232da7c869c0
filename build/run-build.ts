import { parseWords, runCommand } from '../cli/terminal/command';
import { printFitted } from '../cli/terminal/terminal';

/** Runs a build program, which has no options. @param what it builds, for `--help`. */
export function runBuild(what: string, build: () => void): void {
  void runCommand((words) => {
    const { values } = parseWords(words, { options: { help: { type: 'boolean', default: false } } });
    if (values.help) printFitted(`Builds ${what}.\n\nExit status: 0 built, 1 failure, 2 invalid command line.`);
    else build();
    return 0;
  });
}
