import { expectFormat } from '@moola/contracts/entry-format';

/** Key of the entry that holds a task's progress. */
const key = '~task';
/** Format 1 ends after the ordinal. */
const format = 2;
const numbersOf: Readonly<Record<number, number>> = { 1: 5, [format]: 6 };
const hashLength = 8;

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
  /** Log epoch of the input: how often `beginEpoch` was called. Rows that the task sends carry it. */
  readonly epoch: number;
  /** `recordHash` of the record before the checkpoint's position; `null`: none was read, or it is not known. */
  readonly lastRecord: Uint8Array | null;
}

const nothing: TaskProgress = { life: 0, timeMs: 0, tickMs: 0, row: 0, ordinal: 0, epoch: 0, lastRecord: null };

export function readProgress(entries: ReadonlyMap<string, Uint8Array>): TaskProgress {
  const bytes = entries.get(key);
  if (bytes === undefined) return nothing;
  expectFormat(key, bytes[0], format, [1]);
  const numbers = numbersOf[bytes[0] as number] as number;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [life = 0, timeMs = 0, tickMs = 0, row = 0, ordinal = 0, epoch = 0] = Array.from(
    { length: numbers },
    (_, index) => view.getFloat64(1 + 8 * index, true),
  );
  const hash = bytes.slice(1 + 8 * numbers);
  return { life, timeMs, tickMs, row, ordinal, epoch, lastRecord: hash.length === hashLength ? hash : null };
}

export function writeProgress(progress: TaskProgress, into: Map<string, Uint8Array | null>): void {
  const { life, timeMs, tickMs, row, ordinal, epoch, lastRecord } = progress;
  const numbers = [life, timeMs, tickMs, row, ordinal, epoch];
  const bytes = new Uint8Array(1 + 8 * numbers.length + (lastRecord?.length ?? 0));
  bytes[0] = format;
  const view = new DataView(bytes.buffer);
  numbers.forEach((number, index) => view.setFloat64(1 + 8 * index, number, true));
  if (lastRecord !== null) bytes.set(lastRecord, 1 + 8 * numbers.length);
  into.set(key, bytes);
}

/** Room for the offsets of one epoch. Decimal, since it stands in business keys that people read. */
const offsetsOfEpoch = 1e12;

/** The life that begins at an offset, after which nothing is missing. Another one in each epoch. */
export function lifeAt(epoch: number, offset: number): number {
  return epoch * offsetsOfEpoch + offset;
}
