/**
 * How much room so many numbers get: 1, 2, 3, 4, 6, 8, 12, 16, 24, …, a power of two or three quarters of one. Capacity 0 for
 * size 0.
 */
export function capacityFor(size: number): number {
  if (size <= 2) return size;
  const whole = 2 ** (32 - Math.clz32(size - 1));
  return size <= 0.75 * whole ? 0.75 * whole : whole;
}

/**
 * Divides an array that grows at its end into blocks. How many numbers a block holds says how large it is, so a list needs
 * to know no more than where it stands and how long it is. Freed blocks are given out again to lists of like size.
 */
export class Blocks {
  /** By size class. */
  private readonly freed: number[][] = [];
  /** Where the last block ends. */
  end = 0;
  /** How many blocks are in use. */
  live = 0;

  /** @returns where a block for so many numbers begins; 0 for none */
  take(size: number): number {
    if (size === 0) return 0;
    this.live++;
    const block = this.freed[sizeClass(size)]?.pop();
    if (block !== undefined) return block;
    this.end += capacityFor(size);
    return this.end - capacityFor(size);
  }

  /** @param size how many numbers it was taken for, or any number with the same capacity */
  give(block: number, size: number): void {
    if (size === 0) return;
    this.live--;
    (this.freed[sizeClass(size)] ??= []).push(block);
  }
}

/** By capacity, counted from 0. */
function sizeClass(size: number): number {
  if (size <= 2) return size - 1;
  const power = 32 - Math.clz32(size - 1);
  return size <= 0.75 * 2 ** power ? 2 * power - 2 : 2 * power - 1;
}
