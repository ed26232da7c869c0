import type { Command } from '../command';
import { type ExitStatus, exitStatus } from '../exit-status';
import { parsePhotoOptions, type PhotoArguments, photoOptions } from '../options';
import { inOrder } from '../photos/in-order';
import { type ListedPhoto, listPhotos } from '../photos/photo-list';
import { type KnownOutcome, PhotoOutcomes } from '../photos/photo-outcome';
import { choosePhotos } from '../photos/photo-scope';
import { claimsBucketOf, readFunctionSettings } from '../stack/function-settings';
import { accessStack } from '../stack/stack-access';
import { ProgressBar } from '../terminal/progress';
import type { Terminal } from '../terminal/terminal';

/** A row of the report. The fields are the columns of the CSV and the fields of `--json`. */
interface ReportRow {
  readonly bucket: string;
  readonly key: string;
  /** Empty for objects that are older than the bucket's versioning. */
  readonly version: string;
  /** ISO 8601. */
  readonly put_at: string;
  /** Bytes. */
  readonly size: number;
  readonly outcome: 'uploaded' | 'rejected' | 'erased' | 'uploaded-untagged' | '';
  readonly reason: string;
  readonly live_photo_id: string;
  /** What ComplyCube answered, if it refused the photo. */
  readonly detail: string;
}

const columns = ['bucket', 'key', 'version', 'put_at', 'size', 'outcome', 'reason', 'live_photo_id', 'detail'] as const;
const concurrentReads = 16;

/** Lists every version of the photo objects of a period with its outcome. Holds one page of the list in memory. */
export const report: Command<PhotoArguments> = {
  summary: 'Lists photo objects with their outcomes and live photo IDs as CSV.',
  options: photoOptions,
  examples: ['report --since 2026-11-01 --until 2026-12-01 > november.csv'],
  details: [
    `Prints every version of every object to standard output, in the order of keys. Columns: ${columns.join(', ')}.`,
    'The outcome is uploaded, rejected, erased, empty if there is none yet, or uploaded-untagged if only the claim knows it.',
    "A cell that a spreadsheet would run as a formula starts with an added '. With --json each line is an object. Objects " +
      'that were permanently deleted are not listed.',
  ],
  parse: parsePhotoOptions,
  run,
};

async function run(options: PhotoArguments, terminal: Terminal): Promise<ExitStatus> {
  const access = await accessStack(options.stack, terminal.environment);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const scope = { ...(await choosePhotos(options, access, settings)), hasEveryVersion: true };
  const outcomes = new PhotoOutcomes(access.s3, claimsBucketOf(settings));
  const bar = new ProgressBar(terminal);
  async function* listed(): AsyncGenerator<ListedPhoto> {
    for await (const page of listPhotos(access.s3, scope)) yield* page;
  }
  const rows = inOrder(listed(), concurrentReads, async (photo) => rowOf(photo, await outcomes.read(photo.location)));

  // RFC 4180 ends lines with CRLF. `print` adds the LF.
  const csvLine = (cells: readonly string[]): string => `${csvRow(cells)}\r`;
  if (!options.isJson) await terminal.print(csvLine(columns));
  let done = 0;
  for await (const row of rows) {
    if (terminal.interruption.aborted) {
      terminal.notice('Interrupted: the report is incomplete.');
      return exitStatus.interrupted;
    }
    if (row === undefined) continue;
    await terminal.print(options.isJson ? JSON.stringify(row) : csvLine(columns.map((column) => String(row[column]))));
    bar.update({ done: ++done, total: undefined, note: 'photo objects listed' });
  }
  if (done === 0) terminal.notice('No photo objects found.');
  return exitStatus.done;
}

/** @returns undefined if the object was deleted after it was listed. */
function rowOf({ location, bytes, putAtMs }: ListedPhoto, known: KnownOutcome): ReportRow | undefined {
  if (known.kind === 'gone') return undefined;
  const { bucket, key, versionId = '' } = location;
  const photo = { bucket, key, version: versionId, put_at: new Date(putAtMs).toISOString(), size: bytes };
  const none = { outcome: '', reason: '', live_photo_id: '', detail: '' } as const;
  switch (known.kind) {
    case 'none':
      return { ...photo, ...none };
    case 'untagged':
      return { ...photo, ...none, outcome: 'uploaded-untagged', live_photo_id: known.livePhotoId };
    case 'tagged': {
      const { outcome } = known;
      return {
        ...photo,
        ...none,
        outcome: outcome.status,
        reason: outcome.status === 'rejected' ? outcome.reason : '',
        live_photo_id: outcome.status === 'uploaded' ? outcome.livePhotoId : '',
        detail: outcome.status === 'rejected' ? (outcome.detail ?? '') : '',
      };
    }
  }
}

/**
 * Formats a row of CSV (RFC 4180), without the line ending.
 *
 * A spreadsheet runs a cell that starts with one of `= + - @`, a tab or a carriage return as a formula. Keys are chosen by the
 * app, so such a cell gets a leading `'` (OWASP, "CSV Injection").
 */
export function csvRow(cells: readonly string[]): string {
  return cells.map((cell) => quote(/^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell)).join(',');
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
