import { describe, expect, it } from '@jest/globals';
import { UsageError } from '../../../cli/command-error';
import { parseStartArguments, startHelp } from '../../../local/start/start-arguments';

describe('the command line of npm start', () => {
  const nothing = {
    own: undefined,
    clientIdMetadata: 'client-id',
    isReal: false,
    isServing: false,
    origins: [],
    isJson: false,
    hasLogs: false,
  };

  it.each([
    ['nothing', [], nothing],
    ['--json', ['--json'], { ...nothing, isJson: true }],
    ['--logs', ['--logs'], { ...nothing, hasLogs: true }],
    ['--client-id-metadata', ['--client-id-metadata', 'user-id'], { ...nothing, clientIdMetadata: 'user-id' }],
    ['--serve', ['--serve'], { ...nothing, isServing: true }],
    [
      '--serve with origins',
      ['http://localhost:5173', 'https://app.example', 'capacitor://localhost'].reduce<string[]>(
        (words, origin) => [...words, '--origin', origin],
        ['--serve'],
      ),
      {
        ...nothing,
        isServing: true,
        origins: ['http://localhost:5173', 'https://app.example', 'capacitor://localhost'],
      },
    ],
    ['--serve --real', ['--serve', '--real'], { ...nothing, isServing: true, isReal: true }],
    [
      'photos and a client ID, in any order',
      ['a.jpg', '--client-id', 'id', 'folder', '--real'],
      { ...nothing, own: { paths: ['a.jpg', 'folder'], clientId: 'id' }, isReal: true },
    ],
    [
      'a photo whose name looks like a flag',
      ['--client-id=id', '--', '--a.jpg'],
      { ...nothing, own: { paths: ['--a.jpg'], clientId: 'id' } },
    ],
    // The function rejects malformed client IDs, the command does not.
    [
      'a malformed client ID',
      ['a', '--client-id', 'no ID!'],
      { ...nothing, own: { paths: ['a'], clientId: 'no ID!' } },
    ],
    ['--help', ['--help'], 'help'],
    ['--help among others', ['a.jpg', '--json', '--help'], 'help'],
  ])('accepts %s', (_, words, expected) => {
    expect(parseStartArguments(words)).toEqual(expected);
  });

  it.each([
    ['an unknown flag', ['--fast'], "Unknown option '--fast' (see --help)"],
    ['an unknown flag with a dot', ['--fast.er'], "Unknown option '--fast.er' (see --help)"],
    ['a client ID flag without its value', ['a.jpg', '--client-id'], '--client-id needs a value'],
    ['a flag as a client ID', ['a.jpg', '--client-id', '--json'], '--client-id needs a value'],
    ['a value for a flag', ['--json=yes'], "Option '--json' does not take an argument"],
    ['a photo without a client ID', ['a.jpg'], '--client-id is missing: it is required with PHOTO'],
    ['an empty client ID', ['a.jpg', '--client-id', ''], '--client-id has an empty value'],
    [
      'a client ID with other characters than ASCII',
      ['a.jpg', '--client-id', 'Ñandú'],
      '--client-id must contain only',
    ],
    ['a client ID without a photo', ['--client-id', 'id'], '--client-id requires a PHOTO'],
    ['a name that is no metadata', ['--client-id-metadata', 'x-amz-meta-a'], '--client-id-metadata is x-amz-meta-a'],
    ['--real without a photo', ['--real'], '--real requires a PHOTO'],
    ['an origin without --serve', ['--origin', 'http://localhost:1'], '--origin requires --serve'],
    ['an origin with a path', ['--serve', '--origin', 'http://localhost:1/app'], 'use an origin without a path'],
    ['a page of another device', ['--serve', '--origin', 'http://192.168.1.5:5173'], 'Plain HTTP requires localhost'],
    ['any page', ['--serve', '--origin', 'https://*.example.com'], '--origin is https://*.example.com'],
    ['--json with --serve', ['--json', '--serve'], '--json'],
  ])('refuses %s with a message of one line', (_, words, message) => {
    const parse = () => parseStartArguments(words);
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
    expect(parse).not.toThrow('\n');
  });

  it('documents each flag in its help', () => {
    for (const flag of ['--client-id', '--client-id-metadata', '--real', '--serve', '--json', '--logs', '--help']) {
      expect(startHelp).toMatch(new RegExp(`^  ${flag} `, 'm'));
    }
  });
});
