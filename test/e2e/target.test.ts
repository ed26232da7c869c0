import { describe, expect, it } from '@jest/globals';
import { parseEndToEndArguments } from '../../e2e/arguments';
import { chooseTarget, type Target } from '../../e2e/target';
import { UsageError } from '../../cli/command-error';

const endpoint = 'http://127.0.0.1:4566';
const sandboxKey = { COMPLYCUBE_API_KEY: 'test_abc' };

function choose(words: readonly string[], variables: Record<string, string>): Target {
  const options = parseEndToEndArguments(words);
  if (options === 'help') throw new Error('Unexpected --help');
  return chooseTarget(options, variables);
}

describe('an emulator', () => {
  it('is at AWS_ENDPOINT_URL, with fake credentials and the stand-in', () => {
    expect(choose([], { AWS_ENDPOINT_URL: endpoint })).toEqual({
      name: `the emulator at ${endpoint}`,
      isEmulator: true,
      variables: {
        AWS_REGION: 'us-east-1',
        CDK_S3_FORCE_PATH_STYLE: '1',
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
      },
      sandbox: undefined,
    });
  });

  it.each(['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE'])(
    'gets the credentials from %s',
    (name) => {
      const { variables } = choose([], { AWS_ENDPOINT_URL: endpoint, [name]: 'given' });
      expect(Object.keys(variables)).toEqual(['AWS_REGION', 'CDK_S3_FORCE_PATH_STYLE']);
    },
  );

  it('uses AWS_REGION', () => {
    const { variables } = choose([], { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'eu-west-1' });
    expect(variables['AWS_REGION']).toBe('eu-west-1');
  });

  it('uses the sandbox with --sandbox', () => {
    const { sandbox } = choose(['--sandbox', '--client-id', 'abc'], { AWS_ENDPOINT_URL: endpoint, ...sandboxKey });
    expect(sandbox).toEqual({ apiKey: 'test_abc', clientId: 'abc' });
  });
});

describe('AWS', () => {
  it('is used with --aws, with the sandbox and the configured region', () => {
    expect(choose(['--aws', '--client-id', 'abc'], { AWS_DEFAULT_REGION: 'eu-west-1', ...sandboxKey })).toEqual({
      name: 'AWS in eu-west-1',
      isEmulator: false,
      variables: { AWS_REGION: 'eu-west-1' },
      sandbox: { apiKey: 'test_abc', clientId: 'abc' },
    });
  });
});

describe('the target', () => {
  const aws = ['--aws', '--client-id', 'abc'];
  it.each([
    ['no target', [], {}, /^AWS_ENDPOINT_URL is not set/],
    ['an invalid endpoint', [], { AWS_ENDPOINT_URL: 'localhost' }, /must be a URL, not 'localhost'$/],
    ['a client ID for the stand-in', ['--client-id', 'abc'], { AWS_ENDPOINT_URL: endpoint }, /^--client-id requires/],
    ['AWS and an emulator', aws, { AWS_ENDPOINT_URL: endpoint, ...sandboxKey }, /^AWS_ENDPOINT_URL is set/],
    ['AWS with one service on an emulator', aws, { AWS_ENDPOINT_URL_S3: endpoint, ...sandboxKey }, /_S3 is set/],
    ['AWS without a region', aws, sandboxKey, /^AWS_REGION is not set/],
    ['AWS without a key', aws, { AWS_REGION: 'eu-west-1' }, /^COMPLYCUBE_API_KEY must be .*: --aws/],
    ['a live key', aws, { AWS_REGION: 'eu-west-1', COMPLYCUBE_API_KEY: 'live_abc' }, /a key of the sandbox/],
    ['the sandbox without a client', ['--sandbox'], { AWS_ENDPOINT_URL: endpoint, ...sandboxKey }, /^--client-id is/],
  ])('refuses %s', (_, words, variables: Record<string, string>, message) => {
    expect(() => choose(words, variables)).toThrow(UsageError);
    expect(() => choose(words, variables)).toThrow(message);
  });
});
