import { UsageError } from '../../cli/command-error';
import { exitStatus } from '../../cli/exit-status';
import { abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { printFitted } from '../../cli/terminal/terminal';
import { EnvironmentError } from '../../lambda/read-environment';
import { chooseRealComplyCube } from './choose-complycube';
import { loadPhotos } from './load-photos';
import type { PhotoToPut } from './photo-run';
import { parseStartArguments, type StartArguments, startHelp } from './start-arguments';

async function main(words: readonly string[]): Promise<number> {
  const options = parseStartArguments(words);
  if (options === 'help') {
    printFitted(startHelp);
    return exitStatus.done;
  }
  // From here, an interruption ends the command only after it has deleted its files.
  const interruption = abortOnInterrupt();
  const own = options.own && loadPhotos(options.own.paths, { [options.clientIdMetadata]: options.own.clientId });
  // Throws if the API key is missing, before anything is printed.
  if (options.isReal) chooseRealComplyCube(process.env);
  if (!options.isJson) {
    printFitted('Bundling the function and starting local servers for S3, SQS, Secrets Manager and EventBridge …');
  }
  const photos = own ?? (await choosePhotos(options));
  // Loading the CDK and the SDK takes seconds.
  const { runStart } = await import('./run');
  return runStart(options, photos, interruption);
}

async function choosePhotos({ isServing, clientIdMetadata }: StartArguments): Promise<readonly PhotoToPut[]> {
  if (isServing) return [];
  return (await import('./sample-set')).makeSampleSet(clientIdMetadata);
}

void runCommand(main, (error) => error instanceof UsageError || error instanceof EnvironmentError);
