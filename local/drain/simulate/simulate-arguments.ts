import { UsageError } from '../../../cli/command-error';
import { parseWhole, parseWords } from '../../../cli/terminal/command';
import { type Scenario, scenarios } from './scenarios';
import type { SimulationSettings } from './simulate';

/** Options of `npm run drain -- --simulate`. */
export interface SimulateArguments {
  readonly settings: Required<Omit<SimulationSettings, 'timeoutMs'>>;
  readonly scenarios: readonly Scenario[];
  /** File for the chart. Undefined: no chart. */
  readonly chartPath: string | undefined;
  readonly isJson: boolean;
}

/** Options that a drain in real time does not have. */
export const simulationOnly = ['scenario', 'seed', 'chart'] as const;
/** Options that a simulation does not have. */
const realTimeOnly = ['size', 'latency-ms', 'vendor-limit', 'vendor-block'] as const;

/** The output of `--simulate --help`. */
export const simulateHelp = `Simulates in virtual time how the stack uploads a million photos. Runs the function's own code: its handler, drawing, claims,
pace and backoff. Nothing is sent.

  npm run drain -- --simulate
  npm run drain -- --simulate --scenario outage-2d
  npm run drain -- --simulate --photos 10000
  npm run drain -- --simulate --chart docs/simulation.svg

The scenarios:
  latency-0.2s, latency-0.5s, latency-1s, latency-2s, latency-3s, latency-5s, latency-7.5s, latency-10s
                           all photos are in the queue at the start; ComplyCube answers within this time to 1.5 × this time
  outage-1h, outage-2d     ComplyCube answers 503 for an hour, or two days; the app uploads all photos within 70 hours
  payment-due-63h          ComplyCube answers 402 from Friday evening until Monday morning; uploads as above
Outages begin after two hours. ComplyCube answers within 1 to 1.5 s before and after them.

Options
  --scenario NAME          simulate only this one (default: all, which takes about 90 minutes)
  --photos N               number of photos, 1 to 1000000 (default: 1000000)
  --requests-per-second N  the stack's setting, and ComplyCube's limit (default: 10)
  --concurrency N          number of execution environments (default: 2)
  --seed N                 the same seed gives the same result (default: 1)
  --chart FILE             draw the result as SVG
  --json                   print the result as JSON: an array with one object for each scenario
  --help                   print this

docs/measurements.md explains the result and the fields of its JSON.

Exit status: 0 each photo has one live photo, and no message is in the dead-letter queue; 1 otherwise; 2 invalid command line.`;

/**
 * Parses the command line.
 * @returns `help` for `--help`.
 */
export function parseSimulateArguments(words: readonly string[]): SimulateArguments | 'help' {
  const { values } = parseWords(words, {
    options: {
      simulate: { type: 'boolean' },
      scenario: { type: 'string' },
      photos: { type: 'string', default: '1000000' },
      'requests-per-second': { type: 'string', default: '10' },
      concurrency: { type: 'string', default: '2' },
      seed: { type: 'string', default: '1' },
      chart: { type: 'string' },
      size: { type: 'string' },
      'latency-ms': { type: 'string' },
      'vendor-limit': { type: 'string' },
      'vendor-block': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  for (const name of realTimeOnly) {
    if (values[name] !== undefined) throw new UsageError(`--${name} is not for a simulation: omit it, or --simulate`);
  }
  const { chart } = values;
  if (chart !== undefined && !chart.endsWith('.svg')) {
    throw new UsageError(`--chart must name an .svg file, not '${chart}'`);
  }
  const requestsPerSecond = parseWhole('requests-per-second', values['requests-per-second'], 2, 1_000);
  return {
    settings: {
      photos: parseWhole('photos', values.photos, 1, 1_000_000),
      requestsPerSecond,
      concurrency: parseWhole('concurrency', values.concurrency, 2, requestsPerSecond),
      seed: parseWhole('seed', values.seed, 0, 4_294_967_295),
    },
    scenarios: values.scenario === undefined ? scenarios : [scenarioNamed(values.scenario)],
    chartPath: chart,
    isJson: values.json,
  };
}

function scenarioNamed(name: string): Scenario {
  const scenario = scenarios.find((candidate) => candidate.name === name);
  if (scenario !== undefined) return scenario;
  throw new UsageError(`--scenario must be one of ${scenarios.map((each) => each.name).join(', ')}, not '${name}'`);
}
