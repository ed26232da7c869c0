interface Slot<Item> {
  readonly item: Item;
  readonly key: number;
  /** Breaks ties: of two items with the same key, the one added first leaves first. */
  readonly turn: number;
}

/**
 * A priority queue, least key first, from which any item can be taken out.
 * `peek` and `size` are O(1), all else O(log n); an item can be in it once.
 */
export class IndexedHeap<Item> {
  private readonly slots: Slot<Item>[] = [];
  private readonly positions = new Map<Item, number>();
  private turns = 0;

  get size(): number {
    return this.slots.length;
  }

  /** The item with the least key and that key, still in the heap. */
  peek(): { readonly item: Item; readonly key: number } | undefined {
    return this.slots[0];
  }

  /** @throws RangeError when the item is in the heap already. */
  add(item: Item, key: number): void {
    if (this.positions.has(item)) throw new RangeError('The item is in the heap already');
    this.settle({ item, key, turn: this.turns++ }, this.slots.length);
  }

  /** Takes the item out. @returns whether it was there. */
  remove(item: Item): boolean {
    const position = this.positions.get(item);
    if (position === undefined) return false;
    this.positions.delete(item);
    const last = this.slots.pop();
    if (last !== undefined && last.item !== item) this.settle(last, position);
    return true;
  }

  /** Puts a slot where it belongs, starting from a free position. */
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
