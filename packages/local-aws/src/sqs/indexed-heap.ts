interface Slot<Item> {
  readonly item: Item;
  readonly key: number;
  /** Breaks ties: of two items with the same key, the one added first comes first. */
  readonly turn: number;
}

/**
 * A priority queue with the smallest key first. Any item can be removed; an item can be in it only once.
 * `peek` and `size` are O(1); `add` and `remove` are O(log n).
 */
export class IndexedHeap<Item> {
  private readonly slots: Slot<Item>[] = [];
  private readonly positions = new Map<Item, number>();
  private turns = 0;

  get size(): number {
    return this.slots.length;
  }

  /** The item with the smallest key, and that key. The item stays in the heap. */
  peek(): { readonly item: Item; readonly key: number } | undefined {
    return this.slots[0];
  }

  /** @throws RangeError if the item is already in the heap. */
  add(item: Item, key: number): void {
    if (this.positions.has(item)) throw new RangeError('The item is already in the heap');
    this.settle({ item, key, turn: this.turns++ }, this.slots.length);
  }

  /** @returns whether the item was in the heap. */
  remove(item: Item): boolean {
    const position = this.positions.get(item);
    if (position === undefined) return false;
    this.positions.delete(item);
    const last = this.slots.pop();
    if (last !== undefined && last.item !== item) this.settle(last, position);
    return true;
  }

  /** Moves a slot from a free position to its place in the heap order. */
  private settle(slot: Slot<Item>, free: number): void {
    let position = free;
    for (;;) {
      const parentPosition = (position - 1) >> 1;
      const parent = this.slots[parentPosition];
      if (position === 0 || parent === undefined || isBefore(parent, slot)) break;
      this.place(parent, position);
      position = parentPosition;
    }
    for (;;) {
      const childPosition = this.lesserChild(position);
      const child = this.slots[childPosition];
      if (child === undefined || isBefore(slot, child)) break;
      this.place(child, position);
      position = childPosition;
    }
    this.place(slot, position);
  }

  private lesserChild(position: number): number {
    const left = this.slots[2 * position + 1];
    const right = this.slots[2 * position + 2];
    return left !== undefined && right !== undefined && isBefore(right, left) ? 2 * position + 2 : 2 * position + 1;
  }

  private place(slot: Slot<Item>, position: number): void {
    this.slots[position] = slot;
    this.positions.set(slot.item, position);
  }
}

function isBefore<Item>(one: Slot<Item>, other: Slot<Item>): boolean {
  return one.key < other.key || (one.key === other.key && one.turn < other.turn);
}
