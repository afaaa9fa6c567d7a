import type { MissingRows } from './seen-positions.js';
import type { TaskNoticeContent } from './task-observer.js';
import { isOlder, type SourcePosition } from '../processor/source-position.js';

/** Which gaps were told already: a task that reads a record again, after it lost its memory, finds the same ones. */
export class ToldGaps {
  private readonly told = new Map<string, SourcePosition>();

  /** What is to be told of a gap; `null` when it was told before. */
  notice({ processor, partition, after, until }: MissingRows): TaskNoticeContent | null {
    const source = `${processor}/${partition}`;
    const last = this.told.get(source);
    if (last !== undefined && !isOlder(last, until)) return null;
    this.told.set(source, until);
    return { kind: 'rows-missing', source, after, until };
  }
}
