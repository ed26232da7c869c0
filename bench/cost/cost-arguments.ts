import { UsageError } from '../../cli/command-error';
import { parseWhole, parseWords } from '../../cli/terminal/command';
import { parseSize } from '../../local/parse-size';
import type { Month } from './monthly-bill';

/** Options of `npm run cost`. */
export interface CostArguments extends Month {
  readonly isJson: boolean;
}

/** What `--help` prints. */
export const costHelp = `Prints what a month of photos costs on AWS, by service, and how long ComplyCube's rate limit makes it take.

  npm run cost -- --photos 1e6 --size 500KB
  npm run cost -- --photos 0

Options
  --photos N               photos per month; default: 1e6; 0 shows the fixed cost
  --size SIZE              of one photo: 500KB, 2MB or a number of bytes; default: 500KB
  --requests-per-second N  the account's rate limit at ComplyCube; default: 10
  --json                   print the bill as JSON
  --help                   print this

List prices without free tiers. local/prices.ts contains them, with their sources and date.

Exit status: 0, or 2 when the command line is wrong.`;

/**
 * Reads the command line.
 * @returns `help` when `--help` is given.
 * @throws UsageError for unknown options or values.
 */
export function parseCostArguments(words: readonly string[]): CostArguments | 'help' {
  const { values } = parseWords(words, {
    options: {
      photos: { type: 'string', default: '1e6' },
      size: { type: 'string', default: '500KB' },
      'requests-per-second': { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    photos: parsePhotos(values.photos),
    photoBytes: parseSize(values.size),
    requestsPerSecond: parseWhole('requests-per-second', values['requests-per-second'], 1, 1_000),
    isJson: values.json,
  };
}

function parsePhotos(text: string): number {
  const photos = /^\d+(\.\d+)?(e\d{1,2})?$/i.test(text) ? Number(text) : NaN;
  if (!Number.isInteger(photos) || photos > 1e12) {
    throw new UsageError(`--photos must be a whole number from 0 to 1e12, such as 50000 or 1e6, not '${text}'`);
  }
  return photos;
}
