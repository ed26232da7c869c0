import { commands } from './commands';
import { commonOptions, options, type OptionName } from './options';
import { renderTable } from './terminal/table';
import { fit } from './terminal/fit';

/** Longer lines are hard to read. */
const maxColumns = 100;

/**
 * Renders what `--help` prints.
 * @param names of commands; empty: an overview of all commands.
 * @param columns of the terminal, if there is one.
 */
export function renderHelp(names: readonly string[], columns = maxColumns): string {
  const text = names.length === 0 ? overview() : names.flatMap((name) => [...helpFor(name), '']);
  const exitStatuses =
    'Exit status: 0 done, 1 something is wrong or failed, 2 the command line is wrong, 130 interrupted.';
  const lines = [...text, ...(names.length === 0 ? [''] : []), exitStatuses];
  return fit(lines.join('\n'), Math.min(columns, maxColumns));
}

function overview(): string[] {
  const rows = Object.entries(commands).map(([name, { operands = [], summary }]) => [
    [name, ...operands].join(' '),
    summary,
  ]);
  return [
    'Operates a stack that uploads photos to ComplyCube as live photos. Usage: live-photos COMMAND',
    ...['', 'Commands'],
    ...indented([...rows, ['COMMAND --help', 'Shows the full usage of a command.']]),
    ...['', 'Options of all commands'],
    ...indented(commonOptions.map(describeOption)),
  ];
}

function helpFor(name: string): string[] {
  const command = commands[name];
  if (command === undefined) return [];
  return [
    command.summary,
    '',
    ...command.examples.map((example) => `  live-photos ${example}`),
    ...command.details.flatMap((paragraph) => ['', paragraph]),
    ...['', 'Options'],
    ...indented([...command.options, ...commonOptions].map(describeOption)),
  ];
}

function describeOption(name: OptionName): string[] {
  const { value, about } = options[name];
  return [`--${name} ${value}`.trimEnd(), about];
}

function indented(rows: readonly (readonly string[])[]): string[] {
  return renderTable(rows.map(([first = '', ...rest]) => [`  ${first}`, ...rest]));
}
