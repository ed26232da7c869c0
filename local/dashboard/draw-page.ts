import type { Widget } from '../cloudwatch/dashboard';
import { escapeText, formatTime } from './format';
import { type DashboardData, drawWidget } from './draw-widget';
import { scenes } from './scenes';

const minuteMs = 60_000;

/** Draws a dashboard as a single HTML file without external resources. */
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
<title>Live photos: dashboard of a local run</title>
<style>${pageStyle}</style>
<header>
<h1>Live photos</h1>
<p>The stack’s dashboard and alarms, drawn from a run of the local pipeline, ${formatTime(fromMs)}–${formatTime(toMs)} UTC.
One second of the run is shown as five minutes. Latencies are real.</p>
<ul class="story">${story.join('')}</ul>
</header>
<main>
${widgets.map((widget) => drawWidget(widget, data)).join('\n')}
</main>
</html>
`;
}

const pageStyle = `
:root { color-scheme: light dark; --page: #f2f3f3; --card: #fff; --line: #d5dbdb; --text: #16191f; --quiet: #5f6b7a;
  --ok: #1d8102; --alarm: #d13212; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1b2a; --card: #192534; --line: #354150; --text: #e9ebed; --quiet: #9ba7b6; --ok: #29ad32; --alarm: #ff5d64; }
}
* { box-sizing: border-box; margin: 0; }
body { background: var(--page); color: var(--text); font: 14px/1.4 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  padding: 20px; max-width: 1440px; margin: auto; }
header { margin-bottom: 4px; }
h1 { font-size: 24px; }
header p { color: var(--quiet); max-width: 120ch; }
ul { list-style: none; padding: 0; }
.story { display: flex; flex-wrap: wrap; gap: 2px 20px; margin-top: 6px; }
main { display: grid; grid-template-columns: repeat(24, 1fr); grid-auto-rows: 36px; gap: 10px; }
h2 { font-size: 18px; align-self: end; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 12px; display: flex;
  flex-direction: column; min-width: 0; overflow: hidden; }
h3 { font-size: 14px; font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: 0 12px; font-size: 12px; color: var(--quiet); }
.legend i, .numbers i { display: inline-block; width: 10px; height: 10px; border-radius: 2px; margin-right: 5px; }
section > svg { flex: 1; min-height: 0; width: 100%; margin-top: 4px; }
.grid { stroke: var(--line); stroke-width: 1; }
.tick { fill: var(--quiet); font-size: 11px; }
.hover { opacity: 0; }
.hover:hover { opacity: 1; }
.numbers { display: flex; flex-wrap: wrap; flex: 1; align-items: center; justify-content: space-around; gap: 6px 10px; }
.numbers b { display: block; font-size: 28px; font-weight: 600; line-height: 1.1; }
.numbers span { color: var(--quiet); font-size: 13px; }
.alarms { display: flex; flex-direction: column; justify-content: space-between; flex: 1; font-size: 13px; }
.alarms li { display: grid; grid-template-columns: 9px minmax(0, 1fr) 56px 44px; gap: 6px; align-items: center; white-space: nowrap; }
.alarms a { overflow: hidden; text-overflow: ellipsis; }
.alarms i { width: 9px; height: 9px; border-radius: 50%; background: var(--ok); }
.alarms .alarm i { background: var(--alarm); }
.alarms em { font-style: normal; font-size: 11px; font-weight: 600; color: var(--ok); text-align: right; }
.alarms .alarm em { color: var(--alarm); }
.history { width: 56px; height: 8px; background: var(--line); border-radius: 2px; }
.history rect { fill: var(--alarm); }
@media (max-width: 1000px) { main { display: block; } section, h2 { margin-top: 10px; } section > svg { height: 220px; } }
`;
