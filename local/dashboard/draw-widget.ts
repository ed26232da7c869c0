import { stateOf } from '../cloudwatch/alarm-evaluation';
import type { Alarm } from '../cloudwatch/alarms';
import type { MetricWidget, Widget, WidgetPlace } from '../cloudwatch/dashboard';
import { valueOf } from '../cloudwatch/metric-query';
import type { MetricStore } from '../cloudwatch/metric-store';
import { escapeText, formatTime, formatValue } from './format';
import { drawGraph } from './draw-graph';
import { type Series, type Span, takeSeries, unitOf } from './series';

/** The data that widgets show. */
export interface DashboardData {
  readonly store: MetricStore;
  readonly alarms: readonly Alarm[];
  readonly span: Span;
}

/** Size of a cell of the grid, which has 24 columns. */
const columnPx = 56;
const rowPx = 48;
const headPx = 64;
const minuteMs = 60_000;

/** Draws a widget as HTML at its position in the grid. */
export function drawWidget(widget: Widget, data: DashboardData): string {
  const { x, y, width, height } = widget.place;
  const style = `grid-column:${x + 1}/span ${width};grid-row:${y + 1}/span ${height}`;
  if (widget.kind === 'text') return `<h2 style="${style}">${escapeText(widget.markdown.replace(/^# /, ''))}</h2>`;
  const content = widget.kind === 'alarms' ? drawAlarms(widget.alarms, data) : drawMetrics(widget, widget.place, data);
  return `<section style="${style}"><h3>${escapeText(widget.title)}</h3>${content}</section>`;
}

function drawMetrics(widget: MetricWidget, place: WidgetPlace, data: DashboardData): string {
  return widget.kind === 'numbers' ? drawNumbers(widget, data) : drawSeries(widget, place, data);
}

function drawNumbers(widget: MetricWidget, { store, span }: DashboardData): string {
  const unit = unitOf(widget, store);
  const numbers = widget.metrics.map(({ label, color, query }, at) => {
    const whole = valueOf(query, store, span.fromMs, span.toMs);
    const newest = takeSeries(widget, store, span)[at]?.points.findLast((point) => point !== undefined);
    const value = widget.isOfWholeTime ? whole : newest;
    const text = value === undefined ? '–' : formatValue(value, unit);
    return `<li><b>${text}</b><span>${swatch(color ?? 'currentColor')}${escapeText(label)}</span></li>`;
  });
  return `<ul class="numbers">${numbers.join('')}</ul>`;
}

function drawSeries(widget: MetricWidget, { width, height }: WidgetPlace, { store, span }: DashboardData): string {
  const series = takeSeries(widget, store, span);
  const legend = series.map(({ label, color }) => `<li>${swatch(color)}${escapeText(label)}</li>`);
  const svg = drawGraph({
    series,
    isStacked: widget.isStacked,
    unit: unitOf(widget, store),
    span,
    widthPx: width * columnPx,
    heightPx: height * rowPx - headPx - (hasManyLabels(series) ? 18 : 0),
  });
  return `<ul class="legend">${legend.join('')}</ul>${svg}`;
}

function hasManyLabels(series: readonly Series[]): boolean {
  return series.length > 6;
}

/** Shows the current state of each alarm, and when it was in ALARM. */
function drawAlarms(names: readonly string[], { store, alarms, span }: DashboardData): string {
  const rows = names.map((name) => {
    const alarm = alarms.find((one) => one.name === name);
    if (alarm === undefined) throw new Error(`The dashboard shows the alarm ${name}, which does not exist`);
    const state = stateOf(alarm, store, span.toMs);
    const title = `<a title="${escapeText(alarm.description)}">${escapeText(name.replace(/^.*alarms-/, ''))}</a>`;
    return `<li class="${state.toLowerCase()}"><i></i>${title}${drawHistory(alarm, store, span)}<em>${state}</em></li>`;
  });
  return `<ul class="alarms">${rows.join('')}</ul>`;
}

function drawHistory(alarm: Alarm, store: MetricStore, { fromMs, toMs }: Span): string {
  const minutes = Math.round((toMs - fromMs) / minuteMs);
  const bars = Array.from({ length: minutes }, (_, at) => {
    const atMs = fromMs + at * minuteMs;
    if (stateOf(alarm, store, atMs) === 'OK') return '';
    return `<rect x="${at}" y="0" width="1" height="8"><title>${formatTime(atMs)}</title></rect>`;
  });
  return `<svg class="history" viewBox="0 0 ${minutes} 8" preserveAspectRatio="none">${bars.join('')}</svg>`;
}

function swatch(color: string): string {
  return `<i style="background:${color}"></i>`;
}
