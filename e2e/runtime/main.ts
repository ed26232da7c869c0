import { spawnSync } from 'node:child_process';
import { UsageError } from '../../cli/command-error';
import { exitStatus } from '../../cli/exit-status';
import { abortOnInterrupt, runCommand } from '../../cli/terminal/command';
import { paintFor } from '../../local/paint';
import { renderStep, Steps } from '../steps';
import { parseRuntimeArguments, runtimeHelp } from './arguments';
import { checksOf } from './checks';
import { clientHost, type RuntimeClient } from './client-host';
import { emulatorHost } from './emulator';
import { within } from './limits';
import { RuntimeUnderTest } from './runtime-under-test';
import { Servers } from './servers';

async function main(words: readonly string[]): Promise<number> {
  if (parseRuntimeArguments(words) === 'help') {
    console.log(runtimeHelp);
    return exitStatus.done;
  }
  const { LAMBDA_NODE, RUNTIME_CLIENT, RUNTIME_EMULATOR = '' } = process.env;
  if (LAMBDA_NODE === undefined || RUNTIME_CLIENT === undefined) {
    throw new UsageError('Run it with npm run e2e:runtime, which builds what it needs');
  }
  const client = { nodePath: LAMBDA_NODE, runtimePath: RUNTIME_CLIENT };
  try {
    return await run(client, RUNTIME_EMULATOR === '' ? undefined : RUNTIME_EMULATOR);
  } finally {
    expectEnd();
  }
}

/** On a quiet machine it takes four seconds. */
const startTimeoutMs = 180_000;

async function run(client: RuntimeClient, emulatorPath: string | undefined): Promise<number> {
  const paint = paintFor(process.stdout);
  const version = spawnSync(client.nodePath, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`The function's bundle on Node ${version}.`);
  const interruption = abortOnInterrupt(['SIGINT', 'SIGTERM']);
  const steps = new Steps((step) => console.log(renderStep(step, paint)), interruption);
  const servers = await within(startTimeoutMs, 'the local servers to start', Servers.start(client, interruption));
  try {
    const emulator = emulatorPath === undefined ? [] : [emulatorHost(emulatorPath, client)];
    for (const host of [clientHost(client), ...emulator]) {
      console.log(`On ${host.name}:`);
      for (const [name, check] of Object.entries(checksOf(new RuntimeUnderTest(host, servers)))) {
        await steps.run(name, async () => ({ result: await check(), value: undefined }));
      }
    }
    if (emulatorPath === undefined) console.log("Skipped AWS's runtime interface emulator: Go could not build it.");
  } finally {
    await servers.stop();
  }
  if (interruption.aborted) {
    console.error('\nInterrupted.');
    return exitStatus.interrupted;
  }
  const isPassed = steps.all.every((step) => step.isPassed);
  console.log(isPassed ? paint('green', 'All checks passed.') : paint('red', 'At least one check failed.'));
  return isPassed ? exitStatus.done : exitStatus.wrong;
}

/** The process ends when nothing is open any more. */
const endTimeoutMs = 30_000;

function expectEnd(): void {
  const timer = setTimeout(() => {
    console.error(`Still open after the checks: ${process.getActiveResourcesInfo().join(', ')}`);
    process.exit(exitStatus.wrong);
  }, endTimeoutMs);
  timer.unref();
}

void runCommand(main, (error) => error instanceof UsageError);
