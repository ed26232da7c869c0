import { invalidArgument } from '../errors';
import { encodeKey } from '../requests/url-encoding';
import { firstAfter, firstFrom } from './sorted-keys';

/** Parameters of every list. */
export interface ListParameters {
  readonly prefix: string;
  readonly maxKeys: number;
  readonly isUrlEncoded: boolean;
  /** Writes a key in the requested encoding. */
  readonly encode: (key: string) => string;
}

const maxMaxKeys = 1000;

/** @throws S3Error InvalidArgument. */
export function parseListParameters(query: URLSearchParams): ListParameters {
  const encodingType = query.get('encoding-type');
  if (encodingType !== null && encodingType !== 'url') {
    throw invalidArgument('encoding-type', encodingType, 'Invalid Encoding Method specified in Request');
  }
  const isUrlEncoded = encodingType === 'url';
  const encode = isUrlEncoded ? encodeKey : (key: string) => key;
  return { prefix: query.get('prefix') ?? '', maxKeys: parseMaxKeys(query.get('max-keys')), isUrlEncoded, encode };
}

function parseMaxKeys(text: string | null): number {
  if (text === null || text === '') return maxMaxKeys;
  if (!/^\d{1,10}$/.test(text)) {
    throw invalidArgument('maxKeys', text, 'Argument maxKeys must be an integer between 0 and 2147483647');
  }
  return Math.min(Number(text), maxMaxKeys);
}

/** The keys after `after` that start with `prefix`, in order. A binary search finds the first one. */
export function* keysAfter(keys: readonly string[], prefix: string, after: string): Generator<string> {
  for (let index = Math.max(firstFrom(keys, prefix), firstAfter(keys, after)); ; index++) {
    const key = keys[index];
    if (key?.startsWith(prefix) !== true) return;
    yield key;
  }
}

/** The first items of a list, and whether there are more. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly isTruncated: boolean;
}

/** Takes a page of a list. As in S3, an empty page for `max-keys=0` is not truncated. */
export function takePage<Item>(list: Iterable<Item>, maxItems: number): Page<Item> {
  const items: Item[] = [];
  if (maxItems === 0) return { items, isTruncated: false };
  for (const item of list) {
    if (items.length === maxItems) return { items, isTruncated: true };
    items.push(item);
  }
  return { items, isTruncated: false };
}
