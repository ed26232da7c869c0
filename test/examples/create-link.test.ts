import { describe, expect, it } from '@jest/globals';
import { tmpdir } from 'node:os';
import { openSession } from '../../examples/selfie-app/back-end/session';
import { StartCommand } from '../local/start/start-command';

const sessionKey = 'k'.repeat(64);
const createLink = async (words: readonly string[], variables: Record<string, string>) => {
  const command = new StartCommand(words, tmpdir(), variables, 'examples/selfie-app/create-link.ts');
  return { status: await command.status(), out: command.out, err: command.err };
};

describe('the example’s create-link', () => {
  it('prints a link that signs the client in', async () => {
    const words = ['https://app.example.com', 'client-1'];
    const { status, out } = await createLink(words, { SESSION_KEY: sessionKey });
    const { origin, pathname, searchParams } = new URL(out);
    expect({ status, origin, pathname }).toEqual({ status: 0, origin: words[0], pathname: '/sign-in' });
    expect(openSession(searchParams.get('session') ?? '', sessionKey)).toMatchObject({ clientId: 'client-1' });
  });

  it.each([
    [['https://app.example.com'], { SESSION_KEY: sessionKey }],
    [['https://app.example.com', 'client-1'], {}],
  ])('explains its usage if it is called with %j and %j', async (words, variables) => {
    expect(await createLink(words, variables)).toEqual({
      status: 2,
      out: '',
      err: expect.stringMatching(/^Usage: SESSION_KEY=… /) as unknown,
    });
  });
});
