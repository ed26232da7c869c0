import { describe, expect, it } from '@jest/globals';
import { chooseRealComplyCube } from '../../../local/start/choose-complycube';
import { UsageError } from '../../../cli/command-error';

describe('ComplyCube’s own API', () => {
  it.each([
    ['test_key', 5],
    ['live_key', 10],
  ])('is used with the rate limit of the key %s, in real time', (apiKey, requestsPerSecond) => {
    expect(chooseRealComplyCube({ COMPLYCUBE_API_KEY: apiKey })).toMatchObject({
      access: { baseUrl: 'https://api.complycube.com/v1', apiKey, requestsPerSecond },
      name: "ComplyCube's API at https://api.complycube.com/v1",
      waitSpeed: 1,
    });
  });

  it('is replaced by COMPLYCUBE_BASE_URL', () => {
    const variables = { COMPLYCUBE_API_KEY: 'test_key', COMPLYCUBE_BASE_URL: 'http://127.0.0.1:1/v1' };
    expect(chooseRealComplyCube(variables).access.baseUrl).toBe('http://127.0.0.1:1/v1');
  });

  it.each([[{}], [{ COMPLYCUBE_API_KEY: '' }]])('requires a key: %j', (variables) => {
    expect(() => chooseRealComplyCube(variables)).toThrow(UsageError);
  });
});
