import { renderTable } from '../../../cli/terminal/table';
import type { Paint } from '../../paint';
import { prices } from '../../prices';
import type { SimulationResult } from './simulation-result';

/** Whether each photo has exactly one live photo, and no message is in the dead-letter queue. */
export function isComplete({ photos, livePhotos, deadLettered, lost }: SimulationResult): boolean {
  return livePhotos === photos && deadLettered === 0 && lost === 0;
}

/** Renders the results as a table, one scenario in each row. Rows of scenarios that are not complete are red. */
export function renderSimulation(results: readonly SimulationResult[], paint: Paint): string {
  const head = ['', 'hours', 'after outage', 'of the limit', '429', 'oldest event', 'dead-lettered', 'lost', 'price'];
  const [headLine = '', ...lines] = renderTable(
    [head, ...results.map(rowOf)],
    head.map((_, column) => column).slice(1),
  );
  const [first] = results;
  return [
    ...(first === undefined ? [] : [describeSettings(first), '']),
    headLine,
    ...results.map((result, at) => paint(isComplete(result) ? 'green' : 'red', lines[at] ?? '')),
    '',
    `Price: Lambda, and requests to SQS and S3. List prices as of ${prices.asOf}.`,
  ].join('\n');
}

function describeSettings({ photos, requestsPerSecond, concurrency, seed }: SimulationResult): string {
  return `${photos.toLocaleString('en')} photos at ${requestsPerSecond} requests a second with a concurrency of ${concurrency}, seed ${seed}`;
}

function rowOf(result: SimulationResult): string[] {
  const { scenario, hours, hoursAfterOutage, shareOfLimit, refused, shareRefused } = result;
  return [
    scenario,
    hours.toFixed(1),
    hoursAfterOutage?.toFixed(1) ?? '',
    shareOfLimit === null ? '' : `${(shareOfLimit * 100).toFixed(1)} %`,
    `${refused.toLocaleString('en')} (${(shareRefused * 100).toFixed(2)} %)`,
    `${result.oldestEventHours.toFixed(1)} h`,
    String(result.deadLettered),
    String(result.lost),
    `$${result.dollars.toFixed(2)}`,
  ];
}
