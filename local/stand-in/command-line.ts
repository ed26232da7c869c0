import type { ParseArgsConfig } from 'node:util';
import { UsageError } from '../../cli/command-error';
import { parseWhole, parseWords } from '../../cli/terminal/command';
import { isKeyForm } from 'complycube-stand-in/api-keys';
import type { LatencyMs } from 'complycube-stand-in/latency';
import { hasUsualForm, type ComplyCubeOptions } from 'complycube-stand-in/options';

/** The output of `--help`. */
export const help = `A stand-in for ComplyCube's API on this machine: clients and live photos, kept in memory.

Usage: npx tsx local/stand-in/main.ts --key KEY [options]

  --key KEY         an API key to accept, beginning with test_ or live_ (repeatable, at least one)
  --port PORT       port on 127.0.0.1 (default 4010; 0 chooses a free port)
  --client ID       a client that exists, in addition to created ones (repeatable);
                    default: every ID of 24 hex digits exists
  --any-client      every client ID exists, in any form
  --unknown-client STATUS
                    status of uploads for a client that does not exist: 404 (default) or 400
  --latency MS      latency of answers: 300, or a range such as 100-500 (default 0)
  --listing-delay MS
                    delay until a new live photo is listed: 300 or 100-500 (default 0)
  --include-empty   answers include properties with an empty or null value; by default they are omitted
  --numeric-ids     the IDs of live photos are JSON numbers
  --live-rate N     requests a second for live_ keys (default 10)
  --test-rate N     requests a second for test_ keys (default 5)
  --block MS        time for which all requests are refused after the limit was exceeded (default 0)
  --retry-after S   send this Retry-After header, in seconds, with each 429 (default: none)
  --answer-early    refuse a request because of its key or the rate limit before its body arrives, as gateways do
  --keep N          keep the bytes of the latest N live photos only (default: of all)
  --seed N          seed for latencies and for faults with a rate (default 1)
  --help            print this

While it runs, POST /_stand-in/faults requests faults, and GET /_stand-in/statistics returns statistics:
see packages/complycube-stand-in/README.md. Ctrl-C stops it.`;

const flags = {
  key: { type: 'string', multiple: true },
  port: { type: 'string' },
  client: { type: 'string', multiple: true },
  'any-client': { type: 'boolean' },
  'unknown-client': { type: 'string' },
  latency: { type: 'string' },
  'listing-delay': { type: 'string' },
  'include-empty': { type: 'boolean' },
  'numeric-ids': { type: 'boolean' },
  'live-rate': { type: 'string' },
  'test-rate': { type: 'string' },
  block: { type: 'string' },
  'retry-after': { type: 'string' },
  'answer-early': { type: 'boolean' },
  keep: { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

/**
 * Parses the command line.
 * @returns undefined for `--help`.
 * @throws UsageError with the name of the wrong argument.
 */
export function parseCommandLine(args: readonly string[]): ComplyCubeOptions | undefined {
  const { values } = parseWords(args, { options: flags });
  if (values.help) return undefined;
  const { key: keys = [], latency, block, seed } = values;
  if (!keys.every(isKeyForm) || keys.length === 0) {
    throw new UsageError('Give at least one --key; each begins with test_ or live_ (see --help)');
  }
  const live = parseNumber('live-rate', values['live-rate']);
  const test = parseNumber('test-rate', values['test-rate']);
  const keptPhotos = parseNumber('keep', values.keep);
  const retryAfterSeconds = parseNumber('retry-after', values['retry-after']);
  return {
    keys,
    port: parseNumber('port', values.port, 65_535) ?? 4010,
    isKnownClient: chooseClients(values.client, values['any-client'] ?? false),
    unknownClientStatus: parseUnknownClient(values['unknown-client']),
    latencyMs: parseLatency('latency', latency),
    listingDelayMs: parseLatency('listing-delay', values['listing-delay']),
    answersEarly: values['answer-early'] ?? false,
    includesEmpty: values['include-empty'] ?? false,
    numericIdRate: values['numeric-ids'] === true ? 1 : 0,
    requestsPerSecond: { ...(live === undefined ? {} : { live }), ...(test === undefined ? {} : { test }) },
    blockMs: parseNumber('block', block) ?? 0,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(keptPhotos === undefined ? {} : { keptPhotos }),
    seed: parseNumber('seed', seed) ?? 1,
  };
}

function parseNumber(flag: string, text: string | undefined, most = 1_000_000_000): number | undefined {
  return text === undefined ? undefined : parseWhole(flag, text, 0, most);
}

function parseLatency(flag: string, text: string | undefined): LatencyMs {
  const [least = 0, most = least] = (text?.split('-', 2) ?? []).map((part) => parseNumber(flag, part) ?? 0);
  if (most < least) throw new UsageError(`--${flag} must be a range from low to high, not '${text ?? ''}'`);
  return [least, most];
}

function parseUnknownClient(text = '404'): 400 | 404 {
  if (text === '404') return 404;
  if (text === '400') return 400;
  throw new UsageError(`--unknown-client must be 404 or 400, not '${text}'`);
}

function chooseClients(clientIds: string[] | undefined, isAnyKnown: boolean): (clientId: string) => boolean {
  if (clientIds !== undefined && isAnyKnown) throw new UsageError('Give either --client or --any-client, not both');
  if (isAnyKnown) return () => true;
  return clientIds === undefined ? hasUsualForm : (clientId) => clientIds.includes(clientId);
}
