import { describe, expect, it } from '@jest/globals';
import { isLoopbackHost, isSafeOrigin, patterns } from '../../contract/patterns';

const id = '12345678-1234-1234-1234-123456789012';

describe.each([
  {
    name: 'keyPrefix',
    valid: ['selfies/', "A-z0-9!_.'()/", 'a'.repeat(512)],
    invalid: ['', 'with space/', 'a*', 'a?', 'ü/', 'a'.repeat(513), 'a\n', '\na', 'a&b', '$a'],
  },
  {
    name: 'kmsKeyArn',
    valid: [
      `arn:aws:kms:eu-west-1:123456789012:key/${id}`,
      `arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-${'0'.repeat(32)}`,
    ],
    invalid: [
      `arn:aws:kms:eu-west-1:123456789012:alias/${id}`,
      `arn:aws:kms:eu-west-1:12345678901:key/${id}`,
      `arn:aws:kms:eu-west-1:123456789012:key/${id}-more`,
      `arn:aws:kms:eu-west-1:123456789012:key/`,
      `arn:aws:kms:eu-west-1:123456789012:key/${id.replace('1', 'g')}`,
      `arn::kms:eu-west-1:123456789012:key/${id}`,
      `arn:aws:kms::123456789012:key/${id}`,
      `an arn:aws:kms:eu-west-1:123456789012:key/${id}`,
      id,
    ],
  },
  {
    name: 'roleArn',
    valid: [
      'arn:aws:iam::123456789012:role/operator',
      'arn:aws-us-gov:iam::123456789012:role/with/path/and+=.@_-characters',
    ],
    invalid: [
      'arn:aws:iam::123456789012:user/operator',
      'arn:aws:iam::123456789012:role/',
      'arn:aws:iam::1234:role/operator',
      'arn:AWS:iam::123456789012:role/operator',
      'arn:aws:iam::123456789012:role/*',
      'an arn:aws:iam::123456789012:role/operator',
      'arn:aws:iam::123456789012:role/operator\n',
    ],
  },
  {
    name: 'stackName',
    valid: ['L', 'Live-Photos-2', 'a'.repeat(128)],
    invalid: ['', '2-photos', '-photos', 'live_photos', 'a'.repeat(129), 'live photos', 'photos '],
  },
] as const)('the pattern $name', ({ name, valid, invalid }) => {
  it.each(valid)('matches %j', (text) => {
    expect(text).toMatch(patterns[name]);
  });

  it.each(invalid)('does not match %j', (text) => {
    expect(text).not.toMatch(patterns[name]);
  });
});

describe('isSafeOrigin', () => {
  it.each([
    'https://app.example',
    'https://app.example:8443',
    'http://localhost:3000',
    'http://127.0.0.1',
    'http://[::1]:8080',
    'capacitor://localhost',
    'ionic://localhost',
  ])('accepts %j', (origin) => {
    expect(isSafeOrigin(origin)).toBe(true);
  });

  it.each([
    ['another type', 7],
    ['nothing', undefined],
    ['any origin', '*'],
    ['a wildcard', 'https://*.example'],
    ['no URL', 'app.example'],
    ['a path', 'https://app.example/'],
    ['a path after localhost', 'http://localhost/a'],
    ['plain HTTP', 'http://app.example'],
    ['upper case', 'https://App.example'],
    ['the default port of HTTPS', 'https://app.example:443'],
    ['another host for a scheme of the app', 'capacitor://app.example'],
    ['a port for a scheme of the app', 'capacitor://localhost:80'],
    ['a scheme that only begins like HTTP', 'https2://app.example'],
    ['a scheme that only ends like HTTP', 'ahttp://app.example'],
    ['a file', 'file:///localhost'],
    ['no host', 'data:text/plain,localhost'],
  ])('rejects %s', (_, origin) => {
    expect(isSafeOrigin(origin)).toBe(false);
  });
});

it.each([
  ['localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['', false],
  ['localhost.example', false],
  ['127.0.0.2', false],
])('the host %j is this machine: %j', (host, isLoopback) => {
  expect(isLoopbackHost(host)).toBe(isLoopback);
});
