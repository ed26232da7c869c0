import { describe, expect, it } from '@jest/globals';
import { environmentNames } from '../../contract/environment';
import { apiUrlRule } from '../../contract/api-url';
import { EnvironmentError, readEnvironment } from '../../lambda/read-environment';
import { notExtendable } from '../contract/not-extendable-urls';

const complete = {
  COMPLYCUBE_API_KEY_SECRET_ID: 'arn:secret',
  COMPLYCUBE_CALL_TIMEOUT_MS: '25000',
  CLAIMS_BUCKET: 'claims',
  CLIENT_ID_METADATA: 'user-id',
  CLOCK_SKEW_MS: '60000',
  COMPLYCUBE_LISTING_DELAY_MS: '15000',
  DEAD_LETTER_QUEUE_URL: 'https://sqs/dead-letters',
  ERASURE_SECOND_LOOK_AFTER_MS: '600000',
  EVENT_BUS_NAME: 'default',
  AWS_LAMBDA_FUNCTION_NAME: 'upload',
  KEY_PREFIXES: 'photos/,ids/',
  COMPLYCUBE_BASE_URL: 'https://api.complycube.com/v1/',
  COMPLYCUBE_REQUESTS_PER_SECOND: '5',
  PHOTO_BUCKET: 'photos',
  PHOTO_DEADLINE_MS: '60000',
  REFUSAL_REJECTED_AFTER_MS: '3600000',
  UNKNOWN_CLIENT_REJECTED_AFTER_MS: '300000',
  UPLOAD_QUEUE_URL: 'https://sqs/queue',
};

describe('readEnvironment', () => {
  it('reads what the stack sets', () => {
    expect(readEnvironment(complete)).toEqual({
      apiKeySecretId: 'arn:secret',
      callTimeoutMs: 25_000,
      claimsBucket: 'claims',
      clientIdMetadata: 'user-id',
      clockSkewMs: 60_000,
      deadLetterQueueUrl: 'https://sqs/dead-letters',
      keyPrefixes: ['photos/', 'ids/'],
      listingDelayMs: 15_000,
      photoBucket: 'photos',
      photoDeadlineMs: 60_000,
      refusalRejectedAfterMs: 3_600_000,
      unknownClientRejectedAfterMs: 300_000,
      eventBusName: 'default',
      functionName: 'upload',
      complyCubeBaseUrl: 'https://api.complycube.com/v1',
      requestsPerSecond: 5,
      areOperatorsNamed: false,
      performLivenessCheck: undefined,
      secondLookAfterMs: 600_000,
      uploadQueueUrl: 'https://sqs/queue',
    });
  });

  it('processes every key if there are no prefixes', () => {
    expect(readEnvironment({ ...complete, KEY_PREFIXES: undefined }).keyPrefixes).toEqual(['']);
  });

  it.each(['x-amz-meta-user-id', 'User-Id', 'live-photo'])('refuses %s as the name of the client ID', (name) => {
    const read = () => readEnvironment({ ...complete, CLIENT_ID_METADATA: name });
    expect(read).toThrow('CLIENT_ID_METADATA must be a name of S3 user metadata');
  });

  it.each([
    ['true', true],
    ['false', false],
  ])('reads whether operators are named: %s', (text, areNamed) => {
    expect(readEnvironment({ ...complete, OPERATORS_NAMED: text }).areOperatorsNamed).toBe(areNamed);
  });

  it('refuses anything else about operators', () => {
    expect(() => readEnvironment({ ...complete, OPERATORS_NAMED: 'arn:aws:iam' })).toThrow('OPERATORS_NAMED');
  });

  const optional: readonly string[] = [
    environmentNames.performLivenessCheck,
    environmentNames.keyPrefixes,
    environmentNames.operatorsNamed,
  ];
  const required = Object.values(environmentNames).filter((name) => !optional.includes(name));
  it.each(required)('fails and names %s if it is missing or empty', (name) => {
    for (const value of [undefined, '']) {
      const read = () => readEnvironment({ ...complete, [name]: value });
      expect(read).toThrow(EnvironmentError);
      expect(read).toThrow(name);
    }
  });

  it.each([
    'http://api.complycube.com/v1',
    'ftp://api.complycube.com',
    'api.complycube.com',
    'http://127.0.0.1.evil.example',
  ])('refuses to send photos and the key to %s', (url) => {
    expect(() => readEnvironment({ ...complete, COMPLYCUBE_BASE_URL: url })).toThrow('must be an https URL');
  });

  it.each(notExtendable.filter((url) => url !== ''))(
    'refuses the URL %j, to which no path can be appended, with the message of the stack',
    (url) => {
      const read = () => readEnvironment({ ...complete, COMPLYCUBE_BASE_URL: url });
      expect(read).toThrow(new EnvironmentError(`The environment variable COMPLYCUBE_BASE_URL must be ${apiUrlRule}`));
    },
  );

  it('allows plain HTTP on loopback, for local runs', () => {
    const url = 'http://127.0.0.1:4010/v1';
    expect(readEnvironment({ ...complete, COMPLYCUBE_BASE_URL: url }).complyCubeBaseUrl).toBe(url);
  });

  const numbers = [
    'COMPLYCUBE_CALL_TIMEOUT_MS',
    'CLOCK_SKEW_MS',
    'COMPLYCUBE_LISTING_DELAY_MS',
    'COMPLYCUBE_REQUESTS_PER_SECOND',
    'PHOTO_DEADLINE_MS',
    'REFUSAL_REJECTED_AFTER_MS',
    'UNKNOWN_CLIENT_REJECTED_AFTER_MS',
  ];
  it.each(numbers)('refuses a %s that is not a whole number above 0', (name) => {
    for (const value of ['0', '-1', '2.5', 'five', 'Infinity', 'NaN']) {
      expect(() => readEnvironment({ ...complete, [name]: value })).toThrow(`${name} must be a whole number above 0`);
    }
  });

  it('removes all slashes from the end of ComplyCube’s URL', () => {
    const url = 'https://api.complycube.com/v1//';
    expect(readEnvironment({ ...complete, COMPLYCUBE_BASE_URL: url }).complyCubeBaseUrl).toBe(url.slice(0, -2));
  });

  it('accepts one call a second', () => {
    const name = 'COMPLYCUBE_REQUESTS_PER_SECOND';
    expect(readEnvironment({ ...complete, [name]: '1' }).requestsPerSecond).toBe(1);
  });

  it.each<[string | undefined, boolean | undefined]>([
    ['true', true],
    ['false', false],
    [undefined, undefined],
  ])('reads a liveness flag of %s as %s', (flag, read) => {
    expect(readEnvironment({ ...complete, COMPLYCUBE_PERFORM_LIVENESS_CHECK: flag }).performLivenessCheck).toBe(read);
  });

  it.each(['', 'yes', 'TRUE', '1'])('refuses the liveness flag %j', (flag) => {
    expect(() => readEnvironment({ ...complete, COMPLYCUBE_PERFORM_LIVENESS_CHECK: flag })).toThrow('true or false');
  });
});
