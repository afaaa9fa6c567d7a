import type { RowCodec } from '@moola/contracts/topic';
import { decodeBatch, rowKind } from './batch-codec.js';
import type { RowSource } from './processor.js';
import { advance, SeenPositions } from './seen-positions.js';

/** What a reader of rows is told. */
export interface NewRowsReader<T> {
  /** @param index of the row among the record's data rows, zero-based */
  data?(value: T, source: RowSource, index: number): void;
  tick?(tickMs: number, source: RowSource): void;
  definition?(source: RowSource): void;
}

/**
 * Rule 3 for readers that are no processors (the console, a replay's story): rows of one partition, each once. What a
 * writer computed again after a crash stands in the log twice, and is dropped by its position here.
 */
export class NewRows<T> {
  private readonly seen = new SeenPositions(new Map());

  constructor(
    private readonly codec: RowCodec<T>,
    private readonly reader: NewRowsReader<T>,
  ) {}

  /** Takes the value of the partition's next record. */
  take(value: Uint8Array): void {
    const batch = decodeBatch(value, this.codec);
    const { source } = batch;
    const seen = source.processor === '' ? null : this.seen.of(source);
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
