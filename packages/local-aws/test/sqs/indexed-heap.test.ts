import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { IndexedHeap } from '../../src/sqs/indexed-heap';

function drain(heap: IndexedHeap<number>): number[] {
  const drained: number[] = [];
  for (let next = heap.peek(); next !== undefined; next = heap.peek()) {
    drained.push(next.item);
    heap.remove(next.item);
  }
  return drained;
}

describe('IndexedHeap', () => {
  it('gives its items by key, and those of one key in the order in which they came', () => {
    const step = fc.record({ key: fc.nat(5), isRemoved: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const heap = new IndexedHeap<number>();
        for (const [item, { key }] of steps.entries()) heap.add(item, key);
        for (const [item, { isRemoved }] of steps.entries()) if (isRemoved) heap.remove(item);

        const left = [...steps.entries()].filter(([, { isRemoved }]) => !isRemoved);
        expect(heap.size).toBe(left.length);
        // Sorting is stable, so items of one key stay in the order of adding.
        expect(drain(heap)).toEqual(left.sort(([, one], [, other]) => one.key - other.key).map(([item]) => item));
      }),
    );
  });

  it('says whether it held what is removed', () => {
    const heap = new IndexedHeap<string>();
    heap.add('there', 1);
    expect(heap.remove('there')).toBe(true);
    expect(heap.remove('there')).toBe(false);
  });

  it('refuses an item that it holds already', () => {
    const heap = new IndexedHeap<string>();
    heap.add('there', 1);
    expect(() => {
      heap.add('there', 2);
    }).toThrow(RangeError);
  });
});
