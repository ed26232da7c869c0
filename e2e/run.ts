import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type StandInChoice, startStandIn } from '../local/choose-complycube';
import { abortOnInterrupt, runCommand } from '../cli/terminal/command';
import { renderTable } from '../local/outcome-table';
import { paintFor } from '../local/paint';
import { type EndToEndArguments, endToEndHelp, parseEndToEndArguments } from './arguments';
import { makeClients } from './aws-clients';
import { differencesInWords } from './emulator-app';
import { type ProofEdges, proveDeployment, proveDestruction } from './proof';
import { choosePhotos } from './sample-photos';
import { StackUnderTest } from './stack-under-test';
import { renderStep, renderStepsHeader, Steps } from './steps';
import { chooseTarget, type Target } from './target';

const exitStatus = { asItMust: 0, notAsItMust: 1 } as const;

/** Half of what the stack takes for granted: the sandbox allows no more (ComplyCube's API reference, "Rate limits"). */
const sandboxSettings = { requestsPerSecond: '5' };

/** An emulator on a busy machine may fail a photo or two for a time, which then wait for minutes. */
const emulatorPace = { patienceMs: 300_000, logIntervalMs: 300 };
const awsPace = { patienceMs: 600_000, logIntervalMs: 3_000 };
/** No command takes so long unless an emulator hangs; on AWS one may, and must not be cut off. */
const cdkTimeoutMs = 300_000;

async function main(words: readonly string[]): Promise<number> {
  const asked = parseEndToEndArguments(words);
  if (asked === 'help') {
    console.log(endToEndHelp);
    return exitStatus.asItMust;
  }
  const target = chooseTarget(asked, process.env);
  // The SDK's clients here and the CDK's processes read the same ones.
  Object.assign(process.env, target.variables);
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-e2e-'));
  const standIn = target.sandbox === undefined ? await startStandIn(true) : undefined;
  try {
    return await run(asked, target, { folder, standIn });
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

async function run(asked: EndToEndArguments, target: Target, { folder, standIn }: RunContext): Promise<number> {
  const paint = paintFor(process.stdout);
  const { photos, leftOut } = choosePhotos(target.sandbox);
  const stackName = `LivePhotosE2e-${Date.now().toString(36)}`;
  const stack = makeStack(stackName, target, { folder, standIn });
  const interruption = cleanUpOnInterrupt();
  const steps = new Steps((step) => {
    console.log(renderStep(step, paint));
  }, interruption);
  const edges: ProofEdges = {
    stack,
    clients: makeClients(target.isEmulator),
    steps,
    apiKey: target.sandbox?.apiKey ?? standIn?.access.apiKey ?? '',
    photos,
    onResult: progressOn(process.stdout, photos.length),
    interruption,
    ...(target.isEmulator ? emulatorPace : awsPace),
  };

  console.log(`The stack ${stackName} on ${target.name}; photos to ${standIn?.name ?? 'ComplyCube’s sandbox'}.`);
  if (target.isEmulator) console.log(`Unlike on AWS: ${differencesInWords}.`);
  for (const reason of leftOut) console.log(`Left out: ${reason}.`);
  console.log(`\n${renderStepsHeader(paint)}`);
  const results = await proveDeployment(edges);
  if (asked.isKept) console.log(`The stack stays; to remove it: npx cdk destroy -c stackName=${stackName}`);
  else await proveDestruction(edges);
  if (results.length > 0) console.log(`\n${renderTable(results, paint)}`);
  const isRight = !interruption.aborted && steps.all.every((step) => step.isRight);
  console.log(
    `\n${isRight ? paint('green', 'Everything was as it must.') : paint('red', 'Not everything was as it must.')}`,
  );
  return isRight ? exitStatus.asItMust : exitStatus.notAsItMust;
}

function makeStack(stackName: string, target: Target, { folder, standIn }: RunContext): StackUnderTest {
  const settings = target.sandbox === undefined ? {} : sandboxSettings;
  const timeoutMs = target.isEmulator ? cdkTimeoutMs : undefined;
  return new StackUnderTest(
    { stackName, settings, app: undefined, variables: {}, folder, timeoutMs },
    target.isEmulator ? { complyCubeBaseUrl: standIn?.access.baseUrl, typesLeftOut: [] } : undefined,
  );
}

/** Counts the photos that have ended, on a terminal, in a line that the next one written takes the place of. */
function progressOn(stream: NodeJS.WriteStream, count: number): () => void {
  let ended = 0;
  return () => {
    ended++;
    if (stream.isTTY) stream.write(`  ${ended} of ${count} photos\r`);
  };
}

/** From now on an interruption ends the run in order: what was deployed is destroyed. */
function cleanUpOnInterrupt(): AbortSignal {
  const interruption = abortOnInterrupt(['SIGINT', 'SIGTERM', 'SIGHUP']);
  interruption.addEventListener('abort', () => {
    console.error('Interrupted: cleaning up. A second time ends at once, and leaves what is deployed.');
  });
  return interruption;
}

// Whoever read the output may be gone: what was started is to be cleaned up all the same.
process.stdout.on('error', () => undefined);

void runCommand(main);
