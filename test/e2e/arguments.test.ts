import { describe, expect, it } from '@jest/globals';
import { endToEndHelp, parseEndToEndArguments } from '../../e2e/arguments';
import { UsageError } from '../../cli/command-error';

describe('the command line', () => {
  it('deploys to an emulator, with the stand-in, and destroys the stack by default', () => {
    expect(parseEndToEndArguments([])).toEqual({
      isAws: false,
      isSandbox: false,
      clientId: undefined,
      hasKey: false,
      keepsStack: false,
    });
  });

  it('uses the sandbox with AWS, which can’t reach the stand-in', () => {
    expect(parseEndToEndArguments(['--aws', '--client-id', 'abc', '--keep', '--kms-key'])).toEqual({
      isAws: true,
      isSandbox: true,
      clientId: 'abc',
      hasKey: true,
      keepsStack: true,
    });
    expect(parseEndToEndArguments(['--sandbox'])).toMatchObject({ isAws: false, isSandbox: true });
  });

  it('has help that names each option', () => {
    expect(parseEndToEndArguments(['--help'])).toBe('help');
    for (const option of ['--aws', '--sandbox', '--client-id', '--kms-key', '--keep'])
      expect(endToEndHelp).toContain(option);
  });

  it.each([['--asw'], ['photo.jpg'], ['--client-id']])('refuses %s in one line', (word) => {
    expect(() => parseEndToEndArguments([word])).toThrow(UsageError);
    expect(() => parseEndToEndArguments([word])).toThrow(/^[^\n]*\(see --help\)$/);
  });
});
