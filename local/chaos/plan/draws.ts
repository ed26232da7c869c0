import { createHash } from 'node:crypto';
import { type Random, seededRandom } from 'complycube-stand-in/seeded-random';

/** Draws for one purpose: the same for the same seed, whatever is drawn for other purposes. */
export class Draws {
  private readonly random: Random;

  constructor(seed: number, purpose: string) {
    this.random = seededRandom(createHash('sha256').update(`${seed} ${purpose}`).digest().readUInt32LE());
  }

  /** Whether something happens whose chance is 0 to 1. */
  isHit(chance: number): boolean {
    return this.random() < chance;
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  /** One of several values, each as likely as its weight says. */
  weighted<Value extends string>(weights: Readonly<Record<Value, number>>): Value {
    const values = Object.keys(weights) as Value[];
    let left = this.random() * values.reduce((sum, value) => sum + weights[value], 0);
    const drawn = values.find((value) => (left -= weights[value]) < 0);
    return drawn ?? (values[0] as Value);
  }

  /** One of several values; one that is listed twice is as likely as two. */
  oneOf<const Value>(values: readonly [Value, ...Value[]]): Value {
    return values[this.whole(0, values.length - 1)] ?? values[0];
  }
}
