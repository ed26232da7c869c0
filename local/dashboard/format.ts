/** Ticks at round values from 0 up to or just above the greatest value. */
export function roundTicks(greatest: number, intervals = 3): number[] {
  if (!(greatest > 0)) return [0, 1];
  const rough = greatest / intervals;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * magnitude >= rough) ?? 10) * magnitude;
  const count = Math.ceil(greatest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => at * step);
}

const scales: Readonly<Record<string, readonly (readonly [least: number, divisor: number, name: string])[]>> = {
  Milliseconds: [
    [3_600_000, 3_600_000, ' h'],
    [60_000, 60_000, ' min'],
    [1_000, 1_000, ' s'],
    [0, 1, ' ms'],
  ],
  Bytes: [
    [1e6, 1e6, ' MB'],
    [1e3, 1e3, ' kB'],
    [0, 1, ' B'],
  ],
};

/** Formats a value for display. @param unit CloudWatch's name of the unit; undefined for a plain number. */
export function formatValue(value: number, unit: string | undefined): string {
  const [, divisor, name] = scales[unit ?? '']?.find(([least]) => value >= least) ?? [0, 1, ''];
  if (value === 0) return '0';
  return `${(value / divisor).toLocaleString('en', { maximumFractionDigits: value / divisor < 10 ? 1 : 0 })}${name}`;
}

/** Formats a time of day in UTC, like CloudWatch's dashboards. */
export function formatTime(atMs: number): string {
  return new Date(atMs).toISOString().slice(11, 16);
}

/** Escapes text for HTML and SVG. */
export function escapeText(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
}
