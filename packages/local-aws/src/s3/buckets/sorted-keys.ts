/**
 * Compares two keys by their UTF-8 bytes, the order of S3's lists (S3 API reference, ListObjectsV2).
 * UTF-16 code units have the same order, except that surrogates, which encode characters beyond U+FFFF, come before U+E000.
 */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = utf8Rank(a.charCodeAt(index)) - utf8Rank(b.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function utf8Rank(codeUnit: number): number {
  return codeUnit >= 0xd800 && codeUnit <= 0xdfff ? codeUnit + 0x10000 : codeUnit;
}

/** Index of the first key that is not before `key`. */
export function firstFrom(keys: readonly string[], key: string): number {
  return firstIndex(keys, (candidate) => compareKeys(candidate, key) >= 0);
}

/** Index of the first key after `key`. */
export function firstAfter(keys: readonly string[], key: string): number {
  return firstIndex(keys, (candidate) => compareKeys(candidate, key) > 0);
}

/** Binary search. `isPast` must be false for the keys before some index, and true from that index on. */
function firstIndex(keys: readonly string[], isPast: (key: string) => boolean): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle];
    if (key === undefined || isPast(key)) high = middle;
    else low = middle + 1;
  }
  return low;
}
