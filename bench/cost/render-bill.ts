import { prices } from '../prices';
import { type BillLine, hoursAtPace, type Month } from './monthly-bill';

/** Renders the bill as text: one line per service, the sum, and the sources. */
export function renderBill(lines: readonly BillLine[], month: Month): string {
  const sum = lines.reduce((total, { dollars }) => total + dollars, 0);
  const width = Math.max(...lines.map(({ service }) => service.length));
  const line = (service: string, dollars: number, what: string): string =>
    `${service.padEnd(width)}  ${formatDollars(dollars).padStart(12)}  ${what}`;
  return [
    `${month.photos.toLocaleString('en')} photos of ${(month.photoBytes / 1000).toLocaleString('en')} KB in a month`,
    '',
    ...lines.map(({ service, dollars, what }) => line(service, dollars, what)),
    line('total', sum, `${formatDollars((sum / month.photos) * 1000)} for a thousand photos`),
    '',
    renderPace(month),
    '',
    `List prices of us-east-1 as of ${prices.asOf}, without free tiers, without ComplyCube's prices. Sources:`,
    ...new Set(lines.map(({ source }) => `  ${source}`)),
  ].join('\n');
}

const hoursAMonth = 30 * 24;

function renderPace(month: Month): string {
  const hours = hoursAtPace(month);
  const pace = `At ComplyCube's limit of ${month.requestsPerSecond} calls per second they take ${formatHours(hours)}`;
  return hours <= hoursAMonth ? `${pace}.` : `${pace}, which is more than a month. Ask ComplyCube for a higher limit.`;
}

function formatHours(hours: number): string {
  return hours < 1 ? `${Math.ceil(hours * 60)} minutes` : `${hours.toFixed(1)} hours`;
}

function formatDollars(dollars: number): string {
  return `$${dollars.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
