/** How much room so many numbers get: the power of two that is no less. None take none. */
export function capacityFor(size: number): number {
  return size === 0 ? 0 : 1 << sizeClass(size);
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

function sizeClass(size: number): number {
  return 32 - Math.clz32(size - 1);
}
