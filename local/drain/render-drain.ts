import { renderTable } from '../../cli/terminal/table';
import type { Paint } from '../paint';
import type { DrainFigures } from './drain-figures';
import { type DrainGoals, judge } from './drain-goals';

/** The margin of the function's pace: an environment repeats its calls every 1,025 ms. */
const marginMs = 25;

/** Renders the result of a drain. */
export function renderDrain(figures: DrainFigures, goals: DrainGoals, paint: Paint): string {
  const { livePhotos, shareOfLimit, calls, refused, peakRequestsPerSecond, greatestDelayMs, tookMs, invocationsEnded } =
    figures;
  const { leastShareOfLimit, shareRefusedBelow, mostDollars, leastInvocationsEnded } = goals;
  const reached = judge(figures, goals);
  const goal = (text: string | false): string => (text === false ? '' : `goal: ${text}`);
  const rows: [string, string, string, (keyof DrainGoals)?][] = [
    ['live photos', String(livePhotos), `in ${(tookMs / 1000).toFixed(1)} s, including cold starts`],
    [
      'share of the limit',
      percent(shareOfLimit, 1),
      goal(leastShareOfLimit !== undefined && `${percent(leastShareOfLimit, 0)} or more`),
      'leastShareOfLimit',
    ],
    ['calls', String(calls), `at most ${peakRequestsPerSecond} within one second`],
    [
      'answered with 429',
      percent(figures.shareRefused, 2),
      [`${refused} calls`, goal(shareRefusedBelow !== undefined && `below ${percent(shareRefusedBelow, 1)}`)]
        .filter((text) => text !== '')
        .join('; '),
      'shareRefusedBelow',
    ],
    [
      'counted late',
      `${greatestDelayMs} ms`,
      `at most; above ${marginMs} ms, other work on this machine causes refusals`,
    ],
    [
      'invocations ended',
      String(invocationsEnded),
      `during the backlog; goal: at least ${leastInvocationsEnded}`,
      'leastInvocationsEnded',
    ],
    ['billed per photo', `${figures.billedMsPerPhoto} ms`, ''],
    [
      'a million photos',
      `$${figures.dollarsPerMillion.toFixed(2)}`,
      ['Lambda’s time and requests', goal(mostDollars !== undefined && `at most $${mostDollars.toFixed(2)}`)]
        .filter((text) => text !== '')
        .join('; '),
      'mostDollars',
    ],
  ];
  const lines = renderTable(
    rows.map(([name, figure, more]) => [`  ${name}`, figure, more]),
    [1],
  );
  return rows
    .map(([, , , name], at) => {
      const line = lines[at] ?? '';
      if (name === undefined || goals[name] === undefined) return line;
      return paint(reached[name] ? 'green' : 'red', line);
    })
    .join('\n');
}

function percent(share: number, digits: number): string {
  return `${(share * 100).toFixed(digits)} %`;
}
