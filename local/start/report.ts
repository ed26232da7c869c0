import type { LoggedPhoto } from './function-log';
import { renderTable } from '../../cli/terminal/table';
import { count, printable } from '../../cli/terminal/text';
import type { Paint } from '../paint';
import type { PhotoResult } from './photo-run';

/** Renders one result of a run. */
export function renderProgress(result: PhotoResult, progress: string, paint: Paint): string {
  const { isAsExpected, status, key, ms } = result;
  const mark = isAsExpected ? paint('green', '✓') : paint('red', '✗');
  const outcome = isAsExpected && status === 'rejected' ? 'rejected, as expected' : status;
  return `  ${mark} ${progress}  ${outcome}  ${printable(key)}  ${paint('dim', `${ms} ms`)}`;
}

/** Renders the function's log entry about a photo: its outcome, or why it is retried. */
export function renderLogged({ key, status, livePhotoId, reason, error }: LoggedPhoto, paint: Paint): string {
  if (status === undefined) {
    const message = (error ?? '').replace(/^\w+Error: /, '');
    return `  ${paint('dim', `↻ retried later  ${printable(`${key}  ${message}`)}`)}`;
  }
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
  return `\n${renderResults(results, paint)}\n\n${summary}`;
}

/** Renders results as a table with one line per photo. */
export function renderResults(results: readonly PhotoResult[], paint: Paint): string {
  const header = ['object', 'bytes', 'outcome', 'live photo ID or rejection reason', 'deliveries', 'ms'];
  const rows = results.map(({ key, bytes, status, livePhotoId, reason, deliveries, ms }) => [
    printable(key),
    bytes.toLocaleString('en'),
    status,
    livePhotoId ?? reason ?? '',
    String(deliveries),
    ms.toLocaleString('en'),
  ]);
  const [head = '', ...lines] = renderTable([header, ...rows], [1, 4, 5]);
  const marked = lines.map((line, at) => {
    const fault = faultOf(results[at]);
    return fault === undefined ? line : paint('red', `${line}  ← ${printable(fault)}`);
  });
  return [paint('dim', head), ...marked].join('\n');
}

/** The expected outcome and why it was not reached; undefined if it was. */
function faultOf(result: PhotoResult | undefined): string | undefined {
  if (result === undefined || result.isAsExpected) return undefined;
  const why = result.detail === undefined ? '' : `: ${result.detail}`;
  return `expected ${result.expected}${why}`;
}
