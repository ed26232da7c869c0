/** The names of the function's environment variables: the stack sets them, the function reads them. */
export const environmentNames = {
  apiKeySecretId: 'COMPLYCUBE_API_KEY_SECRET_ID',
  callTimeoutMs: 'COMPLYCUBE_CALL_TIMEOUT_MS',
  claimLeaseMs: 'CLAIM_LEASE_MS',
  claimsBucket: 'CLAIMS_BUCKET',
  complyCubeBaseUrl: 'COMPLYCUBE_BASE_URL',
  eventBusName: 'EVENT_BUS_NAME',
  performLivenessCheck: 'COMPLYCUBE_PERFORM_LIVENESS_CHECK',
  requestsPerSecond: 'COMPLYCUBE_REQUESTS_PER_SECOND',
  uploadQueueUrl: 'UPLOAD_QUEUE_URL',
} as const;

/** What the function is told about where it runs. */
export interface Environment {
  /** ARN or name of the secret with ComplyCube's API key. */
  readonly apiKeySecretId: string;
  /** How long a call to ComplyCube may take. */
  readonly callTimeoutMs: number;
  /** How long a claim keeps others away; longer than an invocation and a call take together. */
  readonly claimLeaseMs: number;
  readonly claimsBucket: string;
  /** Without a trailing slash. */
  readonly complyCubeBaseUrl: string;
  /** Where outcomes are published. */
  readonly eventBusName: string;
  /** Of this function; Lambda sets it. */
  readonly functionName: string;
  /** Calls to ComplyCube that this execution environment may start in a second. */
  readonly requestsPerSecond: number;
  /** For photo objects that do not say; left out, ComplyCube's default holds. */
  readonly performLivenessCheck: boolean | undefined;
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
    callTimeoutMs: parseWholeNumber(environmentNames.callTimeoutMs, read(environmentNames.callTimeoutMs)),
    claimLeaseMs: parseWholeNumber(environmentNames.claimLeaseMs, read(environmentNames.claimLeaseMs)),
    claimsBucket: read(environmentNames.claimsBucket),
    complyCubeBaseUrl: parseBaseUrl(environmentNames.complyCubeBaseUrl, read(environmentNames.complyCubeBaseUrl)),
    eventBusName: read(environmentNames.eventBusName),
    functionName: read('AWS_LAMBDA_FUNCTION_NAME'),
    requestsPerSecond: parseWholeNumber(environmentNames.requestsPerSecond, read(environmentNames.requestsPerSecond)),
    performLivenessCheck: parseOptionalFlag(
      environmentNames.performLivenessCheck,
      variables[environmentNames.performLivenessCheck],
    ),
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

function parseWholeNumber(name: string, value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) {
    throw new EnvironmentError(`The environment variable ${name} must be a whole number above 0`);
  }
  return number;
}

function parseOptionalFlag(name: string, value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (value !== 'true' && value !== 'false') {
    throw new EnvironmentError(`The environment variable ${name} must be true or false`);
  }
  return value === 'true';
}
