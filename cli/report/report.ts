import type { Command } from '../command';
import { UsageError } from '../command-error';
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
import { printable } from '../terminal/text';
import { erasureColumns, readErasures } from './erasure-report';

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
export const report: Command<ReportArguments> = {
  summary: 'Lists photo objects with their outcomes and live photo IDs as CSV.',
  options: [...photoOptions, 'erasures'],
  examples: [
    'report --since 2026-11-01 --until 2026-12-01 > november.csv',
    'report --erasures --since 2026-11-01 > erasures.csv',
  ],
  details: [
    `Prints every version of every object to standard output, in the order of keys. Columns: ${columns.join(', ')}.`,
    'The outcome is uploaded, rejected, erased, empty if there is none yet, or uploaded-untagged if only the claim knows it.',
    "A cell that a spreadsheet would run as a formula starts with an added '. With --json each line is an object. Objects " +
      'that were permanently deleted are not listed.',
    'With --erasures it prints the evidence of the erasures that were requested in the period. Columns: ' +
      `${erasureColumns.join(', ')}. The evidence has the SHA-256 of bucket/key instead of the key. ` +
      'The row of a client (erase --all-of-client) has numbers of live photos instead of bucket, key and version.',
  ],
  parse: (values) => {
    const options = parsePhotoOptions(values);
    const isOfErasures = values.erasures === true;
    if (isOfErasures && options.prefix !== undefined) {
      throw new UsageError("--erasures can't be combined with --prefix: the evidence does not contain keys");
    }
    return { ...options, isOfErasures };
  },
  run: (options, terminal) => (options.isOfErasures ? reportErasures(options, terminal) : run(options, terminal)),
};

interface ReportArguments extends PhotoArguments {
  /** Whether the evidence of erasures is printed instead of the photo objects. */
  readonly isOfErasures: boolean;
}

async function run(options: PhotoArguments, terminal: Terminal): Promise<ExitStatus> {
  const access = await accessStack(options.stack, terminal.environment);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const scope = { ...(await choosePhotos(options, access, settings)), hasEveryVersion: true };
  const outcomes = new PhotoOutcomes(access.s3, claimsBucketOf(settings));
  async function* listed(): AsyncGenerator<ListedPhoto> {
    for await (const page of listPhotos(access.s3, scope)) yield* page;
  }
  const rows = inOrder(listed(), concurrentReads, async (photo) => rowOf(photo, await outcomes.read(photo.location)));
  return printRows(rows, { columns, what: 'photo object' }, options, terminal);
}

async function reportErasures(options: ReportArguments, terminal: Terminal): Promise<ExitStatus> {
  const access = await accessStack(options.stack, terminal.environment);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  let unreadable = 0;
  const rows = readErasures({
    ...{ s3: access.s3, claimsBucket: claimsBucketOf(settings), period: options.period },
    onUnreadable: (key) => {
      unreadable++;
      terminal.notice(`${printable(key)} in the claims bucket can't be read as evidence.`);
    },
  });
  const status = await printRows(rows, { columns: erasureColumns, what: 'erasure' }, options, terminal);
  return unreadable > 0 && status === exitStatus.done ? exitStatus.wrong : status;
}

/** Prints rows as CSV or JSON while they are read. */
async function printRows<Row extends object>(
  rows: AsyncIterable<Row | undefined>,
  { columns, what }: { readonly columns: readonly (keyof Row)[]; readonly what: string },
  { isJson }: Pick<ReportArguments, 'isJson'>,
  terminal: Terminal,
): Promise<ExitStatus> {
  const bar = new ProgressBar(terminal);
  // RFC 4180 ends lines with CRLF. `print` adds the LF.
  const csvLine = (cells: readonly string[]): string => `${csvRow(cells)}\r`;
  if (!isJson) await terminal.print(csvLine(columns.map(String)));
  let done = 0;
  for await (const row of rows) {
    if (terminal.interruption.aborted) {
      terminal.notice('Interrupted: the report is incomplete.');
      return exitStatus.interrupted;
    }
    if (row === undefined) continue;
    await terminal.print(isJson ? JSON.stringify(row) : csvLine(columns.map((column) => String(row[column]))));
    bar.update({ done: ++done, total: undefined, note: `${what}s listed` });
  }
  if (done === 0) terminal.notice(`No ${what}s found.`);
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
