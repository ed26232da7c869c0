/** ComplyCube keeps the sandbox and the live account apart; the key says which one a request means. */
export type Environment = 'test' | 'live';

/** Tells whether a text begins as ComplyCube's keys do. */
export function isKeyForm(text: string): boolean {
  return /^(test|live)_./.test(text);
}

/** The API keys in force: several at once, so that a rotation can be rehearsed. */
export class ApiKeys {
  readonly #keys = new Set<string>();

  /** @throws TypeError if a key begins with neither `test_` nor `live_`. */
  constructor(keys: readonly string[]) {
    for (const key of keys) this.accept(key);
  }

  /** @throws TypeError if the key begins with neither `test_` nor `live_`; the message does not repeat the key. */
  accept(key: string): void {
    if (!isKeyForm(key)) throw new TypeError('A key begins with test_ or live_');
    this.#keys.add(key);
  }

  revoke(key: string): void {
    this.#keys.delete(key);
  }

  /** Reads an Authorization header: the bare key, no `Bearer`. */
  environmentOf(authorization: string | undefined): Environment | undefined {
    if (authorization === undefined || !this.#keys.has(authorization)) return undefined;
    return authorization.startsWith('live_') ? 'live' : 'test';
  }
}
