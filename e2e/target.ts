import { UsageError } from '../cli/command-error';
import type { EndToEndArguments } from './arguments';

/** Where a run deploys, and which ComplyCube it uses. */
export interface Target {
  /** For the output. */
  readonly name: string;
  readonly isEmulator: boolean;
  /** Additional environment variables for the AWS SDK and the CDK. */
  readonly variables: Readonly<Record<string, string>>;
  /** Undefined: photos go to the stand-in on this machine. */
  readonly sandbox: SandboxAccess | undefined;
}

/** Access to ComplyCube's sandbox. */
export interface SandboxAccess {
  readonly apiKey: string;
  readonly clientId: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Decides where to deploy. Without `--aws` nothing is deployed to AWS.
 * @throws UsageError when an option or variable is missing or contradicts another one.
 */
export function chooseTarget(options: EndToEndArguments, variables: Variables): Target {
  const endpoint = variables['AWS_ENDPOINT_URL'] ?? '';
  const sandbox = options.isSandbox ? readSandboxAccess(options, variables) : undefined;
  if (options.isAws) {
    const redirection = Object.keys(variables).find((name) => name.startsWith('AWS_ENDPOINT_URL') && variables[name]);
    if (redirection !== undefined) throw new UsageError(`${redirection} is set: unset it for --aws`);
    const region = variables['AWS_REGION'] ?? variables['AWS_DEFAULT_REGION'] ?? '';
    if (region === '') throw new UsageError('AWS_REGION is not set: --aws needs a region');
    return { name: `AWS in ${region}`, isEmulator: false, variables: { AWS_REGION: region }, sandbox };
  }
  if (endpoint === '') {
    throw new UsageError('AWS_ENDPOINT_URL is not set: name an emulator, or give --aws (see --help)');
  }
  if (!URL.canParse(endpoint)) throw new UsageError(`AWS_ENDPOINT_URL must be a URL, not '${endpoint}'`);
  if (options.clientId !== undefined && sandbox === undefined) {
    throw new UsageError('--client-id requires --aws or --sandbox: the stand-in has its own clients');
  }
  return {
    name: `the emulator at ${endpoint}`,
    isEmulator: true,
    variables: {
      AWS_REGION: 'us-east-1',
      // Emulators have no host name per bucket.
      CDK_S3_FORCE_PATH_STYLE: '1',
      ...chooseCredentials(variables),
      ...(variables['AWS_REGION'] !== undefined && { AWS_REGION: variables['AWS_REGION'] }),
    },
    sandbox,
  };
}

/** Fake credentials, unless a variable names others. Credentials in ~/.aws must not reach an emulator. */
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
