import { help, parseCommandLine, UsageError } from './command-line';
import { startComplyCube } from './server';

/** Runs until it is told to stop; exit status 2 says that the arguments were wrong, 1 that it could not start. */
async function main(): Promise<void> {
  const options = parseCommandLine(process.argv.slice(2));
  if (options === undefined) {
    process.stdout.write(help);
    return;
  }
  const complyCube = await startComplyCube(options);
  process.stdout.write(`The ComplyCube stand-in listens on ${complyCube.baseUrl}; Ctrl-C stops it\n`);
  const stop = () => void complyCube.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(error instanceof UsageError ? `${message} (--help tells more)\n` : `${message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
