import { UsageError } from '../cli/command-error';
import type { EndToEndArguments } from './arguments';

/** Where a run deploys, and where its photos go. */
export interface Target {
  /** In words. */
  readonly name: string;
  readonly isEmulator: boolean;
  /** Environment variables for the AWS SDK here and in the CDK, beside those that are set. */
  readonly variables: Readonly<Record<string, string>>;
  /** Undefined: photos go to a stand-in on this machine. */
  readonly sandbox: SandboxAccess | undefined;
}

/** ComplyCube's sandbox. */
export interface SandboxAccess {
  readonly apiKey: string;
  readonly clientId: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Decides where to deploy; nothing is ever deployed to AWS without `--aws`.
 * @throws UsageError when it can't be told, or when something that it takes is missing.
 */
export function chooseTarget(asked: EndToEndArguments, variables: Variables): Target {
  const endpoint = variables['AWS_ENDPOINT_URL'] ?? '';
  const sandbox = asked.isSandbox ? readSandboxAccess(asked, variables) : undefined;
  if (asked.isAws) {
    const redirection = Object.keys(variables).find((name) => name.startsWith('AWS_ENDPOINT_URL') && variables[name]);
    if (redirection !== undefined) throw new UsageError(`${redirection} is set: unset it for --aws`);
    const region = variables['AWS_REGION'] ?? variables['AWS_DEFAULT_REGION'] ?? '';
    if (region === '') throw new UsageError('AWS_REGION is not set: --aws needs to know where');
    return { name: `AWS in ${region}`, isEmulator: false, variables: { AWS_REGION: region }, sandbox };
  }
  if (endpoint === '') {
    throw new UsageError('AWS_ENDPOINT_URL is not set: name an emulator, or give --aws (--help says all)');
  }
  if (!URL.canParse(endpoint)) throw new UsageError(`AWS_ENDPOINT_URL is ${endpoint}: it must be a URL`);
  if (asked.clientId !== undefined && sandbox === undefined) {
    throw new UsageError('--client-id goes with --aws or --sandbox: the stand-in has clients of its own');
  }
  return {
    name: `the emulator at ${endpoint}`,
    isEmulator: true,
    variables: {
      AWS_REGION: 'us-east-1',
      // Emulators do not answer on a host name for each bucket.
      CDK_S3_FORCE_PATH_STYLE: '1',
      ...chooseCredentials(variables),
      ...(variables['AWS_REGION'] !== undefined && { AWS_REGION: variables['AWS_REGION'] }),
    },
    sandbox,
  };
}

/** Made-up credentials, unless some were given by name: those of ~/.aws are for AWS, and no emulator's business. */
function chooseCredentials(variables: Variables): Record<string, string> {
  const given = ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'];
  if (given.some((name) => variables[name] !== undefined)) return {};
  return { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
}

function readSandboxAccess({ clientId, isAws }: EndToEndArguments, variables: Variables): SandboxAccess {
  const option = isAws ? '--aws' : '--sandbox';
  const apiKey = variables['COMPLYCUBE_API_KEY'] ?? '';
  if (!apiKey.startsWith('test_')) {
    throw new UsageError(`COMPLYCUBE_API_KEY must be a key of the sandbox (test_…): ${option} sends photos there`);
  }
  if (clientId === undefined || clientId === '') {
    throw new UsageError(`--client-id is missing: ${option} needs a client of your sandbox account`);
  }
  return { apiKey, clientId };
}
