import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const readme = readFileSync(join(__dirname, '..', '..', 'README.md'), 'utf8');

/** One row of a table, by its column's head. */
export type Row = Readonly<Record<string, string>>;

/**
 * Reads the first table below a heading of the README.
 * @throws when there is no such heading, or no table before the next one.
 */
export function readTable(heading: string): Row[] {
  const [, section] = readme.split(new RegExp(`^#+ ${heading}$`, 'm'));
  const lines = (section?.split(/^#+ /m)[0] ?? '').split('\n');
  const start = lines.findIndex(isRow);
  const [head, , ...rows] = lines
    .slice(
      start,
      lines.findIndex((line, at) => at > start && !isRow(line)),
    )
    .map(cells);
  if (start < 0 || head === undefined) throw new Error(`The README has no table below ${heading}`);
  return rows.map((row) => Object.fromEntries(head.map((name, column) => [name, row[column] ?? ''])));
}

/** The text of a cell that is code and nothing else. */
export function codeOf(cell: string | undefined): string | undefined {
  return /^`([^`]+)`$/.exec(cell ?? '')?.[1];
}

function isRow(line: string): boolean {
  return line.startsWith('|');
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
