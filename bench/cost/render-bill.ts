import { renderTable } from '../../cli/terminal/table';
import { prices } from '../../local/prices';
import { type BillLine, hoursAtPace, metricsService, type Month, monthlyBill, totalOf } from './monthly-bill';

/** Renders the bill as text: one line per service, the sum, and the sources. */
export function renderBill(lines: readonly BillLine[], month: Month): string {
  const rows = lines.map(({ service, dollars, what }) => [service, formatDollars(dollars), what]);
  return [
    `${month.photos.toLocaleString('en')} photos of ${(month.photoBytes / 1000).toLocaleString('en')} KB in a month`,
    '',
    ...renderTable([...rows, ['total', formatDollars(totalOf(lines)), '']], [1]),
    '',
    `Fixed, with and without photos: ${formatDollars(fixedOf(month))}`,
    ...(month.photos === 0 ? [] : renderVariable(lines, month)),
    '',
    `List prices of us-east-1 as of ${prices.asOf}, without free tiers, without ComplyCube's prices. Sources:`,
    ...new Set(lines.map(({ source }) => `  ${source}`)),
  ].join('\n');
}

function fixedOf(month: Month): number {
  return totalOf(monthlyBill({ ...month, photos: 0 }));
}

function renderVariable(lines: readonly BillLine[], month: Month): string[] {
  const metrics = totalOf(lines.filter(({ service }) => service === metricsService));
  const perPhoto = (totalOf(lines) - fixedOf(month) - metrics) / month.photos;
  return [
    `Metrics, in hours with photos:  ${formatDollars(metrics)}`,
    `Each thousand photos:           ${formatDollars(1000 * perPhoto)}`,
    '',
    renderPace(month),
  ];
}

function renderPace(month: Month): string {
  const hours = hoursAtPace(month);
  const pace = `At ComplyCube's limit of ${month.requestsPerSecond} calls per second they take ${formatHours(hours)}`;
  return hours <= 30 * 24 ? `${pace}.` : `${pace}, which is more than a month. Ask ComplyCube for a higher limit.`;
}

function formatHours(hours: number): string {
  return hours < 1 ? `${Math.ceil(hours * 60)} minutes` : `${hours.toFixed(1)} hours`;
}

function formatDollars(dollars: number): string {
  return `$${dollars.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
