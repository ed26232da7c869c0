/**
 * Writes a row of CSV (RFC 4180), without the line's end.
 *
 * A spreadsheet runs a cell as a formula that begins with one of `= + - @`, a tab or a carriage return, and keys are whatever
 * an app made them: such a cell gets a `'` before it (OWASP, "CSV Injection").
 */
export function csvRow(cells: readonly string[]): string {
  return cells.map((cell) => quote(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)).join(',');
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
