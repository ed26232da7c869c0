import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finish } from './finish';
import { startMinistack, variablesForEmulator } from './ministack-server';
import { installPythonTools, MissingProgramError } from './python-tools';

const root = join(__dirname, '..');

/** CDK writes out that a function waits for its role's policies, where CloudFormation would see it by itself. */
const ignoredChecks = 'W3005';

/**
 * Lints the template with cfn-lint and runs `npm run e2e` on a ministack of its own.
 * @returns the exit status: of what failed, else 0.
 */
async function main(words: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'live-photos-ministack-'));
  try {
    const programs = await installPythonTools();
    return (await lint(programs, folder)) || (await runOnMinistack(programs, folder, words));
  } catch (error) {
    if (!(error instanceof MissingProgramError) || isInterrupted) throw error;
    console.log(`Left out, cfn-lint and the deployment on ministack: ${error.message}`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function lint(programs: string, folder: string): Promise<number> {
  const assembly = join(folder, 'cdk.out');
  const cdk = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const template = join(assembly, 'LivePhotos.template.json');
  const options = ['--regions', 'us-east-1', '--ignore-checks', ignoredChecks];
  const status =
    (await run(process.execPath, [cdk, 'synth', '--quiet', '--output', assembly])) ||
    (await run(join(programs, 'cfn-lint'), [...options, '--', template]));
  console.log(status === 0 ? 'cfn-lint found nothing.' : 'cfn-lint, or the synthesis before it, failed.');
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

let isInterrupted = false;
let underWay: ChildProcess | undefined;

/** Runs a program that a person sees, and waits for its end also when this one is to end: what it deployed it destroys. */
async function run(program: string, words: readonly string[], variables = process.env): Promise<number> {
  if (isInterrupted) return 1;
  underWay = spawn(program, words, { cwd: root, env: variables, stdio: 'inherit' });
  const { status } = await finish(underWay);
  return status ?? 1;
}

process.on('SIGINT', () => {
  isInterrupted = true; // a terminal's Ctrl-C reaches what is under way by itself
});
process.on('SIGTERM', () => {
  isInterrupted = true;
  underWay?.kill('SIGTERM');
});

main(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  },
);
