import { apiUrlRule, isApiUrl } from '../contract/api-url';
import { environmentNames } from '../contract/environment';
import { patterns } from '../contract/patterns';
import type { MetadataSettings } from '../contract/photo-rules';

/** The function's configuration. */
export interface Environment extends MetadataSettings {
  /** ARN or name of the secret with ComplyCube's API key. */
  readonly apiKeySecretId: string;
  /** How long a call to ComplyCube may take. */
  readonly callTimeoutMs: number;
  readonly claimsBucket: string;
  /** How far the clocks of two execution environments may differ. */
  readonly clockSkewMs: number;
  /** Without a trailing slash. */
  readonly complyCubeBaseUrl: string;
  /** Receives messages that are not events. */
  readonly deadLetterQueueUrl: string;
  /** Where outcomes are published. */
  readonly eventBusName: string;
  /** Name of this function, set by Lambda. */
  readonly functionName: string;
  /** Only photo objects whose key begins with one of these are processed. The empty text is the beginning of every key. */
  readonly keyPrefixes: readonly string[];
  /** How long ComplyCube may take to list a live photo after the call that made it. */
  readonly listingDelayMs: number;
  /** Whether the stack names its operators. Otherwise the function refuses erasures. */
  readonly areOperatorsNamed: boolean;
  /** Calls to ComplyCube that this execution environment may start each second. */
  readonly requestsPerSecond: number;
  /** The only bucket whose events are processed. */
  readonly photoBucket: string;
  /** How long one photo may take. */
  readonly photoDeadlineMs: number;
  /** A photo is rejected after ComplyCube refused it for this time without naming photo or client. */
  readonly refusalRejectedAfterMs: number;
  /** An erasure looks for the live photo of an earlier upload once more after this time. */
  readonly secondLookAfterMs: number;
  /** A photo is rejected after ComplyCube did not know its client for this time. */
  readonly unknownClientRejectedAfterMs: number;
  readonly uploadQueueUrl: string;
}

/** An environment variable is missing or malformed. The message names it. */
export class EnvironmentError extends Error {
  override readonly name = 'EnvironmentError';
}

/**
 * Reads the function's environment variables.
 * @throws EnvironmentError. A wrong deployment fails at its first start, not at its first photo.
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
    clientIdMetadata: parseMetadataName(environmentNames.clientIdMetadata, read(environmentNames.clientIdMetadata)),
    clockSkewMs: readWholeNumber(environmentNames.clockSkewMs),
    complyCubeBaseUrl: parseBaseUrl(environmentNames.complyCubeBaseUrl, read(environmentNames.complyCubeBaseUrl)),
    deadLetterQueueUrl: read(environmentNames.deadLetterQueueUrl),
    eventBusName: read(environmentNames.eventBusName),
    functionName: read('AWS_LAMBDA_FUNCTION_NAME'),
    keyPrefixes: (variables[environmentNames.keyPrefixes] ?? '').split(','),
    listingDelayMs: readWholeNumber(environmentNames.listingDelayMs),
    areOperatorsNamed:
      parseOptionalFlag(environmentNames.operatorsNamed, variables[environmentNames.operatorsNamed]) === true,
    requestsPerSecond: readWholeNumber(environmentNames.requestsPerSecond),
    performLivenessCheck: parseOptionalFlag(
      environmentNames.performLivenessCheck,
      variables[environmentNames.performLivenessCheck],
    ),
    photoBucket: read(environmentNames.photoBucket),
    photoDeadlineMs: readWholeNumber(environmentNames.photoDeadlineMs),
    refusalRejectedAfterMs: readWholeNumber(environmentNames.refusalRejectedAfterMs),
    secondLookAfterMs: readWholeNumber(environmentNames.secondLookAfterMs),
    unknownClientRejectedAfterMs: readWholeNumber(environmentNames.unknownClientRejectedAfterMs),
    uploadQueueUrl: read(environmentNames.uploadQueueUrl),
  };
}

function parseBaseUrl(name: string, value: string): string {
  if (isApiUrl(value, true)) return value.replace(/\/+$/, '');
  throw new EnvironmentError(`The environment variable ${name} must be ${apiUrlRule}`);
}

function parseMetadataName(name: string, value: string): string {
  if (patterns.clientIdMetadata.test(value)) return value;
  throw new EnvironmentError(
    `The environment variable ${name} must be a name of S3 user metadata, without x-amz-meta-`,
  );
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
