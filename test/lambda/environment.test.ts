import { describe, expect, it } from '@jest/globals';
import { EnvironmentError, environmentNames, readEnvironment } from '../../lambda/environment';

const complete = {
  COMPLYCUBE_API_KEY_SECRET_ID: 'arn:secret',
  COMPLYCUBE_CALL_TIMEOUT_MS: '25000',
  CLAIM_LEASE_MS: '120000',
  CLAIMS_BUCKET: 'claims',
  EVENT_BUS_NAME: 'default',
  AWS_LAMBDA_FUNCTION_NAME: 'upload',
  COMPLYCUBE_BASE_URL: 'https://api.complycube.com/v1/',
  COMPLYCUBE_REQUESTS_PER_SECOND: '5',
  UPLOAD_QUEUE_URL: 'https://sqs/queue',
};

describe('readEnvironment', () => {
  it('reads what the stack sets', () => {
    expect(readEnvironment(complete)).toEqual({
      apiKeySecretId: 'arn:secret',
      callTimeoutMs: 25_000,
      claimLeaseMs: 120_000,
      claimsBucket: 'claims',
      eventBusName: 'default',
      functionName: 'upload',
      complyCubeBaseUrl: 'https://api.complycube.com/v1',
      requestsPerSecond: 5,
      performLivenessCheck: undefined,
      uploadQueueUrl: 'https://sqs/queue',
    });
  });

  const required = Object.values(environmentNames).filter((name) => name !== environmentNames.performLivenessCheck);
  it.each(required)('fails at once and names %s when it is missing or empty', (name) => {
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

  it('lets a local run use plain HTTP on loopback', () => {
    const url = 'http://127.0.0.1:4010/v1';
    expect(readEnvironment({ ...complete, COMPLYCUBE_BASE_URL: url }).complyCubeBaseUrl).toBe(url);
  });

  it.each(['0', '-1', '2.5', 'five', 'Infinity', 'NaN'])('refuses a rate of %s', (rate) => {
    expect(() => readEnvironment({ ...complete, COMPLYCUBE_REQUESTS_PER_SECOND: rate })).toThrow(
      'must be a whole number above 0',
    );
  });
});
