/** The names of the function's environment variables: the stack sets them, the function reads them. */
export const environmentNames = {
  apiKeySecretId: 'COMPLYCUBE_API_KEY_SECRET_ID',
  complyCubeBaseUrl: 'COMPLYCUBE_BASE_URL',
  requestsPerSecond: 'COMPLYCUBE_REQUESTS_PER_SECOND',
  uploadQueueUrl: 'UPLOAD_QUEUE_URL',
} as const;

/** What the function is told about where it runs. */
export interface Environment {
  /** ARN or name of the secret with ComplyCube's API key. */
  readonly apiKeySecretId: string;
  /** Without a trailing slash. */
  readonly complyCubeBaseUrl: string;
  /** Calls to ComplyCube that this execution environment may start in a second. */
  readonly requestsPerSecond: number;
  readonly uploadQueueUrl: string;
}

/** The function was deployed with an environment variable missing or malformed; the message names it. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Reads the function's environment variables.
 * @throws EnvironmentError, so that a wrong deployment fails at its first start and not at its first photo.
 */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const read = (name: string): string => {
    const value = variables[name];
    if (value === undefined || value === '') throw new EnvironmentError(`The environment variable ${name} is not set`);
    return value;
  };
  return {
    apiKeySecretId: read(environmentNames.apiKeySecretId),
    complyCubeBaseUrl: parseBaseUrl(environmentNames.complyCubeBaseUrl, read(environmentNames.complyCubeBaseUrl)),
    requestsPerSecond: parsePositive(environmentNames.requestsPerSecond, read(environmentNames.requestsPerSecond)),
    uploadQueueUrl: read(environmentNames.uploadQueueUrl),
  };
}

/** The API key and photos travel to this URL: in the clear only as far as this machine. */
function parseBaseUrl(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isLoopback = url?.hostname === '127.0.0.1' || url?.hostname === 'localhost' || url?.hostname === '[::1]';
  if (url?.protocol !== 'https:' && !(url?.protocol === 'http:' && isLoopback)) {
    throw new EnvironmentError(`The environment variable ${name} must be an https URL`);
  }
  return value.replace(/\/+$/, '');
}

function parsePositive(name: string, value: string): number {
  const number = Number(value);
  if (!(number > 0 && number < Infinity)) {
    throw new EnvironmentError(`The environment variable ${name} must be a number above 0`);
  }
  return number;
}
