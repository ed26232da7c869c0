import { backfill } from './backfill/backfill';
import { UsageError } from './command-error';
import { type Command, parseCommandLine } from './command-line';
import { doctor } from './doctor/doctor';
import { type ExitStatus, exitStatus } from './exit-status';
import { explainError } from './explain-error';
import { helpAbout } from './options';
import { redriveDeadLetters } from './redrive/redrive-dead-letters';
import { redriveRejected } from './redrive/redrive-rejected';
import { report } from './report/report';
import type { Shell } from './terminal/terminal';
import { status } from './status/status';

/** Runs the command that a command line asks for; whatever goes wrong is said in one line. */
export async function run(words: readonly string[], shell: Shell): Promise<ExitStatus> {
  try {
    return await carryOut(parseCommandLine(words), shell);
  } catch (error) {
    shell.say(explainError(error));
    return error instanceof UsageError ? exitStatus.usage : exitStatus.wrong;
  }
}

async function carryOut(command: Command, shell: Shell): Promise<ExitStatus> {
  switch (command.name) {
    case 'help':
      await shell.print(helpAbout(command.about));
      return exitStatus.done;
    case 'doctor':
      return doctor(command, shell);
    case 'status':
      return status(command, shell);
    case 'backfill':
      return backfill(command, shell);
    case 'redrive dead-letters':
      return redriveDeadLetters(command, shell);
    case 'redrive rejected':
      return redriveRejected(command, shell);
    case 'report':
      return report(command, shell);
  }
}
