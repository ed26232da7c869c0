import { widthOf } from './text';

/**
 * Renders a table with two spaces between columns.
 * @param rightAligned indexes of the columns that are aligned to the right, such as those of numbers.
 * @returns one line for each row.
 */
export function renderTable(rows: readonly (readonly string[])[], rightAligned: readonly number[] = []): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => widthOf(row[column] ?? ''))),
  );
  return rows.map((row) => {
    const cells = widths.map((width, column) => {
      const cell = row[column] ?? '';
      const space = ' '.repeat(Math.max(0, width - widthOf(cell)));
      return rightAligned.includes(column) ? space + cell : cell + space;
    });
    return cells.join('  ').trimEnd();
  });
}
