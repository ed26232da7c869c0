import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../cli/terminal/command';
import { endToEndHelp, parseEndToEndArguments } from './arguments';
import { finish } from './finish';
import { startMinistack, variablesForEmulator } from './ministack-server';
import { installPythonTools, MissingProgramError, requireProgram } from './python-tools';

const root = join(__dirname, '..');

const exitStatus = { asItMust: 0, notAsItMust: 1 } as const;

/** CDK writes out that a function waits for its role's policies, where CloudFormation would see it by itself. */
const ignoredChecks = 'W3005';

/** The stack that is deployed by default, and one with resources that only settings bring. */
const lintedSettings = [[], ['-c', 'existingBucket=photos-of-another-stack', '-c', 'alarmEmail=on-call@example.com']];

/**
 * Lints the stack's templates with cfn-lint and runs `npm run e2e` on a ministack of its own; both come from PyPI.
 * @returns the exit status: of what failed, else 0; 0 too where there is no Python for them.
 */
async function main(words: readonly string[]): Promise<number> {
  if (parseEndToEndArguments(words) === 'help') {
    console.log(endToEndHelp);
    return exitStatus.asItMust;
  }
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-ministack-'));
  try {
    const around = { signal: interruption.signal, variables: process.env };
    // By which ministack makes a certificate for itself.
    await requireProgram('openssl', ['version'], around);
    const programs = await installPythonTools({
      ...around,
      environment: join(root, 'dist', 'e2e', 'venv'),
      requirements: join(__dirname, 'requirements.txt'),
      onInstall: (packages) => {
        console.log(`Installing ${packages.join(' and ')} from PyPI, once`);
      },
    });
    return (await lint(programs, folder)) || (await runOnMinistack(programs, folder, words));
  } catch (error) {
    if (interruption.signal.aborted) return exitStatus.notAsItMust;
    if (!(error instanceof MissingProgramError)) throw error;
    console.log(`Left out, cfn-lint and the deployment on ministack: ${error.message}`);
    return exitStatus.asItMust;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function lint(programs: string, folder: string): Promise<number> {
  const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const templates: string[] = [];
  for (const [at, settings] of lintedSettings.entries()) {
    const assembly = join(folder, `cdk.out.${at}`);
    const status = await run(process.execPath, [cdk, 'synth', '--quiet', '--output', assembly, ...settings]);
    if (status !== exitStatus.asItMust) return status;
    templates.push(join(assembly, 'LivePhotos.template.json'));
  }
  const options = ['--regions', 'us-east-1', '--ignore-checks', ignoredChecks];
  const status = await run(join(programs, 'cfn-lint'), [...options, '--', ...templates]);
  if (status === exitStatus.asItMust) console.log(`cfn-lint found nothing in ${templates.length} templates.`);
  return status;
}

async function runOnMinistack(programs: string, folder: string, words: readonly string[]): Promise<number> {
  const ministack = await startMinistack(programs, join(folder, 'ministack'));
  try {
    return await run(process.execPath, ['--import', 'tsx', join(__dirname, 'run.ts'), ...words], {
      ...variablesForEmulator(process.env),
      AWS_ENDPOINT_URL: ministack.url,
      // The one is Node's, the other the CDK's.
      NODE_EXTRA_CA_CERTS: ministack.certificateFile,
      AWS_CA_BUNDLE: ministack.certificateFile,
    });
  } finally {
    await ministack.stop();
  }
}

const interruption = new AbortController();
let underWay: ChildProcess | undefined;

/** Runs a program that a person sees, and waits for its end also when this one is to end: what it deployed it destroys. */
async function run(program: string, words: readonly string[], variables = process.env): Promise<number> {
  if (interruption.signal.aborted) return exitStatus.notAsItMust;
  underWay = spawn(program, words, { cwd: root, env: variables, stdio: 'inherit' });
  const { status } = await finish(underWay);
  return status ?? exitStatus.notAsItMust;
}

// Whoever read the output may be gone: what was started is to be cleaned up all the same.
process.stdout.on('error', () => undefined);

process.on('SIGINT', () => {
  interruption.abort(); // a terminal's Ctrl-C reaches what is under way by itself
});
for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    interruption.abort();
    underWay?.kill(signal);
  });
}

void runCommand(main);
