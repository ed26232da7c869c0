import type { Paint } from '../paint';
import type { ChaosProgress, ChaosResult } from './chaos-run';

/** Whether a run shows what claims promise. */
export function isEffectivelyOnce({ duplicates, lost, wrong, unfinished }: ChaosResult): boolean {
  return duplicates + lost + wrong + unfinished === 0;
}

/** Renders how far a run is, in one line. */
export function renderProgress({ photosPut, livePhotos, queued }: ChaosProgress): string {
  return `${photosPut} photos put, ${livePhotos} live photos, ${queued} messages in the queue`;
}

/** At most so many findings are told one by one; `--json` has all. */
const mostFindings = 10;

/** Renders how a run ended: its table, and what was done to the pipeline meanwhile. */
export function renderResult(result: ChaosResult, paint: Paint): string {
  const { hasClaims, findings, unfinished, tookMs } = result;
  const title = `${hasClaims ? 'With claims' : 'Without claims'}, ${Math.round(tookMs / 1000)} s`;
  const told = findings.slice(0, mostFindings).map((finding) => `  ${finding}`);
  if (findings.length > mostFindings) told.push(`  and ${findings.length - mostFindings} more`);
  if (unfinished > 0) told.push(`  given up with ${unfinished} messages still in the queue`);
  const faults = Object.entries(result.faults).map(([whose, counts]) => `  ${whose}: ${describeCounts(counts)}`);
  return [
    title,
    ...rowsOf(result).map((row) => renderRow(row, hasClaims, paint)),
    ...(hasClaims ? told.map((line) => paint('red', line)) : []),
    ...faults.map((line) => paint('dim', line)),
  ].join('\n');
}

/** Renders what claims are worth: the difference that they make. */
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
  const { calls, photosPut, livePhotos, wrong, photoAccount, livePhotoAccount, deadLettered } = result;
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
    { name: '  rejected', count: photoAccount.rejected, more: 'cut off by the app' },
    { name: '  deleted', count: photoAccount.deleted, more: 'by the app, before or after their upload' },
    {
      name: '  dead-lettered',
      count: photoAccount.deadLettered,
      more: `${deadLettered} messages in the dead-letter queue`,
    },
    { name: '  lost', count: photoAccount.lost, isFault: true },
    { name: 'live photos at ComplyCube', count: livePhotos, more: 'which are:' },
    { name: '  named by tags', count: livePhotoAccount.named },
    {
      name: '  named by none',
      count: livePhotoAccount.unnamed,
      more: 'of photos deleted after their upload, or sharing',
    },
    { name: '  duplicates', count: livePhotoAccount.duplicates, isFault: true },
    { name: 'wrong tags', count: wrong, isFault: true },
    { name: 'calls spent', count: total, more: `${(total / Math.max(photosPut, 1)).toFixed(2)} a photo` },
    ...spent.map(([name, answers]) => ({
      name: `  ${name}`,
      count: countAll(answers),
      more: describeAnswers(answers),
    })),
  ];
}

function renderRow({ name, count, more = '', isFault = false }: Row, hasClaims: boolean, paint: Paint): string {
  const row = `  ${name.padEnd(32)}${count.toLocaleString('en').padStart(7)}  ${more}`.trimEnd();
  if (!isFault || !hasClaims) return row;
  return paint(count === 0 ? 'green' : 'red', row);
}

function countAll(answers: Readonly<Record<string, number>>): number {
  return Object.values(answers).reduce((sum, count) => sum + count, 0);
}

/** Counts answers by the first digit of their status: `2xx 500, 5xx 12, no answer 3`. */
function describeAnswers(answers: Readonly<Record<string, number>>): string {
  const classes = new Map<string, number>();
  for (const [status, count] of Object.entries(answers)) {
    const name = /^\d/.test(status) ? `${status.charAt(0)}xx` : status;
    classes.set(name, (classes.get(name) ?? 0) + count);
  }
  return describeCounts(Object.fromEntries(classes));
}

function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}
