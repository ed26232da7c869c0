import type { WalkArguments } from '../options';
import { shellWord } from '../terminal/text';

/**
 * Renders the command line that continues after an interruption, ready to paste.
 * @param words the command with the options that only it has.
 * @param position the key up to which everything is done; undefined: nothing is done.
 */
export function continueCommand(
  words: readonly string[],
  options: Omit<WalkArguments, 'startAfter'>,
  position: string | undefined,
): string {
  const { stack, prefix, period, rate, isDryRun, isConfirmed, isJson } = options;
  const dateOf = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : new Date(ms).toISOString();
  const values = {
    '--prefix': prefix,
    '--since': dateOf(period.sinceMs),
    '--until': dateOf(period.untilMs),
    '--start-after': position,
    '--local': 'localUrl' in stack ? stack.localUrl : undefined,
    '--stack': 'stackName' in stack && stack.stackName !== 'LivePhotos' ? stack.stackName : undefined,
    '--rate': rate?.toString(),
  };
  const flags = { '--dry-run': isDryRun, '--yes': isConfirmed, '--json': isJson };
  const line = [
    ...['npx', 'live-photos', ...words],
    ...Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [name, value])),
    ...Object.entries(flags).flatMap(([name, isSet]) => (isSet ? [name] : [])),
  ];
  return `Nothing is lost. Continue with:  ${line.map(shellWord).join(' ')}`;
}
