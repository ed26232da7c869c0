import type { SimulationResult } from './simulation-result';

const width = 880;
const rowHeight = 30;
const top = 50;
const barLeft = 150;
const barWidth = 430;

/** Draws how long each scenario takes as bars in SVG: before, during and after an outage. */
export function drawSimulation(results: readonly SimulationResult[]): string {
  const barBottom = top + results.length * rowHeight;
  const scale = barWidth / Math.max(1, ...results.map(({ hours }) => hours));
  const photos = (results[0]?.photos ?? 0).toLocaleString('en');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${barBottom + 34}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13">`,
    `  <title id="title">How long ${photos} photos take</title>`,
    `  <desc id="description">${results.map(describe).join('; ')}.</desc>`,
    `  <style>${style}</style>`,
    `  <text class="text strong" x="10" y="24">How long ${photos} photos take, in hours</text>`,
    ...results.flatMap((result, at) => drawRow(result, top + at * rowHeight, scale)),
    ...drawLegend(barBottom + 12),
    '</svg>',
    '',
  ].join('\n');
}

const style = `
    .text { fill: #1f2328 } .note { fill: #57606a } .strong { font-weight: 600 }
    .uploads { fill: #2da44e } .outage { fill: #cf222e } .catches-up { fill: #bf8700 }
    @media (prefers-color-scheme: dark) {
      .text { fill: #e6edf3 } .note { fill: #9198a1 }
    }
  `;

function drawRow(result: SimulationResult, y: number, scale: number): string[] {
  const right = (barLeft + result.hours * scale + 10).toFixed(1);
  return [
    `  <text class="text" x="10" y="${y + 14}">${result.scenario}</text>`,
    ...partsOf(result).map(
      ({ className, from, to }) =>
        `  <rect class="${className}" x="${(barLeft + from * scale).toFixed(1)}" y="${y}" width="${((to - from) * scale).toFixed(1)}" height="20"/>`,
    ),
    `  <text class="text strong" x="${right}" y="${y + 14}">${result.hours.toFixed(1)} h</text>`,
    `  <text class="note" x="${Number(right) + 56}" y="${y + 14}">${note(result)}</text>`,
  ];
}

/** The parts of a bar, in hours from the first photo. */
function partsOf({ hours, outageFromHour, outageHours, hoursAfterOutage }: SimulationResult) {
  const from = outageFromHour ?? hours;
  const until = from + (outageHours ?? 0);
  const caughtUp = until + (hoursAfterOutage ?? 0);
  return [
    { className: 'uploads', from: 0, to: Math.min(from, hours) },
    { className: 'outage', from, to: until },
    { className: 'catches-up', from: until, to: caughtUp },
    { className: 'uploads', from: caughtUp, to: hours },
  ].filter((part) => part.to > part.from);
}

function note({ shareOfLimit, dollars }: SimulationResult): string {
  const share = shareOfLimit === null ? '' : `${(shareOfLimit * 100).toFixed(1)} % of the limit, `;
  return `${share}$${dollars.toFixed(2)}`;
}

function drawLegend(y: number): string[] {
  const items = [
    ['uploads', 0, 'ComplyCube answers'],
    ['outage', 170, 'outage'],
    ['catches-up', 260, 'until the photos from before its end are done'],
  ] as const;
  return items.map(
    ([className, left, text]) =>
      `  <rect class="${className}" x="${barLeft + left}" y="${y}" width="12" height="12"/><text class="text" x="${barLeft + left + 18}" y="${y + 11}">${text}</text>`,
  );
}

function describe(result: SimulationResult): string {
  return `${result.scenario}: ${result.hours.toFixed(1)} hours, ${note(result)}`;
}
