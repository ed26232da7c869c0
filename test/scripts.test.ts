import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseBenchArguments } from '../bench/bench-arguments';
import { parseCostArguments } from '../bench/cost/cost-arguments';
import { UsageError } from '../cli/command-error';
import { parseEndToEndArguments } from '../e2e/arguments';
import { parseChaosArguments } from '../local/chaos/chaos-arguments';
import { parseDashboardArguments } from '../local/dashboard/dashboard-arguments';
import { parseDrainArguments } from '../local/drain/drain-arguments';
import { parseCommandLine as parseStandInArguments } from '../local/stand-in/command-line';
import { parseStartArguments } from '../local/start/start-arguments';
import cliPackageJson from '../cli/package.json';
import packageJson from '../package.json';

const root = join(__dirname, '..');
const interpreters: Readonly<Record<string, readonly string[]>> = {
  tsx: [process.execPath, '--import', 'tsx'],
  'exec bash': ['bash'],
};
/** The scripts that are programs of this project, with the words that start them. */
const programs = [
  ...Object.entries(packageJson.scripts),
  ...Object.entries(cliPackageJson.scripts).map(([name, line]) => [`${name} of cli`, line.replace('../', '')] as const),
].flatMap(([name, line]) => {
  const [, interpreter = '', file = ''] = /^(tsx|exec bash) (\S+)$/.exec(line) ?? [];
  const words = interpreters[interpreter];
  return words === undefined ? [] : [[name, [...words, file]] as const];
});

/** When each file of docs/ was last written, such as a picture that a script draws. */
function documentTimes(): Record<string, number> {
  const folder = join(root, 'docs');
  return Object.fromEntries(readdirSync(folder).map((name) => [name, statSync(join(folder, name)).mtimeMs]));
}

describe('each script', () => {
  it.each(programs)('%s refuses an unknown option in one line, and writes nothing', async (_, [program, ...words]) => {
    const before = documentTimes();
    const run = promisify(execFile)(program, [...words, '--bogus'], { cwd: root });
    await expect(run).rejects.toMatchObject({
      ...{ code: 2, stdout: '', stderr: "Unknown option '--bogus' (see --help)\n" },
    });
    expect(documentTimes()).toEqual(before);
  });

  it('that is a program is in this test', () => {
    const names =
      'start example stand-in chaos drain dashboard e2e e2e:ministack e2e:runtime bench bench:browser cost screenshot build';
    expect(programs.map(([name]) => name)).toEqual([...names.split(' '), 'build of cli']);
  });
});

const parsers = {
  start: parseStartArguments,
  'stand-in': parseStandInArguments,
  chaos: parseChaosArguments,
  drain: parseDrainArguments,
  dashboard: parseDashboardArguments,
  e2e: parseEndToEndArguments,
  bench: parseBenchArguments,
  cost: parseCostArguments,
} satisfies Record<string, (words: readonly string[]) => unknown>;

describe('a command line', () => {
  it.each<[keyof typeof parsers, string, string]>([
    ['start', '--client-id', '--client-id needs a value'],
    ['start', '--serve --serve', '--serve is given twice'],
    ['start', 'a.jpg --client-id a --client-id b', '--client-id is given twice'],
    ['start', 'a.jpg --client-id=', '--client-id has an empty value'],
    ['start', '--serve=yes', "'--serve' does not take an argument"],
    ['start', '--serve --origin example.com', '--origin is example.com'],
    ['stand-in', '--key', '--key needs a value'],
    ['stand-in', '--key test_a --port 1 --port 2', '--port is given twice'],
    ['stand-in', '--key test_a --port 65536', '--port must be a whole number from 0 to 65535'],
    ['stand-in', '--key test_a --latency=', '--latency has an empty value'],
    ['chaos', '--photos', '--photos needs a value'],
    ['chaos', '--photos -5', '--photos must be a whole number from 1 to 100000'],
    ['chaos', '--seed 1 --seed 2', '--seed is given twice'],
    ['chaos', '--claims maybe', '--claims must be on, off or both'],
    ['chaos', 'now', "Unexpected argument 'now'"],
    ['drain', '--photos 1', '--photos must be a whole number from'],
    ['drain', '--size 1', '--size must be from 34000 to 4194304 bytes'],
    ['drain', '--concurrency 11', '--concurrency must be a whole number from 2 to 10'],
    ['drain', '--latency-ms 200 --latency-ms 300', '--latency-ms is given twice'],
    ['dashboard', '--out=', '--out has an empty value'],
    ['dashboard', '--out a.html --out b.html', '--out is given twice'],
    ['dashboard', '--screenshot a.jpg', '--screenshot must end with .png'],
    ['e2e', '--client-id', '--client-id needs a value'],
    ['e2e', '--aws --aws', '--aws is given twice'],
    ['bench', '--chart docs/bench.png', '--chart must name an .svg file'],
    ['bench', '--chart', '--chart needs a value'],
    ['bench', '--quick --quick', '--quick is given twice'],
    ['cost', '--photos -1', '--photos must be a whole number from 0 to 1e12'],
    ['cost', '--requests-per-second 0', '--requests-per-second must be a whole number from 1 to 1000'],
    ['cost', '--size 5MB', '--size must be from 34000 to 4194304 bytes'],
    ['cost', '--photos 1 --photos 2', '--photos is given twice'],
  ])('is refused in one line: %s %s', (script, line, message) => {
    const parse = () => parsers[script](line.split(' '));
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
    expect(parse).not.toThrow(/\n/);
  });
});
