/** ComplyCube's two environments, with separate data. A request's key selects one. */
export type Environment = 'test' | 'live';

/** Whether a text starts like ComplyCube's keys: `test_` or `live_`. */
export function isKeyForm(text: string): boolean {
  return /^(test|live)_./.test(text);
}

/** The valid API keys. Several can be valid at the same time, as during a rotation. */
export class ApiKeys {
  readonly #keys = new Set<string>();

  /** @throws TypeError if a key starts with neither `test_` nor `live_`. */
  constructor(keys: readonly string[]) {
    for (const key of keys) this.accept(key);
  }

  /** @throws TypeError if the key starts with neither `test_` nor `live_`. The message does not contain the key. */
  accept(key: string): void {
    if (!isKeyForm(key)) throw new TypeError('A key begins with test_ or live_');
    this.#keys.add(key);
  }

  revoke(key: string): void {
    this.#keys.delete(key);
  }

  /** Reads an Authorization header, which contains only the key, without `Bearer`. */
  environmentOf(authorization: string | undefined): Environment | undefined {
    if (authorization === undefined || !this.#keys.has(authorization)) return undefined;
    return authorization.startsWith('live_') ? 'live' : 'test';
  }
}
