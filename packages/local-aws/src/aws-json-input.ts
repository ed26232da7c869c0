import { AwsJsonError } from './aws-json-error';

const mismatch = (name: string, expected: string) =>
  new AwsJsonError('SerializationException', `The member ${name} is not ${expected}`);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * One structure of a request in an AWS JSON protocol.
 * A missing or null member reads as undefined. A member of the wrong JSON type throws `SerializationException`.
 * Each service checks limits and required members itself.
 */
export class AwsJsonInput {
  constructor(private readonly members: Readonly<Record<string, unknown>>) {}

  /** @throws SerializationException when `body` is not a JSON object. The message never quotes the body. */
  static parse(body: string): AwsJsonInput {
    let value: unknown;
    try {
      value = body === '' ? {} : JSON.parse(body);
    } catch {
      throw new AwsJsonError('SerializationException', 'The body is not JSON');
    }
    return AwsJsonInput.of(value, 'of the body');
  }

  string(name: string): string | undefined {
    const value = this.member(name);
    if (value === undefined || typeof value === 'string') return value;
    throw mismatch(name, 'a string');
  }

  integer(name: string): number | undefined {
    const value = this.member(name);
    if (value === undefined || (typeof value === 'number' && Number.isSafeInteger(value))) return value;
    throw mismatch(name, 'an integer');
  }

  strings(name: string): readonly string[] | undefined {
    const value = this.member(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    throw mismatch(name, 'a list of strings');
  }

  structures(name: string): readonly AwsJsonInput[] | undefined {
    const value = this.member(name);
    if (value === undefined) return undefined;
    if (Array.isArray(value)) return value.map((item) => AwsJsonInput.of(item, name));
    throw mismatch(name, 'a list');
  }

  stringMap(name: string): ReadonlyMap<string, string> | undefined {
    return this.entriesOf(name, (value) => {
      if (typeof value === 'string') return value;
      throw mismatch(name, 'a map of strings');
    });
  }

  structureMap(name: string): ReadonlyMap<string, AwsJsonInput> | undefined {
    return this.entriesOf(name, (value) => AwsJsonInput.of(value, name));
  }

  /**
   * Refuses members that the real service supports and the local server would silently ignore.
   * @throws NotImplemented with the name of the first member that is not in `names`.
   */
  refuseOtherThan(...names: readonly string[]): void {
    const other = Object.keys(this.members).find((name) => !names.includes(name) && this.member(name) !== undefined);
    if (other !== undefined) {
      throw new AwsJsonError('NotImplemented', `The local server does not support the parameter ${other}`, {
        status: 501,
      });
    }
  }

  private static of(value: unknown, name: string): AwsJsonInput {
    if (isObject(value)) return new AwsJsonInput(value);
    throw mismatch(name, 'a structure');
  }

  private member(name: string): unknown {
    return Object.hasOwn(this.members, name) ? (this.members[name] ?? undefined) : undefined;
  }

  private entriesOf<Value>(name: string, read: (value: unknown) => Value): ReadonlyMap<string, Value> | undefined {
    const value = this.member(name);
    if (value === undefined) return undefined;
    if (!isObject(value)) throw mismatch(name, 'a map');
    return new Map(Object.entries(value).map(([key, entry]) => [key, read(entry)]));
  }
}
