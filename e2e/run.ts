import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startStandIn } from '../local/choose-complycube';
import { renderTable } from '../local/outcome-table';
import { paintFor } from '../local/paint';
import { renderProgress } from '../local/report';
import { UsageError } from '../local/start-arguments';
import { type EndToEndArguments, endToEndHelp, parseEndToEndArguments } from './arguments';
import { makeClients } from './aws-clients';
import { type ProofEdges, proveDeployment, proveDestruction } from './proof';
import { choosePhotos } from './sample-photos';
import { StackUnderTest } from './stack-under-test';
import { renderStep, renderSteps, Steps } from './steps';
import { chooseTarget, type Target } from './target';

const exitStatus = { asItMust: 0, notAsItMust: 1, usage: 2 } as const;

/** Half of what the stack takes for granted: the sandbox allows no more (ComplyCube's API reference, "Rate limits"). */
const sandboxSettings = { requestsPerSecond: '5' };

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
    return await run(asked, target, {
      folder,
      apiKey: target.sandbox?.apiKey ?? standIn?.access.apiKey ?? '',
      baseUrl: standIn?.access.baseUrl,
    });
  } finally {
    await standIn?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface RunContext {
  readonly folder: string;
  readonly apiKey: string;
  /** The stand-in's; undefined: ComplyCube's sandbox. */
  readonly baseUrl: string | undefined;
}

async function run(asked: EndToEndArguments, target: Target, { folder, apiKey, baseUrl }: RunContext): Promise<number> {
  const paint = paintFor(process.stdout);
  const { photos, leftOut } = choosePhotos(target.sandbox);
  const stackName = `LivePhotosE2e-${Date.now().toString(36)}`;
  const settings = target.sandbox === undefined ? {} : sandboxSettings;
  const stack = new StackUnderTest(
    { stackName, settings, app: undefined, variables: {}, folder },
    target.isEmulator ? { complyCubeBaseUrl: baseUrl, typesLeftOut: [] } : undefined,
  );
  const interruption = abortOnInterrupt();
  const steps = new Steps((step) => {
    console.log(renderStep(step, paint));
  }, interruption);
  let ended = 0;
  const edges: ProofEdges = {
    stack,
    clients: makeClients(target.isEmulator),
    steps,
    apiKey,
    photos,
    onResult: (result) => {
      console.log(renderProgress(result, `${String(++ended).padStart(2)}/${photos.length}`, paint));
    },
    interruption,
    ...(target.isEmulator ? { patienceMs: 90_000, logIntervalMs: 300 } : { patienceMs: 600_000, logIntervalMs: 3_000 }),
  };

  console.log(
    `The stack ${stackName} on ${target.name}; ${baseUrl === undefined ? 'ComplyCube’s sandbox' : 'a stand-in for ComplyCube'}`,
  );
  for (const reason of leftOut) console.log(`Left out: ${reason}`);
  const results = await proveDeployment(edges);
  if (asked.isKept) console.log(`The stack stays; to remove it: npx cdk destroy -c stackName=${stackName}`);
  else await proveDestruction(edges);
  console.log(`\n${renderSteps(steps.all, paint)}`);
  if (results.length > 0) console.log(`\n${renderTable(results, paint)}`);
  const isRight = !interruption.aborted && steps.all.every((step) => step.isRight);
  console.log(
    `\n${isRight ? paint('green', 'Everything was as it must.') : paint('red', 'Not everything was as it must.')}`,
  );
  return isRight ? exitStatus.asItMust : exitStatus.notAsItMust;
}

/** From now on Ctrl-C, and whoever ends processes politely, ends the run in order: what was deployed is destroyed. */
function abortOnInterrupt(): AbortSignal {
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.once(signal, () => {
      interruption.abort();
    });
  }
  return interruption.signal;
}

// Node's age is this machine's matter: the deployed function runs on a newer one.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const isUsage = error instanceof UsageError;
    console.error(isUsage ? error.message : error);
    process.exitCode = isUsage ? exitStatus.usage : exitStatus.notAsItMust;
  },
);
