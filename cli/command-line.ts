import type { Command } from './command';
import { UsageError } from './command-error';
import { commands } from './commands';
import { commonOptions, parseOptions } from './options';

/** A parsed command line. */
export type CommandLine =
  | { readonly kind: 'run'; readonly command: Command; readonly arguments: unknown }
  /** Help is requested for these commands; empty: an overview. */
  | { readonly kind: 'help'; readonly names: readonly string[] };

/**
 * Parses the command line.
 * @throws UsageError if it does not follow `--help`.
 */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const { values, positionals } = parseOptions(words);
  const isHelp = values.help === true || positionals[0] === 'help';
  const [first, second = ''] = positionals[0] === 'help' ? positionals.slice(1) : positionals;
  if (first === undefined) {
    if (isHelp) return { kind: 'help', names: [] };
    throw new UsageError(`The command is missing: choose from ${allNames}`);
  }
  const name = [`${first} ${second}`, first].find((candidate) => Object.hasOwn(commands, candidate));
  // `redrive --help` shows both commands that begin with `redrive`.
  if (isHelp) return { kind: 'help', names: name === undefined ? namesThatBeginWith(first) : [name] };
  const command = name === undefined ? undefined : commands[name];
  if (name === undefined || command === undefined) {
    throw new UsageError(`There is no command ${first}: choose from ${namesThatBeginWith(first).join(', ')}`);
  }

  const allowed: readonly string[] = [...commonOptions, ...command.options];
  const foreign = Object.keys(values).find((option) => !allowed.includes(option));
  if (foreign !== undefined) throw new UsageError(`${name} has no option --${foreign} (see --help)`);
  const operands = positionals.slice(name.split(' ').length);
  const { operands: expected = [] } = command;
  const hasMany = expected.at(-1)?.endsWith('…') === true;
  const missing = hasMany ? undefined : expected[operands.length];
  if (missing !== undefined)
    throw new UsageError(`${missing} is missing: live-photos ${[name, ...expected].join(' ')}`);
  const surplus = operands[expected.length];
  if (surplus !== undefined && !hasMany)
    throw new UsageError(`Unexpected argument ${surplus}: quote words that contain spaces`);
  return { kind: 'run', command, arguments: command.parse(values, operands) };
}

const allNames = `${Object.keys(commands).join(', ')} (see --help)`;

/** @throws UsageError if there are none. */
function namesThatBeginWith(word: string): string[] {
  const names = Object.keys(commands).filter((name) => name.startsWith(`${word} `));
  if (names.length === 0) throw new UsageError(`There is no command ${word}: choose from ${allNames}`);
  return names;
}
