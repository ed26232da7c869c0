import { environmentNames } from '../contract/environment';
import { isLoopbackHost } from '../contract/patterns';

/** The function's configuration. */
export interface Environment {
  /** ARN or name of the secret with ComplyCube's API key. */
  readonly apiKeySecretId: string;
  /** How long a call to ComplyCube may take. */
  readonly callTimeoutMs: number;
  readonly claimsBucket: string;
  /** How far the clocks of two execution environments may differ. */
  readonly clockSkewMs: number;
  /** Without a trailing slash. */
  readonly complyCubeBaseUrl: string;
  /** Where messages go that are no event. */
  readonly deadLetterQueueUrl: string;
  /** Where outcomes are published. */
  readonly eventBusName: string;
  /** Of this function; Lambda sets it. */
  readonly functionName: string;
  /** How long ComplyCube may take to list a live photo after the call that made it. */
  readonly listingDelayMs: number;
  /** Calls to ComplyCube that this execution environment may start in a second. */
  readonly requestsPerSecond: number;
  /** For photo objects that do not say. Undefined: ComplyCube's default. */
  readonly performLivenessCheck: boolean | undefined;
  /** The only bucket whose events are processed. */
  readonly photoBucket: string;
  /** How long one photo may take. */
  readonly photoDeadlineMs: number;
  /** How long ComplyCube must refuse a photo, naming neither photo nor client, before it is rejected. */
  readonly refusalRejectedAfterMs: number;
  /** How long ComplyCube must not know a client before the photo is rejected. */
  readonly unknownClientRejectedAfterMs: number;
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
  const readWholeNumber = (name: string): number => parseWholeNumber(name, read(name));
  return {
    apiKeySecretId: read(environmentNames.apiKeySecretId),
    callTimeoutMs: readWholeNumber(environmentNames.callTimeoutMs),
    claimsBucket: read(environmentNames.claimsBucket),
    clockSkewMs: readWholeNumber(environmentNames.clockSkewMs),
    complyCubeBaseUrl: parseBaseUrl(environmentNames.complyCubeBaseUrl, read(environmentNames.complyCubeBaseUrl)),
    deadLetterQueueUrl: read(environmentNames.deadLetterQueueUrl),
    eventBusName: read(environmentNames.eventBusName),
    functionName: read('AWS_LAMBDA_FUNCTION_NAME'),
    listingDelayMs: readWholeNumber(environmentNames.listingDelayMs),
    requestsPerSecond: readWholeNumber(environmentNames.requestsPerSecond),
    performLivenessCheck: parseOptionalFlag(
      environmentNames.performLivenessCheck,
      variables[environmentNames.performLivenessCheck],
    ),
    photoBucket: read(environmentNames.photoBucket),
    photoDeadlineMs: readWholeNumber(environmentNames.photoDeadlineMs),
    refusalRejectedAfterMs: readWholeNumber(environmentNames.refusalRejectedAfterMs),
    unknownClientRejectedAfterMs: readWholeNumber(environmentNames.unknownClientRejectedAfterMs),
    uploadQueueUrl: read(environmentNames.uploadQueueUrl),
  };
}

/** The API key and photos are sent to this URL: unencrypted only on this machine. */
function parseBaseUrl(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const isLoopback = url !== undefined && isLoopbackHost(url.hostname);
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
