import { commands } from './commands';
import { commonOptions, options, type OptionName } from './options';
import { renderTable } from './terminal/table';
import { wrap } from './terminal/text';

/** Longer lines are hard to read. */
const maxColumns = 100;

/**
 * Renders what `--help` prints.
 * @param names of commands; empty: an overview of all commands.
 * @param columns of the terminal, if there is one.
 */
export function renderHelp(names: readonly string[], columns = maxColumns): string {
  const width = Math.min(columns, maxColumns);
  const text = names.length === 0 ? overview(width) : names.flatMap((name) => [...helpFor(name, width), '']);
  const exitStatuses =
    'Exit status: 0 done, 1 something is wrong or failed, 2 the command line is wrong, 130 interrupted.';
  return [...text, ...(names.length === 0 ? [''] : []), ...wrap(exitStatuses, width)].join('\n');
}

function overview(width: number): string[] {
  const rows = Object.entries(commands).map(([name, { operands = [], summary }]) => [
    [name, ...operands].join(' '),
    summary,
  ]);
  return [
    ...wrap('Operates a stack that uploads photos to ComplyCube as live photos. Usage: live-photos COMMAND', width),
    ...['', 'Commands'],
    ...indented([...rows, ['COMMAND --help', 'Shows the full usage of a command.']], width),
    ...['', 'Options of all commands'],
    ...indented(commonOptions.map(describeOption), width),
  ];
}

function helpFor(name: string, width: number): string[] {
  const command = commands[name];
  if (command === undefined) return [];
  return [
    ...wrap(command.summary, width),
    '',
    ...command.examples.map((example) => `  live-photos ${example}`),
    ...command.details.flatMap((paragraph) => ['', ...wrap(paragraph, width)]),
    ...['', 'Options'],
    ...indented([...command.options, ...commonOptions].map(describeOption), width),
  ];
}

function describeOption(name: OptionName): string[] {
  const { value, about } = options[name];
  return [`--${name} ${value}`.trimEnd(), about];
}

function indented(rows: readonly (readonly string[])[], width: number): string[] {
  return renderTable(
    rows.map(([first = '', ...rest]) => [`  ${first}`, ...rest]),
    { maxWidth: width },
  );
}
