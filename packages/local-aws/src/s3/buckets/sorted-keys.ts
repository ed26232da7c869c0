/** A set of keys in the order in which S3 lists them, sorted only when somebody looks. */
export class SortedKeys {
  #sorted: string[] = [];
  readonly #added = new Set<string>();
  readonly #removed = new Set<string>();

  /** Adds a key that is not in the set. */
  add(key: string): void {
    if (!this.#removed.delete(key)) this.#added.add(key);
  }

  /** Removes a key that is in the set. */
  remove(key: string): void {
    if (!this.#added.delete(key)) this.#removed.add(key);
  }

  /** All the keys in order: an array that is good until the next change. */
  inOrder(): readonly string[] {
    if (this.#added.size + this.#removed.size > maxSplices) this.#sortAnew();
    else this.#splice();
    this.#removed.clear();
    this.#added.clear();
    return this.#sorted;
  }

  #splice(): void {
    for (const key of this.#removed) this.#sorted.splice(firstFrom(this.#sorted, key), 1);
    for (const key of this.#added) this.#sorted.splice(firstFrom(this.#sorted, key), 0, key);
  }

  #sortAnew(): void {
    const kept = this.#sorted.filter((key) => !this.#removed.has(key));
    this.#sorted = [...kept, ...this.#added].sort(compareKeys);
  }
}

// Moving the rest of a long array costs about a thousandth of sorting it.
const maxSplices = 500;

/**
 * Compares two keys by their UTF-8 bytes, as S3's API reference orders lists (ListObjectsV2).
 * UTF-16 code units order alike, except that surrogates, which stand for characters beyond U+FFFF, come before U+E000.
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

/** Where the keys that are not before `key` begin. */
export function firstFrom(keys: readonly string[], key: string): number {
  return firstIndex(keys, 0, (candidate) => compareKeys(candidate, key) >= 0);
}

/** Where the keys after `key` begin. */
export function firstAfter(keys: readonly string[], key: string): number {
  return firstIndex(keys, 0, (candidate) => compareKeys(candidate, key) > 0);
}

/** Where the keys past those with the prefix begin, given the index of one of these. */
export function firstPastPrefix(keys: readonly string[], prefix: string, from: number): number {
  return firstIndex(keys, from, (candidate) => !candidate.startsWith(prefix));
}

/** Binary search: `isPast` must be false for keys up to some index, and true from there on. */
function firstIndex(keys: readonly string[], from: number, isPast: (key: string) => boolean): number {
  let low = from;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const key = keys[middle];
    if (key === undefined || isPast(key)) high = middle;
    else low = middle + 1;
  }
  return low;
}
