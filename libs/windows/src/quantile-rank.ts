import { valueOf } from './quantile-bins.js';
import type { SketchCells } from './sketch-cells.js';

/** The cells of a sketch: those in [start, end). */
export interface CellRange {
  readonly start: number;
  readonly end: number;
}

/** The value that `rank` of the values of two sketches do not exceed, and no lower one. */
export function fromBottom(rank: number, cells: SketchCells, mine: CellRange, theirs: CellRange): number | undefined {
  const { bins, counts } = cells;
  let passed = 0;
  let i = mine.start;
  let j = theirs.start;
  while (i < mine.end || j < theirs.end) {
    const myBin = i < mine.end ? bins[i]! : Infinity;
    const theirBin = j < theirs.end ? bins[j]! : Infinity;
    if (myBin <= theirBin) passed += counts[i++]!;
    if (theirBin <= myBin) passed += counts[j++]!;
    if (passed >= rank) return valueOf(Math.min(myBin, theirBin));
  }
  return undefined;
}

/** The value that `above` of the values of two sketches exceed at most, and no lower one. */
export function fromTop(above: number, cells: SketchCells, mine: CellRange, theirs: CellRange): number | undefined {
  const { bins, counts } = cells;
  let passed = 0;
  let i = mine.end - 1;
  let j = theirs.end - 1;
  while (i >= mine.start || j >= theirs.start) {
    const myBin = i >= mine.start ? bins[i]! : -1;
    const theirBin = j >= theirs.start ? bins[j]! : -1;
    if (myBin >= theirBin) passed += counts[i--]!;
    if (theirBin >= myBin) passed += counts[j--]!;
    if (passed > above) return valueOf(Math.max(myBin, theirBin));
  }
  return undefined;
}
