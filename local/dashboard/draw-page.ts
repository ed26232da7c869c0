import type { Widget } from '../cloudwatch/dashboard';
import { formatTime } from './format';
import { type DashboardData, drawWidget } from './draw-widget';
import { escapeText } from './markup';
import { pageStyle } from './page-style';
import { scenes } from './scenes';

const minuteMs = 60_000;

/** Draws a dashboard as one HTML page, which asks no other host for anything. */
export function drawPage(widgets: readonly Widget[], data: DashboardData): string {
  const { fromMs, toMs } = data.span;
  const story = scenes.map(({ fromMinute, toMinute, what }) => {
    const [from, to] = [fromMinute, toMinute].map((minute) => formatTime(fromMs + minute * minuteMs));
    return `<li><b>${from ?? ''}–${to ?? ''}</b> ${escapeText(what)}</li>`;
  });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Live photos: the dashboard, from a run on this machine</title>
<style>${pageStyle}</style>
<header>
<h1>Live photos</h1>
<p>The stack’s own dashboard and alarms, drawn from a run of the local pipeline, ${formatTime(fromMs)}–${formatTime(toMs)} UTC.
One second of the run is shown as five minutes; what was measured in milliseconds is as it was.</p>
<ul class="story">${story.join('')}</ul>
</header>
<main>
${widgets.map((widget) => drawWidget(widget, data)).join('\n')}
</main>
</html>
`;
}
