/** Key of the entry that holds a task's progress. */
const key = '~task';
const format = 1;
const length = 41;

/** What a task saves of itself beside the processor's entries and the positions that it has seen. */
export interface TaskProgress {
  /** See `TaskContext.life`. */
  readonly life: number;
  /** Largest tick or stamp so far, milliseconds since the epoch. */
  readonly timeMs: number;
  /** Largest tick row so far. */
  readonly tickMs: number;
  /** Rows of the record at the checkpoint's position that are applied already; 0 but before a poisoned row. */
  readonly row: number;
  /** Rows that these have given. */
  readonly ordinal: number;
}

export function readProgress(entries: ReadonlyMap<string, Uint8Array>): TaskProgress {
  const bytes = entries.get(key);
  if (bytes === undefined) return { life: 0, timeMs: 0, tickMs: 0, row: 0, ordinal: 0 };
  if (bytes[0] !== format) throw new Error(`checkpoint entry ${key} has format ${bytes[0]}, expected ${format}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const number = (index: number): number => view.getFloat64(1 + 8 * index, true);
  return { life: number(0), timeMs: number(1), tickMs: number(2), row: number(3), ordinal: number(4) };
}

export function writeProgress(progress: TaskProgress, into: Map<string, Uint8Array | null>): void {
  const bytes = new Uint8Array(length);
  bytes[0] = format;
  const view = new DataView(bytes.buffer);
  const { life, timeMs, tickMs, row, ordinal } = progress;
  [life, timeMs, tickMs, row, ordinal].forEach((number, index) => view.setFloat64(1 + 8 * index, number, true));
  into.set(key, bytes);
}
