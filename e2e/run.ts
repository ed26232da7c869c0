import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StandInChoice, startStandIn } from '../local/start/choose-complycube';
import { abortOnInterrupt, runCommand } from '../cli/terminal/command';
import { printFitted } from '../cli/terminal/terminal';
import { renderResults } from '../local/start/report';
import { paintFor } from '../local/paint';
import { type EndToEndArguments, endToEndHelp, parseEndToEndArguments } from './arguments';
import { makeClients, makeSqsClient } from './aws-clients';
import { differencesInWords } from './emulator-app';
import { deleteRoles, proveErasure } from './prove-erasure';
import { deleteKey, proveKey } from './prove-key';
import { type ProofDeps, proveDeployment, proveDestruction } from './proof';
import { choosePhotos } from './sample-photos';
import { StackUnderTest } from './stack-under-test';
import { renderStep, Steps } from './steps';
import { chooseTarget, type Target } from './target';

const exitStatus = { passed: 0, failed: 1 } as const;

/** Two calls for each of two environments. The sandbox allows 5 a second (ComplyCube's API reference, "Rate limits"). */
const sandboxSettings = { requestsPerSecond: '4' };

/** The default of the stack. */
const complyCubeBaseUrl = 'https://api.complycube.com/v1';

/** On a busy machine an emulator may fail some photos, which are retried after minutes. */
const emulatorPace = { photosTimeoutMs: 300_000, logIntervalMs: 300 };
const awsPace = { photosTimeoutMs: 600_000, logIntervalMs: 3_000 };
/** For emulators, which may hang. On AWS a command can take longer and must not be stopped. */
const cdkTimeoutMs = 300_000;

async function main(words: readonly string[]): Promise<number> {
  const options = parseEndToEndArguments(words);
  if (options === 'help') {
    printFitted(endToEndHelp);
    return exitStatus.passed;
  }
  const target = chooseTarget(options, process.env);
  // The SDK's clients in this process and the CDK's processes read these variables.
  Object.assign(process.env, target.variables);
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-e2e-'));
  const standIn = target.sandbox === undefined ? await startStandIn(true) : undefined;
  try {
    return await run(options, target, { folder, standIn });
  } finally {
    await standIn?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface RunContext {
  readonly folder: string;
  /** Undefined: photos go to ComplyCube's sandbox. */
  readonly standIn: StandInChoice | undefined;
}

async function run(options: EndToEndArguments, target: Target, { folder, standIn }: RunContext): Promise<number> {
  const paint = paintFor(process.stdout);
  const { photos, skipped } = choosePhotos(target.sandbox);
  const stackName = `LivePhotosE2e-${Date.now().toString(36)}`;
  const stack = makeStack(stackName, target, { folder, standIn });
  const interruption = cleanUpOnInterrupt();
  const steps = new Steps((step) => printFitted(renderStep(step, paint)), interruption);
  const deps: ProofDeps = {
    stack,
    clients: makeClients(target.isEmulator),
    steps,
    sqsOf: (credentials) => makeSqsClient(target.isEmulator, credentials),
    complyCube: standIn?.access ?? { baseUrl: complyCubeBaseUrl, apiKey: target.sandbox?.apiKey ?? '' },
    photos,
    onResult: progressOn(process.stdout, photos.length),
    interruption,
    ...(target.isEmulator ? emulatorPace : awsPace),
  };

  printFitted(`Stack ${stackName} on ${target.name}. Photos go to ${standIn?.name ?? 'ComplyCube’s sandbox'}.`);
  if (target.isEmulator) printFitted(`Different from AWS: ${differencesInWords}.`);
  for (const reason of skipped) printFitted(`Skipped: ${reason}.`);
  console.log();
  const { results: withoutKey, deployed } = await proveDeployment(deps);
  const roleNames = deployed === undefined ? [] : await proveErasure(deps, deployed, withoutKey);
  const withKey = options.hasKey ? await proveKey(deps) : undefined;
  const results = [...withoutKey, ...(withKey?.results ?? [])];
  if (options.keepsStack) {
    printFitted(`The stack is not destroyed. To destroy it: npx cdk destroy -c stackName=${stackName}`);
    printFitted(`These roles are not deleted: ${roleNames.join(', ')}`);
  } else {
    await proveDestruction(deps);
    await deleteRoles(deps, roleNames);
    if (withKey?.keyArn !== undefined) await deleteKey(deps, withKey.keyArn);
  }
  if (results.length > 0) printFitted(`\n${renderResults(results, paint)}`);
  const isPassed = !interruption.aborted && steps.all.every((step) => step.isPassed);
  printFitted(`\n${isPassed ? paint('green', 'All checks passed.') : paint('red', 'At least one check failed.')}`);
  return isPassed ? exitStatus.passed : exitStatus.failed;
}

function makeStack(stackName: string, target: Target, { folder, standIn }: RunContext): StackUnderTest {
  const settings = target.sandbox === undefined ? {} : sandboxSettings;
  const timeoutMs = target.isEmulator ? cdkTimeoutMs : undefined;
  return new StackUnderTest(
    { stackName, settings, app: undefined, variables: {}, folder, timeoutMs },
    target.isEmulator ? { complyCubeBaseUrl: standIn?.access.baseUrl, unsupportedTypes: [] } : undefined,
  );
}

/** Shows the number of photos with an outcome on a terminal, in a line that the next output overwrites. */
function progressOn(stream: NodeJS.WriteStream, count: number): () => void {
  let ended = 0;
  return () => {
    ended++;
    if (stream.isTTY) stream.write(`  ${ended} of ${count} photos\r`);
  };
}

/** From now on an interruption destroys what is deployed before the process exits. */
function cleanUpOnInterrupt(): AbortSignal {
  const interruption = abortOnInterrupt(['SIGINT', 'SIGTERM', 'SIGHUP']);
  interruption.addEventListener('abort', () =>
    console.error('Interrupted: destroying the stack. A second interruption exits immediately and leaves the stack.'),
  );
  return interruption;
}

// The reader of the output may be gone (EPIPE). The stack must be destroyed anyway.
process.stdout.on('error', () => undefined);

void runCommand(main);
