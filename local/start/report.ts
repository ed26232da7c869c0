import type { LoggedPhoto } from './function-log';
import { renderTable } from './outcome-table';
import { type Paint, printable } from '../paint';
import type { PhotoResult } from './photo-run';

/** Renders that a photo of a run has ended. */
export function renderProgress(result: PhotoResult, progress: string, paint: Paint): string {
  const { isAsExpected, status, key, ms } = result;
  const mark = isAsExpected ? paint('green', '✓') : paint('red', '✗');
  return `  ${mark} ${progress}  ${status}  ${printable(key)}  ${paint('dim', `${ms} ms`)}`;
}

/** Renders what the function logged of a photo: how it ended, or why it is to be tried again. */
export function renderLogged({ key, status, livePhotoId, reason, error }: LoggedPhoto, paint: Paint): string {
  if (status === undefined) return `  ${paint('dim', `↻ tried again later  ${printable(`${key}  ${error ?? ''}`)}`)}`;
  const colour = status === 'uploaded' ? 'green' : status === 'rejected' ? 'red' : 'dim';
  return `  ${paint(colour, status)}  ${printable(key)}  ${livePhotoId ?? reason ?? ''}`;
}

/** Renders how a run ended. */
export function renderReport(results: readonly PhotoResult[], paint: Paint): string {
  const right = results.filter(({ isAsExpected }) => isAsExpected).length;
  const summary =
    right === results.length
      ? paint('green', right === 1 ? 'The one photo ended as it must.' : `All ${right} photos ended as they must.`)
      : paint('red', describeWrong(results.length - right, results.length));
  return `\n${renderTable(results, paint)}\n\n${summary}`;
}

function describeWrong(wrong: number, all: number): string {
  return all === 1 ? 'The one photo did not end as it must.' : `${wrong} of ${all} photos did not end as they must.`;
}

/** Says how many photos. */
export function countPhotos(number: number): string {
  return number === 1 ? 'one photo' : `${number} photos`;
}
