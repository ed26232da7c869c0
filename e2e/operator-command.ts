import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Session } from './session';
import { CheckError } from './steps';

const run = promisify(execFile);

/**
 * Runs the command line `live-photos` in a process with the credentials of a session, as an operator does.
 * @returns its output.
 * @throws CheckError if its exit status is not 0.
 */
export async function runAsOperator(
  words: readonly string[],
  { credentials }: Session,
  stackName: string,
): Promise<string> {
  const command = [join(__dirname, '..', 'cli', 'live-photos.cjs'), ...words, '--stack', stackName];
  const env = {
    ...process.env,
    // A profile would replace the credentials.
    AWS_PROFILE: undefined,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  };
  try {
    return (await run(process.execPath, command, { env })).stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new CheckError(`live-photos ${words.join(' ')} failed:\n${stdout}${stderr}`);
  }
}
