import { isMissed, type Row, type Unit } from './row';
import type { Spread } from './statistics';

/** Renders the rows as a Markdown table, for the terminal and docs/measurements.md. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.what,
    row.against,
    `**${formatFigure(row.measured.median, row.unit)}**${formatRange(row.measured, row.unit)}`,
    `≤ ${formatFigure(row.goal, row.unit)}${isMissed(row) ? ' (missed)' : ''}`,
    row.parts === undefined ? '' : formatParts(row.parts),
  ]);
  const head = ['what', 'against', 'measured', 'goal', 'made of'];
  const widths = head.map((title, at) => Math.max(title.length, ...cells.map((line) => line[at]?.length ?? 0)));
  const line = (texts: readonly string[]): string =>
    `| ${texts.map((text, at) => text.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

/** Formats a figure with its unit: `0.16 ×`, `84 KB`. */
export function formatFigure(value: number, unit: Unit): string {
  return `${formatNumber(value, unit)} ${unit}`.trimEnd();
}

function formatRange({ low, high, rounds }: Spread, unit: Unit): string {
  return rounds === 1 || low === high ? '' : ` (${formatNumber(low, unit)}–${formatNumber(high, unit)})`;
}

function formatNumber(value: number, unit: Unit): string {
  return value.toFixed(unit === '×' ? 2 : 0);
}

function formatParts({ own, other, unit }: NonNullable<Row['parts']>): string {
  const digits = Math.max(own.median, other.median) < 100 ? 1 : 0;
  return `${own.median.toFixed(digits)} of ${other.median.toFixed(digits)} ${unit}`;
}
