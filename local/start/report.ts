import type { LoggedPhoto } from './function-log';
import { count, printable } from '../../cli/terminal/text';
import type { Paint } from '../paint';
import type { PhotoResult } from './photo-run';

/** Renders one result of a run. */
export function renderProgress(result: PhotoResult, progress: string, paint: Paint): string {
  const { isAsExpected, status, key, ms } = result;
  const mark = isAsExpected ? paint('green', '✓') : paint('red', '✗');
  return `  ${mark} ${progress}  ${status}  ${printable(key)}  ${paint('dim', `${ms} ms`)}`;
}

/** Renders the function's log entry about a photo: its outcome, or why it is retried. */
export function renderLogged({ key, status, livePhotoId, reason, error }: LoggedPhoto, paint: Paint): string {
  if (status === undefined) return `  ${paint('dim', `↻ retried later  ${printable(`${key}  ${error ?? ''}`)}`)}`;
  const colour = status === 'uploaded' ? 'green' : status === 'rejected' ? 'red' : 'dim';
  return `  ${paint(colour, status)}  ${printable(key)}  ${livePhotoId ?? reason ?? ''}`;
}

/** Renders all results of a run, with a summary. */
export function renderReport(results: readonly PhotoResult[], paint: Paint): string {
  const wrong = results.filter(({ isAsExpected }) => !isAsExpected).length;
  const summary =
    wrong === 0
      ? paint('green', `${count(results.length, 'photo')} had the expected outcome.`)
      : paint('red', `${wrong} of ${count(results.length, 'photo')} did not have the expected outcome.`);
  return `\n${renderTable(results, paint)}\n\n${summary}`;
}

/** Renders results as a table with one line per photo. */
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

/** The expected outcome and why it was not reached; undefined if it was. */
function faultOf(result: PhotoResult | undefined): string | undefined {
  if (result === undefined || result.isAsExpected) return undefined;
  const why = result.detail === undefined ? '' : `: ${result.detail}`;
  return `expected ${result.expected}${why}`;
}

function pad(cell: string, width: number, isNumber: boolean): string {
  const space = ' '.repeat(width - widthOf(cell));
  return isNumber ? space + cell : cell + space;
}

const segmenter = new Intl.Segmenter();
const wide = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** The width of a text on a terminal. Chinese, Japanese and Korean characters take two columns. */
function widthOf(text: string): number {
  return Array.from(segmenter.segment(text), ({ segment }) => (wide.test(segment) ? 2 : 1) as number).reduce(
    (sum, width) => sum + width,
    0,
  );
}
