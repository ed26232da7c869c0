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
  it('returns its items by key, and items with the same key in the order of adding', () => {
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

  it('returns whether it contained the removed item', () => {
    const heap = new IndexedHeap<string>();
    heap.add('item', 1);
    expect(heap.remove('item')).toBe(true);
    expect(heap.remove('item')).toBe(false);
  });

  it('refuses an item that it already contains', () => {
    const heap = new IndexedHeap<string>();
    heap.add('item', 1);
    expect(() => {
      heap.add('item', 2);
    }).toThrow(RangeError);
  });
});
