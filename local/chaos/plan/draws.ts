import { createHash } from 'node:crypto';
import { type Random, seededRandom } from 'complycube-stand-in/seeded-random';

/** Random draws for one purpose. They depend only on the seed, not on draws for other purposes. */
export class Draws {
  private readonly random: Random;

  constructor(seed: number, purpose: string) {
    this.random = seededRandom(createHash('sha256').update(`${seed} ${purpose}`).digest().readUInt32LE());
  }

  /** @returns true with this probability, from 0 to 1. */
  isHit(chance: number): boolean {
    return this.random() < chance;
  }

  /** An integer in an inclusive range. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.random() * (most - least + 1));
  }

  /** One of several values with the given weights. */
  weighted<Value extends string>(weights: Readonly<Record<Value, number>>): Value {
    const values = Object.keys(weights) as Value[];
    let left = this.random() * values.reduce((sum, value) => sum + weights[value], 0);
    const drawn = values.find((value) => (left -= weights[value]) < 0);
    return drawn ?? (values[0] as Value);
  }

  /** One of several values with equal probability. */
  oneOf<const Value>(values: readonly [Value, ...Value[]]): Value {
    return values[this.whole(0, values.length - 1)] ?? values[0];
  }
}
