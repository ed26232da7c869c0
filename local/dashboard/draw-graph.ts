import { escapeText, formatTime, formatValue, roundTicks } from './format';
import type { Series, Span } from './series';

/** The content of a graph. */
export interface Graph {
  readonly series: readonly Series[];
  readonly isStacked: boolean;
  readonly unit: string | undefined;
  readonly span: Span;
  readonly widthPx: number;
  readonly heightPx: number;
}

const margin = { top: 8, right: 10, bottom: 20, left: 52 };
const tickEveryMs = 1_800_000;

/** Draws a graph as SVG. */
export function drawGraph(graph: Graph): string {
  const { widthPx, heightPx } = graph;
  const layers = graph.isStacked ? stack(graph.series) : graph.series.map((series) => ({ series, base: undefined }));
  const greatest = Math.max(0, ...layers.flatMap(({ series }) => series.points.map((point) => point ?? 0)));
  const ticks = roundTicks(greatest);
  const plot = new Plot(graph, ticks.at(-1) ?? 1);
  // SVG paints later elements on top. In a stack, the lowest series must be on top.
  const drawn = graph.isStacked ? layers.toReversed() : layers;
  return [
    `<svg viewBox="0 0 ${widthPx} ${heightPx}" role="img" aria-label="graph">`,
    ...ticks.map((tick) => plot.gridLine(tick, formatValue(tick, graph.unit))),
    ...plot.timeTicks(),
    ...drawn.map(({ series, base }) => plot.layer(series, base, graph.unit)),
    '</svg>',
  ].join('');
}

interface Layer {
  readonly series: Series;
  /** The lower edge of a filled area; undefined for a line. */
  readonly base: readonly number[] | undefined;
}

/** Stacks series on each other. Missing data counts as 0. */
function stack(all: readonly Series[]): Layer[] {
  let base: readonly number[] = all[0]?.points.map(() => 0) ?? [];
  return all.map((series) => {
    const below = base;
    const points = series.points.map((point, at) => (below[at] ?? 0) + (point ?? 0));
    base = points;
    return { series: { ...series, points }, base: below };
  });
}

class Plot {
  private readonly right: number;
  private readonly bottom: number;

  constructor(
    private readonly graph: Graph,
    private readonly top: number,
  ) {
    this.right = graph.widthPx - margin.right;
    this.bottom = graph.heightPx - margin.bottom;
  }

  gridLine(value: number, label: string): string {
    const y = this.y(value);
    return `<line class="grid" x1="${margin.left}" x2="${this.right}" y1="${y}" y2="${y}"/><text class="tick" x="${margin.left - 6}" y="${y}" dy="0.32em" text-anchor="end">${label}</text>`;
  }

  timeTicks(): string[] {
    const { fromMs, toMs } = this.graph.span;
    const count = Math.floor((toMs - fromMs) / tickEveryMs);
    return Array.from({ length: count + 1 }, (_, at) => {
      const atMs = fromMs + at * tickEveryMs;
      const x = round(margin.left + ((atMs - fromMs) / (toMs - fromMs)) * (this.right - margin.left));
      return `<text class="tick" x="${x}" y="${this.bottom + 14}" text-anchor="middle">${formatTime(atMs)}</text>`;
    });
  }

  layer({ points, color, label }: Series, base: readonly number[] | undefined, unit: string | undefined): string {
    const marks = points.flatMap((point, at) => (point === undefined ? [] : [{ at, point }]));
    const dots = marks.map(({ at, point }) => {
      const own = point - (base?.[at] ?? 0);
      if (base !== undefined && own === 0) return '';
      const isAlone = base === undefined && points[at - 1] === undefined && points[at + 1] === undefined;
      const title = escapeText(`${label}: ${formatValue(own, unit)}`);
      return `<circle cx="${this.x(at)}" cy="${this.y(point)}" r="${isAlone ? 2.5 : 5}"${isAlone ? '' : ' class="hover"'} fill="${color}"><title>${title}</title></circle>`;
    });
    const shape = base === undefined ? this.line(points, color) : this.area(points, base, color);
    return shape + dots.join('');
  }

  /** Connects only neighbouring points. */
  private line(points: Series['points'], color: string): string {
    const path = points.map((point, at) => {
      if (point === undefined) return '';
      return `${points[at - 1] === undefined ? 'M' : 'L'}${this.x(at)} ${this.y(point)}`;
    });
    return `<path d="${path.join('')}" fill="none" stroke="${color}" stroke-width="1.8" stroke-linejoin="round"/>`;
  }

  private area(points: Series['points'], base: readonly number[], color: string): string {
    const above = points.map((point, at) => `${this.x(at)} ${this.y(point ?? 0)}`);
    const below = base.map((point, at) => `${this.x(at)} ${this.y(point)}`).toReversed();
    return `<path d="M${[...above, ...below].join('L')}Z" fill="${color}" fill-opacity="0.8"/>`;
  }

  private x(at: number): number {
    const last = Math.max(1, (this.graph.series[0]?.points.length ?? 0) - 0.5);
    return round(margin.left + ((at + 0.5) / (last + 0.5)) * (this.right - margin.left));
  }

  private y(value: number): number {
    return round(this.bottom - (value / this.top) * (this.bottom - margin.top));
  }
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
