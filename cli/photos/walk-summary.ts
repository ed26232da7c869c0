import type { WalkTally } from './photo-walk';
import { count, duration } from '../terminal/text';

/** What S3 charges in us-east-1 for a list request and for reading tags, in dollars (its price list). */
const prices = { list: 0.005 / 1_000, tags: 0.0004 / 1_000 };

/** Reports a walk in sentences. @param what is sent, such as `photos without an outcome`. */
export function renderTally(
  { seen, selected, passedOver, requests }: WalkTally,
  { isDryRun, rate, what }: { readonly isDryRun: boolean; readonly rate: number; readonly what: string },
): string[] {
  const others = Object.entries(passedOver).map(
    ([name, number]) => `${number.toLocaleString('en')} ${words[name] ?? name}`,
  );
  const dollars = requests.lists * prices.list + requests.tags * prices.tags;
  const looked = `${count(requests.lists, 'list')} and ${count(requests.tags, 'tag set')} were read, for about $${dollars.toFixed(2)}`;
  return [
    `${count(seen, 'photo object')} examined: ${selected.toLocaleString('en')} ${isDryRun ? 'to send' : 'sent'} (${what})${others.map((other) => `, ${other}`).join('')}.`,
    isDryRun
      ? `Nothing was sent. At ${rate} a second that takes ${duration((selected / rate) * 1000)}. ${looked}.`
      : `${looked}. \`live-photos report\` shows what becomes of them.`,
    ...(passedOver['archived'] === undefined
      ? []
      : ['Archived objects can not be read: restore them, then run this again.']),
  ];
}

/** Names of the tally, in the words of a sentence. */
const words: Readonly<Record<string, string>> = {
  uploaded: 'uploaded before',
  rejected: 'rejected before',
  none: 'without an outcome',
  gone: 'deleted meanwhile',
  folder: 'marking a folder',
  archived: 'archived',
};
