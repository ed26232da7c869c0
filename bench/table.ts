import { isMissed, type Row, type Unit } from './row';
import type { Spread } from './statistics';

/** The table as Markdown, for the terminal and the README alike. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    row.against,
    `**${formatFigure(row.measured.median, row.unit)}**${formatRange(row.measured, row.unit)}`,
    row.goal === undefined ? '' : `≤ ${formatFigure(row.goal, row.unit)}${isMissed(row) ? ' (missed)' : ''}`,
    row.parts === undefined ? '' : formatParts(row.parts),
  ]);
  const head = ['what', 'against', 'measured', 'goal', 'made of'];
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** A figure in a row's unit: `0.16 ×`, `84 KB`. */
export function formatFigure(value: number, unit: Unit): string {
  return `${unit === '×' ? value.toFixed(2) : value.toFixed(0)} ${unit}`.trimEnd();
}

function formatRange({ low, high, rounds }: Spread, unit: Unit): string {
  if (rounds === 1 || low === high) return '';
  const digits = unit === '×' ? 2 : 0;
  return ` (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

function formatParts({ own, other, unit }: NonNullable<Row['parts']>): string {
  const digits = Math.max(own.median, other.median) < 100 ? 1 : 0;
  return `${own.median.toFixed(digits)} of ${other.median.toFixed(digits)} ${unit}`;
}
