import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Topic } from '@moola/contracts/topic';
import type { AnyTopic, Emitter, Processor, StreamRow, TaskContext } from '@moola/streams/processor/processor';

/** A row that a test feeds in: its position is its index, its tick the last tick before it. */
export type TestRow<T> =
  { readonly data: T; readonly source?: string } | { readonly tick: number } | { readonly definition: Definition };

/** Something that a processor emitted. */
export interface EmittedRow {
  readonly topic: string;
  readonly partition: number | 'same' | 'all';
  /** Index of the row that caused it. */
  readonly offset: number;
  readonly content: { kind: 'data'; value: unknown } | { kind: 'tick'; tickMs: number } | { kind: 'definition' };
}

export interface RunOptions {
  readonly context?: Partial<TaskContext>;
  /** Indexes before which the state is saved, thrown away and restored from its entries (given back shuffled). */
  readonly restartBefore?: ReadonlySet<number>;
  readonly partitions?: number;
  /** The state to begin with. @default none */
  readonly entries?: ReadonlyMap<string, Uint8Array>;
  /** Is filled with the entries of the state after the last row. */
  readonly saved?: Map<string, Uint8Array>;
}

/** Applies rows to one task, without any log or store: for unit tests of what a processor decides. */
export function runProcessor<In>(
  processor: Processor<In>,
  rows: readonly TestRow<In>[],
  options: RunOptions = {},
): EmittedRow[] {
  const context: TaskContext = { environment: 'test', partition: 0, partitions: 1, life: 0, ...options.context };
  const stored = new Map(options.entries);
  const emitted: EmittedRow[] = [];
  let state = processor.restore(stored, context);
  let tickMs = 0;
  const save = (): void => {
    for (const [key, bytes] of state.takeChanges()) bytes === null ? stored.delete(key) : stored.set(key, bytes);
  };
  rows.forEach((row, offset) => {
    if (options.restartBefore?.has(offset)) {
      save();
      state = processor.restore(new Map([...stored].reverse()), context);
    }
    if ('tick' in row) tickMs = Math.max(tickMs, row.tick);
    const origin = {
      source: { processor: 'source' in row && row.source ? row.source : '', partition: 0, epoch: 0 },
      position: { offset, ordinal: 0 },
      tickMs,
    };
    const streamRow: StreamRow<In> =
      'tick' in row
        ? { ...origin, kind: 'tick' }
        : 'definition' in row
          ? { ...origin, kind: 'definition', definition: row.definition }
          : { ...origin, kind: 'data', value: row.data };
    let applied: StreamRow<unknown> = streamRow;
    const emitter: Emitter = {
      emit<T>(topic: Topic<T>, partition: number | 'same', value: T) {
        // Through the codec, so that a test sees what a consumer would.
        const [decoded] = topic.codec.decode(topic.codec.encode([value]));
        emitted.push({ topic: topic.name, partition, offset, content: { kind: 'data', value: decoded } });
      },
      forward(topic: AnyTopic, partition) {
        const content =
          applied.kind === 'tick' ? { kind: 'tick' as const, tickMs: applied.tickMs } : { kind: 'definition' as const };
        emitted.push({ topic: topic.name, partition, offset, content });
      },
      partitionsOf: () => options.partitions ?? 1,
      applying(row) {
        applied = row;
        return true;
      },
    };
    state.apply(streamRow, emitter);
  });
  if (options.saved !== undefined) {
    save();
    for (const [key, bytes] of stored) options.saved.set(key, bytes);
  }
  return emitted;
}
