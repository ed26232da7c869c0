import { isMissed, type Row } from './row';
import { formatFigure } from './table';

const width = 880;
const rowHeight = 34;
const top = 56;
const barLeft = 420;
const barWidth = 300;

/**
 * Draws the ratios as bars in SVG. A bar's length is the function's share of the alternative's cost, a tick marks the goal, and a
 * thin line spans the quartiles.
 */
export function renderChart(rows: readonly Row[]): string {
  const ratioRows = rows.filter(({ unit }) => unit === '×');
  const height = top + ratioRows.length * rowHeight + 16;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="13">`,
    '  <title id="title">The function’s cost as a share of the alternative’s cost</title>',
    `  <desc id="description">${ratioRows.map(describe).join('; ')}.</desc>`,
    `  <style>${style}</style>`,
    '  <text class="head" x="10" y="24">The function’s cost as a share of the alternative’s cost: shorter is better, the tick is the goal</text>',
    ...ratioRows.flatMap((row, at) => drawRow(row, top + at * rowHeight)),
    '</svg>',
    '',
  ].join('\n');
}

const style = `
    .head { fill: #1f2328; font-weight: 600 } .what { fill: #1f2328 } .against { fill: #57606a; font-size: 11px }
    .whole { fill: #eaeef2 } .reached { fill: #2da44e } .missed { fill: #bf8700 }
    .goal, .spread { stroke: #1f2328 } .goal { stroke-width: 2 } .spread { stroke-width: 1 } .figure { fill: #1f2328; font-weight: 600 }
    @media (prefers-color-scheme: dark) {
      .head, .what, .figure { fill: #e6edf3 } .against { fill: #9198a1 } .whole { fill: #21262d }
      .goal, .spread { stroke: #e6edf3 }
    }
  `;

function drawRow(row: Row, y: number): string[] {
  const { what, against, measured, goal, unit } = row;
  // The bar's full width is the alternative's cost, or the goal or the upper quartile if that is larger.
  const scale = barWidth / Math.max(1, goal, measured.high);
  const x = (value: number): string => (barLeft + value * scale).toFixed(1);
  const middle = y + 9;
  return [
    `  <text class="what" x="10" y="${y + 6}">${escape(what)}</text><text class="against" x="10" y="${y + 20}">against ${escape(against)}</text>`,
    `  <rect class="whole" x="${barLeft}" y="${y}" width="${scale.toFixed(1)}" height="18"/>`,
    `  <rect class="${isMissed(row) ? 'missed' : 'reached'}" x="${barLeft}" y="${y}" width="${(measured.median * scale).toFixed(1)}" height="18"/>`,
    `  <path class="spread" d="M${x(measured.low)} ${middle}H${x(measured.high)}"/><path class="goal" d="M${x(goal)} ${y - 3}v24"/>`,
    `  <text class="figure" x="${barLeft + barWidth + 14}" y="${y + 14}">${formatFigure(measured.median, unit)}</text>`,
  ];
}

function describe({ what, against, measured, goal, unit }: Row): string {
  return escape(`${what} against ${against}: ${formatFigure(measured.median, unit)}, goal ${formatFigure(goal, unit)}`);
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
