import { firstAfter, firstFrom, firstPastPrefix } from './sorted-keys';

/** Which keys a list is of. */
export interface ListScope {
  readonly prefix: string;
  /** Keys that share what lies between the prefix and this are rolled up into one common prefix; empty: none are. */
  readonly delimiter: string;
  /** The list goes on behind this key, or behind this common prefix. */
  readonly after: string;
}

/** One line of a list. */
export type ListItem =
  | { readonly key: string; readonly commonPrefix?: undefined }
  | { readonly key?: undefined; readonly commonPrefix: string };

/**
 * Walks over the keys of a scope in order. Reaching the first item, and leaving a common prefix behind, takes a binary
 * search, so that a page of a list costs about as much in a large bucket as in a small one.
 * @param isListed tells keys that the list is to show from those that it passes over.
 */
export function* walkKeys(
  keys: readonly string[],
  scope: ListScope,
  isListed: (key: string) => boolean,
): Generator<ListItem> {
  let index = Math.max(firstFrom(keys, scope.prefix), firstAfter(keys, scope.after));
  for (;;) {
    const key = keys[index];
    if (key?.startsWith(scope.prefix) !== true) return;
    const commonPrefix = commonPrefixOf(key, scope);
    // S3 does not repeat the common prefix that the last page ended with, nor one that the client's marker lies in.
    const isPassed = commonPrefix !== undefined && scope.after.startsWith(commonPrefix);
    const isShown = !isPassed && isListed(key);
    if (isShown) yield commonPrefix === undefined ? { key } : { commonPrefix };
    index =
      commonPrefix !== undefined && (isPassed || isShown) ? firstPastPrefix(keys, commonPrefix, index) : index + 1;
  }
}

/** What a key is rolled up into, if anything. */
export function commonPrefixOf(key: string, { prefix, delimiter }: Omit<ListScope, 'after'>): string | undefined {
  const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
}

/** The first items of a list, and whether there are more. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly isTruncated: boolean;
}

/** Takes a page of a list; an empty page is not truncated, as S3 answers `max-keys=0`. */
export function takePage<Item>(list: Iterable<Item>, maxItems: number): Page<Item> {
  const items: Item[] = [];
  if (maxItems === 0) return { items, isTruncated: false };
  for (const item of list) {
    if (items.length === maxItems) return { items, isTruncated: true };
    items.push(item);
  }
  return { items, isTruncated: false };
}
