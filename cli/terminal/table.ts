import { widthOf, wrap } from './text';

/** How a table is rendered. */
export interface TableOptions {
  /** Indexes of the columns that are aligned to the right, such as those of numbers. */
  readonly rightAligned?: readonly number[];
  /** Width at which the text of the last column is wrapped; default: it is not wrapped. */
  readonly maxWidth?: number | undefined;
}

/** A narrower last column is not wrapped: it would be harder to read than lines that the terminal breaks. */
const minWrapWidth = 16;

/**
 * Renders a table with two spaces between columns.
 * @returns one string for each row. A wrapped row has several lines.
 */
export function renderTable(
  rows: readonly (readonly string[])[],
  { rightAligned = [], maxWidth = Infinity }: TableOptions = {},
): string[] {
  const last = Math.max(0, ...rows.map((row) => row.length)) - 1;
  const widths = Array.from({ length: last + 1 }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  const indent = widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  const lastWidth = maxWidth - indent < minWrapWidth ? Infinity : maxWidth - indent;
  return rows.map((row) => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? '';
      const space = ' '.repeat(Math.max(0, width - widthOf(cell)));
      if (rightAligned.includes(column)) return space + cell;
      return column === last ? wrap(cell, lastWidth).join(`\n${' '.repeat(indent)}`) : cell + space;
    });
    return cells.join('  ').trimEnd();
  });
}
