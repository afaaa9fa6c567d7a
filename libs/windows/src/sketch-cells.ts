import { Blocks, capacityFor } from './blocks.js';
import { grown, roomFor } from './row-arena.js';

/**
 * The cells of all quantile sketches: bins that hold something, each with its count. Those of a sketch stand beside each
 * other in a block, in order of bins. Ten bytes a cell.
 */
export class SketchCells {
  /** Other arrays when cells have been taken: not to be kept across a `take`. */
  bins = new Uint16Array(64);
  counts = new Float64Array(64);
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
      this.counts = grown(this.counts, new Float64Array(roomFor(end)));
    }
    return block;
  }

  give(block: number, size: number): void {
    if (size === 0) return;
    // Who goes on using it finds no number.
    this.counts.fill(NaN, block, block + capacityFor(size));
    this.blocks.give(block, size);
  }
}
