import { readDocument } from './documents';

/** One row of a table: each cell by the heading of its column. */
export type Row = Readonly<Record<string, string>>;

/**
 * Reads the first table of a document's section.
 * @param path of the document, from the project's root.
 * @param heading of the section.
 * @throws when the document has no such heading, or the section has no table.
 */
export function readTable(path: string, heading: string): Row[] {
  const [, section = ''] = readDocument(path).split(new RegExp(`^#+ ${heading}$`, 'm'));
  const lines = (section.split(/^#+ /m)[0] ?? '').split('\n');
  const start = lines.findIndex(isRow);
  const [head, , ...rows] = lines
    .slice(
      start,
      lines.findIndex((line, at) => at > start && !isRow(line)),
    )
    .map(cells);
  if (start < 0 || head === undefined) throw new Error(`${path} has no table in the section ${heading}`);
  return rows.map((row) => Object.fromEntries(head.map((name, column) => [name, row[column] ?? ''])));
}

/** The text of a cell that contains only code. */
export function codeOf(cell: string | undefined): string | undefined {
  return /^`([^`]+)`$/.exec(cell ?? '')?.[1];
}

/** Every piece of code in a cell. */
export function codesOf(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
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
