import { renderTable } from '../../cli/terminal/table';
import type { Paint } from '../paint';
import type { ChaosProgress, ChaosResult } from './chaos-run';

/** Whether a run had no duplicates, losses, wrong results or erased photos that still have a live photo. */
export function isEffectivelyOnce(result: ChaosResult): boolean {
  const { duplicates, lost, wrong, erasedWithLivePhoto, unfinished, wronglyDeadLettered, malformedLost } = result;
  return duplicates + lost + wrong + erasedWithLivePhoto + unfinished + wronglyDeadLettered + malformedLost === 0;
}

export function renderProgress({ photosPut, livePhotos, queued }: ChaosProgress): string {
  return `${photosPut} photos uploaded to S3, ${livePhotos} live photos, ${queued} messages in the queue`;
}

/** Maximum number of listed findings. `--json` prints all. */
const mostFindings = 10;

/** Renders the result of a run: a table, findings and the faults that happened. */
export function renderResult(result: ChaosResult, paint: Paint): string {
  const { hasClaims, findings, unfinished, tookMs } = result;
  const title = `${hasClaims ? 'With claims' : 'Without claims'}, ${Math.round(tookMs / 1000)} s`;
  const listed = findings.slice(0, mostFindings).map((finding) => `  ${finding}`);
  if (findings.length > mostFindings) listed.push(`  and ${findings.length - mostFindings} more`);
  const faults = Object.entries(result.faults).map(([whose, counts]) => `  ${whose}: ${describeCounts(counts)}`);
  return [
    title,
    ...renderRows(rowsOf(result), hasClaims, paint),
    ...(hasClaims ? listed.map((line) => paint('red', line)) : []),
    ...(unfinished > 0 ? [paint('red', `  stopped with ${unfinished} messages still in the queue`)] : []),
    ...faults.map((line) => paint('dim', line)),
  ].join('\n');
}

/** Renders the duplicates with and without claims. */
export function renderWorth(results: readonly ChaosResult[]): string {
  const on = results.find(({ hasClaims }) => hasClaims);
  const off = results.find(({ hasClaims }) => !hasClaims);
  if (on === undefined || off === undefined) return '';
  return `The same faults make ${on.duplicates} duplicates with claims and ${off.duplicates} without.`;
}

interface Row {
  readonly name: string;
  readonly count: number;
  readonly more?: string;
  /** Whether it must be 0 with claims. */
  readonly isFault?: boolean;
}

function rowsOf(result: ChaosResult): Row[] {
  const { calls, photosPut, livePhotos, wrong, photoAccount, livePhotoAccount } = result;
  const spent = Object.entries(calls);
  const total = spent.reduce((sum, [, answers]) => sum + countAll(answers), 0);
  return [
    { name: 'photos put', count: photosPut, more: 'which are:' },
    { name: '  uploaded', count: photoAccount.uploaded, more: 'tagged with a live photo of their own' },
    {
      name: '  sharing',
      count: photoAccount.sharing,
      more: 'tagged with the live photo of one with the same client and bytes',
    },
    { name: '  untaggable', count: photoAccount.untaggable, more: 'published, but tags of others leave no room' },
    { name: '  rejected', count: photoAccount.rejected, more: 'cut off by the app, or refused by ComplyCube' },
    { name: '  erased', count: photoAccount.erased, more: 'by an operator, before, during or after their upload' },
    { name: '  deleted', count: photoAccount.deleted, more: 'by the app, before or after their upload' },
    { name: '  dead-lettered', count: photoAccount.deadLettered, more: 'without an outcome' },
    { name: '  lost', count: photoAccount.lost, isFault: true },
    { name: 'live photos at ComplyCube', count: livePhotos, more: 'which are:' },
    { name: '  named by tags', count: livePhotoAccount.named },
    {
      name: '  named by none',
      count: livePhotoAccount.unnamed,
      more: 'of photos deleted after their upload, or sharing',
    },
    { name: '  duplicates', count: livePhotoAccount.duplicates, isFault: true },
    { name: 'erased, but with live photo', count: result.erasedWithLivePhoto, isFault: true },
    { name: 'wrong tags', count: wrong, more: 'or outcomes, or events', isFault: true },
    { name: 'messages dead-lettered', count: result.deadLettered, more: 'of which:' },
    { name: '  wrongly', count: result.wronglyDeadLettered, more: 'no malformed ones', isFault: true },
    { name: 'malformed, not dead-lettered', count: result.malformedLost, isFault: true },
    { name: 'calls spent', count: total, more: `${(total / Math.max(photosPut, 1)).toFixed(2)} a photo` },
    ...spent.map(([name, answers]) => ({
      name: `  ${name}`,
      count: countAll(answers),
      more: describeCounts(answers),
    })),
  ];
}

function renderRows(rows: readonly Row[], hasClaims: boolean, paint: Paint): string[] {
  const cells = rows.map(({ name, count, more = '' }) => [`  ${name}`, count.toLocaleString('en'), more]);
  return renderTable(cells, [1]).map((line, at) => {
    const { count, isFault } = rows[at] ?? {};
    return isFault === true && hasClaims ? paint(count === 0 ? 'green' : 'red', line) : line;
  });
}

function countAll(answers: Readonly<Record<string, number>>): number {
  return Object.values(answers).reduce((sum, count) => sum + count, 0);
}

function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
