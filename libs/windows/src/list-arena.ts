import { Blocks, capacityFor } from './blocks.js';
import { grown, roomFor } from './row-arena.js';

/** Beyond every row that there can be. */
const nowhere = 2 ** 32 - 1;

/** Lists of rows, all in one array. Whoever has a list keeps where it stands and how long it is. */
export class ListArena {
  /** Another array when lists have grown: not to be kept across an `insert`. */
  values = new Uint32Array(64);
  private readonly blocks = new Blocks();

  /** How many lists hold something. */
  get live(): number {
    return this.blocks.live;
  }

  /** @returns where the list stands now */
  insert(list: number, size: number, position: number, value: number): number {
    const to = capacityFor(size + 1) === capacityFor(size) ? list : this.take(size + 1);
    const { values } = this;
    for (let i = size; i > position; i--) values[to + i] = values[list + i - 1]!;
    values[to + position] = value;
    if (to === list) return to;
    for (let i = 0; i < position; i++) values[to + i] = values[list + i]!;
    this.give(list, size);
    return to;
  }

  /** Takes away the first so many. @returns where the list stands now */
  removeFirst(list: number, size: number, count: number): number {
    const left = size - count;
    const to = capacityFor(left) === capacityFor(size) ? list : this.take(left);
    const { values } = this;
    for (let i = 0; i < left; i++) values[to + i] = values[list + count + i]!;
    if (to !== list || left === 0) this.give(list, size);
    return left === 0 ? 0 : to;
  }

  private take(size: number): number {
    const list = this.blocks.take(size);
    if (this.blocks.end > this.values.length) {
      this.values = grown(this.values, new Uint32Array(roomFor(this.blocks.end)));
    }
    return list;
  }

  private give(list: number, size: number): void {
    if (size === 0) return;
    // Who goes on using it finds no row.
    this.values.fill(nowhere, list, list + capacityFor(size));
    this.blocks.give(list, size);
  }
}
