import { type Paint, printable } from '../paint';
import type { PhotoResult } from './photo-run';

/** Renders results as a table, a line each. */
export function renderTable(results: readonly PhotoResult[], paint: Paint): string {
  const header = ['object', 'bytes', 'outcome', 'live photo ID or rejection reason', 'deliveries', 'ms'];
  const rows = results.map(({ key, bytes, status, livePhotoId, reason, deliveries, ms }) => [
    printable(key),
    bytes.toLocaleString('en'),
    status,
    livePhotoId ?? reason ?? '',
    String(deliveries),
    ms.toLocaleString('en'),
  ]);
  const isNumber = [false, true, false, false, true, true];
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => widthOf(row[column] ?? ''))));
  const renderRow = (row: readonly string[]): string =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, isNumber[column] ?? false))
      .join('  ')
      .trimEnd();
  const lines = rows.map((row, at) => {
    const fault = faultOf(results[at]);
    return fault === undefined ? renderRow(row) : paint('red', `${renderRow(row)}  ← ${printable(fault)}`);
  });
  return [paint('dim', renderRow(header)), ...lines].join('\n');
}

/** Says how a photo must have ended, and why it did not; undefined when it ended so. */
function faultOf(result: PhotoResult | undefined): string | undefined {
  if (result === undefined || result.isAsExpected) return undefined;
  const why = result.detail === undefined ? '' : `: ${result.detail}`;
  return `must be ${result.expected}${why}`;
}

function pad(cell: string, width: number, isNumber: boolean): string {
  const space = ' '.repeat(width - widthOf(cell));
  return isNumber ? space + cell : cell + space;
}

const segmenter = new Intl.Segmenter();
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** Columns that a text takes on a terminal: Chinese, Japanese and Korean characters take two. */
function widthOf(text: string): number {
  return Array.from(segmenter.segment(text), ({ segment }) => (wide.test(segment) ? 2 : 1) as number).reduce(
    (sum, width) => sum + width,
    0,
  );
}
