import { Blocks, capacityFor } from './blocks.js';
import { grown, roomFor } from './row-arena.js';

/**
 * The cells of all quantile sketches: bins that hold something, each with its count. Those of a sketch stand beside each
 * other in a block, in order of bins. Six bytes a cell: they are most of what a series takes. A count is one modulo 2³², which
 * is exact as long as a bin of a window holds less: 49,000 values a second in one bin for a whole day.
 */
export class SketchCells {
  /** Other arrays when cells have been taken: not to be kept across a `take`. */
  bins = new Uint16Array(64);
  counts = new Uint32Array(64);
  private readonly blocks = new Blocks();

  /** How many blocks are in use. */
  get live(): number {
    return this.blocks.live;
  }

  /** @returns where the block begins */
  take(size: number): number {
    const block = this.blocks.take(size);
    const { end } = this.blocks;
    if (end > this.bins.length) {
      this.bins = grown(this.bins, new Uint16Array(roomFor(end)));
      this.counts = grown(this.counts, new Uint32Array(roomFor(end)));
    }
    return block;
  }

  give(block: number, size: number): void {
    if (size === 0) return;
    // Who goes on using it finds no value.
    this.counts.fill(0, block, block + capacityFor(size));
    this.blocks.give(block, size);
  }
}
