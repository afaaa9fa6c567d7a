import type { RowCodec } from '@moola/contracts/topic';
import { decodeBatch, rowKind } from '../processor/batch-codec.js';
import type { RowSource } from '../processor/processor.js';
import { advance, missingBefore, SeenPositions, type MissingRows } from './seen-positions.js';

/** What a reader of rows is told. */
export interface NewRowsReader<T> {
  /** @param index of the row among the record's data rows, zero-based */
  data?(value: T, source: RowSource, index: number): void;
  tick?(tickMs: number, source: RowSource): void;
  definition?(source: RowSource): void;
  /** The log has lost rows that a source had sent, before the record that is being taken. Once a gap. */
  missing?(rows: MissingRows): void;
}

/** Where the reading began: only who reads from a partition's very first record can miss all that a source has sent. */
export type ReadFrom = 'the first record ever' | 'somewhere later';

/**
 * Rule 3 for readers that are no processors (the console, a replay's story): rows of one partition, each once. What a
 * writer computed again after a crash stands in the log twice, and is dropped by its position here.
 */
export class NewRows<T> {
  private readonly seen: SeenPositions;

  /** @param entries what `positions` gave, of a reader that goes on where it stopped */
  constructor(
    private readonly codec: RowCodec<T>,
    private readonly reader: NewRowsReader<T>,
    private readonly from: ReadFrom = 'somewhere later',
    entries: ReadonlyMap<string, Uint8Array> = new Map(),
  ) {
    this.seen = new SeenPositions(entries);
  }

  /** What was seen of each source, for a reader that keeps it with what it made of the rows. */
  positions(): Map<string, Uint8Array> {
    return this.seen.snapshot();
  }

  /** Takes the value of the partition's next record. */
  take(value: Uint8Array): void {
    const batch = decodeBatch(value, this.codec);
    const { source } = batch;
    const seen = source.processor === '' ? null : this.seen.of(source);
    if (seen !== null && this.reader.missing) {
      const missing = missingBefore(source, seen, batch.previous, this.from === 'the first record ever');
      if (missing !== null) this.reader.missing(missing);
    }
    let data = 0;
    batch.kinds.forEach((kind, row) => {
      const index = kind === rowKind.data ? data++ : -1;
      const [offset, ordinal] = [batch.offsets[row] as number, batch.ordinals[row] as number];
      if (seen !== null && !advance(seen, source.epoch, offset, ordinal)) return;
      if (kind === rowKind.data) this.reader.data?.(batch.data[index] as T, source, index);
      else if (kind === rowKind.tick) this.reader.tick?.(batch.ticks[row] as number, source);
      else this.reader.definition?.(source);
    });
  }
}
