import type { SendingArguments, StackChoice } from '../command-line';
import { shellWord } from '../terminal/text';

/**
 * Says how to go on after an interruption: a command line that can be pasted.
 * @param words the command and the options of its own.
 * @param position the key up to which all is done; undefined: nothing is.
 */
export function howToGoOn(words: readonly string[], asked: SendingArguments, position: string | undefined): string {
  const startAfter = position === undefined ? [] : ['--start-after', position];
  const again = ['npx', 'live-photos', ...words, ...scopeWords(asked), ...startAfter, ...commonWords(asked)];
  return `Nothing is lost. Go on with:  ${again.map(shellWord).join(' ')}`;
}

/** The options by which the same stack and the same way are chosen again. */
function commonWords({ stack, rate, isDryRun, isAgreed, isJson }: SendingArguments): string[] {
  return [
    ...stackWords(stack),
    ...(rate === undefined ? [] : ['--rate', String(rate)]),
    ...(isDryRun ? ['--dry-run'] : []),
    ...(isAgreed ? ['--yes'] : []),
    ...(isJson ? ['--json'] : []),
  ];
}

function stackWords(stack: StackChoice): string[] {
  if ('localUrl' in stack) return ['--local', stack.localUrl];
  return stack.stackName === 'LivePhotos' ? [] : ['--stack', stack.stackName];
}

/** The options by which the same photo objects are chosen again. */
function scopeWords({ prefix, period: { sinceMs, untilMs } }: Pick<SendingArguments, 'prefix' | 'period'>): string[] {
  return [
    ...(prefix === undefined ? [] : ['--prefix', prefix]),
    ...(sinceMs === undefined ? [] : ['--since', new Date(sinceMs).toISOString()]),
    ...(untilMs === undefined ? [] : ['--until', new Date(untilMs).toISOString()]),
  ];
}
