import type { MissingRows } from './seen-positions.js';
import { isOlder, type SourcePosition } from './source-position.js';

/** Which gaps were told already: a task that reads a record again, after it lost its memory, finds the same ones. */
export class ToldGaps {
  private readonly told = new Map<string, SourcePosition>();

  /** True when the gap was not told before. */
  isNew({ processor, partition, until }: MissingRows): boolean {
    const source = `${processor}/${partition}`;
    const last = this.told.get(source);
    if (last !== undefined && !isOlder(last, until)) return false;
    this.told.set(source, until);
    return true;
  }
}
