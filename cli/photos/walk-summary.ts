import { count, duration } from '../terminal/text';
import type { WalkCounts } from './photo-walk';

/** S3's prices in us-east-1 for a list request and for reading a tag set, in dollars. */
const prices = { list: 0.005 / 1_000, tags: 0.0004 / 1_000 };

/** Renders the result of a walk in sentences. @param what was selected, such as `photos without an outcome`. */
export function summarizeWalk(
  { seen, selected, passedOver, requests }: WalkCounts,
  { isDryRun, rate, what }: { readonly isDryRun: boolean; readonly rate: number; readonly what: string },
): string[] {
  if (seen === 0) return ['No photo objects found.'];
  const verb = isDryRun ? 'to send' : 'sent';
  const others = Object.entries(passedOver).map(
    ([name, number]) => `, ${number.toLocaleString('en')} ${labels[name] ?? name}`,
  );
  const dollars = requests.lists * prices.list + requests.tags * prices.tags;
  const cost = `S3 requests: ${count(requests.lists, 'list')} and ${count(requests.tags, 'tag set')}, about $${dollars.toFixed(2)}.`;
  return [
    `${count(seen, 'photo object')} examined: ${selected.toLocaleString('en')} ${verb} (${what})${others.join('')}.`,
    isDryRun
      ? `Nothing was sent. Sending takes ${duration((selected / rate) * 1000)} at ${rate} per second. ${cost}`
      : `${cost} \`live-photos report\` shows the outcomes.`,
    ...(passedOver['archived'] === undefined
      ? []
      : ["Archived objects can't be read: restore them, then run this command again."]),
  ];
}

/** Descriptions of the objects that were not selected. */
const labels: Readonly<Record<string, string>> = {
  uploaded: 'already uploaded',
  rejected: 'already rejected',
  none: 'without an outcome',
  gone: 'deleted in the meantime',
  folder: 'marking a folder',
  archived: 'archived',
};
