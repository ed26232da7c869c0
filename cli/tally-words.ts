import type { WalkTally } from './photo-walk';
import { count, duration } from './text';

/** What S3 bills in us-east-1 for a list and for reading tags, in dollars (its price list). */
const prices = { list: 0.005 / 1_000, tags: 0.0004 / 1_000 };

/** Says what a walk came to. @param what is sent, in the words of a sentence. */
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
    `${count(seen, 'photo object')} looked at: ${selected.toLocaleString('en')} ${isDryRun ? 'to send' : 'sent'} (${what})${others.map((other) => `, ${other}`).join('')}.`,
    isDryRun
      ? `Nothing was sent. At ${rate} a second that takes ${duration((selected / rate) * 1000)}. ${looked}.`
      : `${looked}. What becomes of them, \`live-photos report\` tells.`,
  ];
}

/** Outcomes in the words of a sentence. */
const words: Readonly<Record<string, string>> = {
  uploaded: 'uploaded before',
  rejected: 'rejected before',
  none: 'without an outcome',
  gone: 'deleted meanwhile',
};
