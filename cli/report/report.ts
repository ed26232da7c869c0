import type { PhotoArguments } from '../command-line';
import { csvRow } from './csv';
import { type ExitStatus, exitStatus } from '../exit-status';
import { claimsBucketOf, readFunctionSettings } from '../stack/function-settings';
import { inOrder } from '../photos/in-order';
import { type ListedPhoto, listPhotos } from '../photos/photo-list';
import { type KnownOutcome, PhotoOutcomes } from '../photos/photo-outcome';
import { choosePhotos } from '../photos/photo-scope';
import { ProgressBar } from '../terminal/progress';
import type { Shell } from '../terminal/terminal';
import { accessStack } from '../stack/stack-access';

/** A line of the report. */
interface ReportRow {
  readonly bucket: string;
  readonly key: string;
  /** Empty where the bucket had no versions. */
  readonly version: string;
  /** ISO 8601. */
  readonly put_at: string;
  /** Bytes. */
  readonly size: number;
  readonly outcome: 'uploaded' | 'rejected' | 'uploaded-untagged' | '';
  readonly reason: string;
  readonly live_photo_id: string;
}

const columns = ['bucket', 'key', 'version', 'put_at', 'size', 'outcome', 'reason', 'live_photo_id'] as const;
const concurrentReads = 16;

/** Lists every version of the photo objects of a period with its outcome, in the memory of a page of the list. */
export async function report(asked: PhotoArguments, shell: Shell): Promise<ExitStatus> {
  const access = await accessStack(asked.stack, shell.variables);
  const settings = await readFunctionSettings(access.lambda, access.stack.functionName);
  const scope = { ...(await choosePhotos(asked, access, settings)), hasEveryVersion: true };
  const outcomes = new PhotoOutcomes(access.s3, claimsBucketOf(settings));
  const bar = new ProgressBar((line) => {
    shell.redraw(line);
  }, Date.now);
  async function* listed(): AsyncGenerator<ListedPhoto> {
    for await (const page of listPhotos(access.s3, scope)) yield* page;
  }
  const rows = inOrder(listed(), concurrentReads, async (photo) => rowOf(photo, await outcomes.read(photo.location)));

  // RFC 4180 ends lines with CRLF; the shell adds the second of the two.
  const csvLine = (cells: readonly string[]): string => `${csvRow(cells)}\r`;
  if (!asked.isJson) await shell.print(csvLine(columns));
  let done = 0;
  for await (const row of rows) {
    if (shell.interruption.aborted) {
      shell.say('Interrupted: the report is not whole.');
      return exitStatus.interrupted;
    }
    if (row === undefined) continue;
    await shell.print(asked.isJson ? JSON.stringify(row) : csvLine(columns.map((column) => String(row[column]))));
    done++;
    if (shell.isTerminal) bar.update({ done, total: undefined, note: 'photo objects listed' });
  }
  return exitStatus.done;
}

/** @returns undefined for an object that was deleted since it was listed. */
function rowOf({ location, bytes, putAtMs }: ListedPhoto, known: KnownOutcome): ReportRow | undefined {
  if (known.kind === 'gone') return undefined;
  const { bucket, key, versionId = '' } = location;
  const photo = { bucket, key, version: versionId, put_at: new Date(putAtMs).toISOString(), size: bytes };
  switch (known.kind) {
    case 'none':
      return { ...photo, outcome: '', reason: '', live_photo_id: '' };
    case 'untagged':
      return { ...photo, outcome: 'uploaded-untagged', reason: '', live_photo_id: known.livePhotoId };
    case 'told': {
      const { outcome } = known;
      return outcome.status === 'uploaded'
        ? { ...photo, outcome: 'uploaded', reason: '', live_photo_id: outcome.livePhotoId }
        : { ...photo, outcome: 'rejected', reason: outcome.reason, live_photo_id: '' };
    }
  }
}
