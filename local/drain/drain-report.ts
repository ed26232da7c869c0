import type { Paint } from '../paint';
import { type DrainFigures, drainGoals } from './drain-figures';

/** Renders what a drain came to. */
export function renderDrain(figures: DrainFigures, paint: Paint): string {
  const { livePhotos, shareOfLimit, shareRefused, calls, refused, peakRequestsPerSecond, tookMs } = figures;
  const { leastShareOfLimit, shareRefusedBelow } = drainGoals;
  const judged = (isReached: boolean, row: string): string => paint(isReached ? 'green' : 'red', row);
  return [
    renderRow('live photos', String(livePhotos), `in ${(tookMs / 1000).toFixed(1)} s, cold starts included`),
    judged(
      shareOfLimit >= leastShareOfLimit,
      renderRow('share of the limit', percent(shareOfLimit, 1), `to be ${percent(leastShareOfLimit, 0)} or more`),
    ),
    renderRow('calls', String(calls), `at most ${peakRequestsPerSecond} within a second`),
    judged(
      shareRefused < shareRefusedBelow,
      renderRow(
        'answered 429',
        percent(shareRefused, 2),
        `${refused} calls; to be below ${percent(shareRefusedBelow, 1)}`,
      ),
    ),
  ].join('\n');
}

function renderRow(name: string, figure: string, more: string): string {
  return `  ${name.padEnd(20)}${figure.padStart(8)}  ${more}`;
}

function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`;
}
