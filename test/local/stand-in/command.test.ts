import { describe, it, expect } from '@jest/globals';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { UsageError } from '../../../cli/command-error';
import { help, parseCommandLine } from '../../../local/stand-in/command-line';
import { listenOnLoopback } from 'loopback-server/loopback-server';

const root = resolve(__dirname, '../../..');

function run(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ['--import', 'tsx', 'local/stand-in/main.ts', ...args], { cwd: root });
}

async function endOf(
  child: ChildProcessWithoutNullStreams,
): Promise<{ status: number | null; out: string; err: string }> {
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, out, err };
}

describe('the command', () => {
  it('serves until it is interrupted, then exits with 0', async () => {
    const child = run('--key', 'test_key', '--port', '0');
    const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
    const baseUrl = /http:\/\/127\.0\.0\.1:\d+\/v1/.exec(chunk.toString())?.[0] ?? '';
    const { status } = await fetch(`${baseUrl}/livePhotos?clientId=x`, { headers: { authorization: 'test_key' } });
    expect(status).toBe(200);
    expect(chunk.toString()).not.toContain('test_key');
    child.kill('SIGINT');
    expect(await endOf(child)).toMatchObject({ status: 0, err: '' });
  });

  it('exits with 2 and prints one line for an unknown flag', async () => {
    const { status, out, err } = await endOf(run('--key', 'test_key', '--keys'));
    expect({ status, out, err }).toEqual({ status: 2, out: '', err: "Unknown option '--keys' (see --help)\n" });
  });

  it('exits with 2 and prints one line if the port is in use', async () => {
    const server = await listenOnLoopback(() => undefined);
    const { port } = new URL(server.url);
    const { status, out, err } = await endOf(run('--key', 'test_key', '--port', port));
    await server.close();
    expect({ status, out }).toEqual({ status: 2, out: '' });
    expect(err).toBe(`Port ${port} is in use: choose another with --port, or any free port with --port 0\n`);
  });

  it('prints its help', async () => {
    expect(await endOf(run('--help'))).toEqual({ status: 0, out: `${help}\n`, err: '' });
  });
});

describe('parseCommandLine', () => {
  const key = ['--key', 'test_key'];

  it('has defaults for all options except the key', () => {
    const options = parseCommandLine(key);
    expect(options).toMatchObject({
      keys: ['test_key'],
      port: 4010,
      unknownClientStatus: 404,
      latencyMs: [0, 0],
      listingDelayMs: [0, 0],
      includesEmpty: false,
      numericIdRate: 0,
      requestsPerSecond: {},
      blockMs: 0,
      seed: 1,
    });
    expect(options).not.toHaveProperty('retryAfterSeconds');
  });

  it('reads every flag', () => {
    const flags =
      '--key live_key --port 0 --unknown-client 400 --latency 100-500 --live-rate 20 --test-rate 7 --block 30000 --retry-after 9 --seed 4 --listing-delay 0-900 --include-empty --numeric-ids';
    expect(parseCommandLine([...key, ...flags.split(' ')])).toMatchObject({
      keys: ['test_key', 'live_key'],
      port: 0,
      unknownClientStatus: 400,
      latencyMs: [100, 500],
      requestsPerSecond: { live: 20, test: 7 },
      blockMs: 30_000,
      retryAfterSeconds: 9,
      seed: 4,
      listingDelayMs: [0, 900],
      includesEmpty: true,
      numericIdRate: 1,
    });
    expect(parseCommandLine([...key, '--latency', '300'])).toMatchObject({ latencyMs: [300, 300] });
  });

  it('knows the given clients', () => {
    const known = (...args: string[]) =>
      ['5eb1276d96be4a0008713af5', 'ann'].filter((id) =>
        parseCommandLine([...key, ...args])?.isKnownClient?.(id, 'test'),
      );
    expect(known()).toEqual(['5eb1276d96be4a0008713af5']);
    expect(known('--client', 'bob', '--client', 'ann')).toEqual(['ann']);
    expect(known('--any-client')).toEqual(['5eb1276d96be4a0008713af5', 'ann']);
  });

  it.each([
    ['', '--key'],
    ['--key Bearer', '--key'],
    ['--key test_a --key', '--key'],
    ['--key test_a --port 65536', '--port'],
    ['--key test_a --port x', '--port'],
    ['--key test_a --latency 5-', '--latency'],
    ['--key test_a --latency 9-5', '--latency'],
    ['--key test_a --listing-delay x', '--listing-delay'],
    ['--key test_a --unknown-client 500', '--unknown-client'],
    ['--key test_a --seed -1', '--seed'],
    ['--key test_a --client a --any-client', '--any-client'],
    ['--key test_a more', 'more'],
  ])('refuses "%s" and names %s', (line, named) => {
    const parse = () => parseCommandLine(line.split(' ').filter((word) => word !== ''));
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(named);
  });

  it('documents every flag in its help', () => {
    const flags =
      'key port client any-client unknown-client latency listing-delay include-empty numeric-ids live-rate test-rate block retry-after seed help';
    for (const flag of flags.split(' ')) expect(help).toContain(`  --${flag}`);
  });
});
