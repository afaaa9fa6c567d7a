import { toBinary } from '@bufbuild/protobuf';
import { DefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { decodeBatch, foreignBatch, rowKind, type DecodedBatch } from './batch-codec.js';
import type { DeadLetters, PoisonedRow } from './dead-letters.js';
import type { LogRecord } from './event-log.js';
import type { Outputs } from './outputs.js';
import { RowPoisonedError, type PoisonedRows, type PoisonOfRow } from './poisoned-rows.js';
import { PoisonError, type Processor, type StreamRow, type TaskContext, type TaskState } from './processor.js';
import { advance, SeenPositions } from './seen-positions.js';
import { writeProgress, type TaskProgress } from './task-progress.js';

export interface TaskSettings<In> {
  readonly processor: Processor<In>;
  readonly context: TaskContext;
  readonly deadLetters: DeadLetters<unknown>;
  /**
   * A tick without position that is later than its record's append time by more than this is dropped: one wrong clock
   * would freeze time in the future. `null` where time is not the wall's (a replay).
   */
  readonly ticksAheadMs: number | null;
}

/** What became of rows, for metrics. */
export interface RowCounts {
  applied: number;
  /** Not newer than what was seen from their source. */
  repeated: number;
  /** Ticks that brought no later time, or one too far ahead. */
  idleTicks: number;
}

const reservedPrefix = '~';

/** A processor × a partition, in memory: state, what was seen, time. Without I/O; a record goes in, outputs grow. */
export class Task<In> {
  readonly counts: RowCounts = { applied: 0, repeated: 0, idleTicks: 0 };
  private readonly state: TaskState<In>;
  private readonly seen: SeenPositions;
  private timeMs: number;
  private tickMs: number;
  /** Rows of the present record that are done. */
  private row: number;
  private ordinal: number;

  /** @param entries as loaded: the processor's and the task's own. */
  constructor(
    private readonly settings: TaskSettings<In>,
    entries: ReadonlyMap<string, Uint8Array>,
    progress: TaskProgress,
    private readonly outputs: Outputs,
  ) {
    this.timeMs = progress.timeMs;
    this.tickMs = progress.tickMs;
    this.row = progress.row;
    this.ordinal = progress.ordinal;
    this.seen = new SeenPositions(entries);
    const own = new Map<string, Uint8Array>();
    for (const [key, bytes] of entries) if (!key.startsWith(reservedPrefix)) own.set(key, bytes);
    this.state = settings.processor.restore(own, settings.context);
  }

  /**
   * Applies a record's rows, with dead letters in the place of the poisoned ones. Those before a checkpoint's row have been
   * applied.
   * @param until stops before this row; the record is not done then.
   * @throws {RowPoisonedError} the memory must then be dropped.
   */
  apply(record: LogRecord, poisoned: PoisonedRows, until = Infinity): void {
    this.applyRows(record, poisoned.of(record.offset), until);
    if (until !== Infinity) return;
    this.row = 0;
    this.ordinal = 0;
  }

  /** Stands before a poisoned row, which is not the first of its record. */
  get isInsideRecord(): boolean {
    return this.row > 0;
  }

  /** What changed since the last call, the task's own entries included. */
  takeChanges(): Map<string, Uint8Array | null> {
    const changes = this.state.takeChanges();
    for (const key of changes.keys()) {
      if (key.startsWith(reservedPrefix)) {
        throw new Error(
          `${this.settings.processor.name} saves the entry ${key}: keys that begin with ~ are the runtime's`,
        );
      }
    }
    this.seen.takeChanges(changes);
    const { life } = this.settings.context;
    writeProgress({ life, timeMs: this.timeMs, tickMs: this.tickMs, row: this.row, ordinal: this.ordinal }, changes);
    return changes;
  }

  private applyRows(record: LogRecord, poisoned: ReadonlyMap<number, PoisonOfRow> | null, until: number): void {
    const { processor, ticksAheadMs } = this.settings;
    const { foreign, input } = processor;
    const batch = foreign ? foreignBatch(foreign(record)) : decodeBatch(record.value, input.codec);
    const { source, kinds, offsets, ordinals, ticks } = batch;
    const positioned = source.processor !== '';
    const seen = positioned ? this.seen.of(source) : null;
    const latestTick = positioned || ticksAheadMs === null ? Infinity : record.appendedAtMs + ticksAheadMs;
    const everyTick = processor.ticks === 'all';
    const { outputs, state, counts } = this;
    const end = Math.min(until, kinds.length);
    outputs.beginRecord(record.offset, this.ordinal);
    let { data, definitions } = elementsBefore(batch, this.row);
    let row = this.row;
    const writeDeadLetter = (applied: StreamRow<unknown>, reason: string): void =>
      this.emitDeadLetter(record.offset, row, applied as StreamRow<In>, reason);
    try {
      for (; row < end; row++) {
        const kind = kinds[row] as number;
        const value = kind === rowKind.data ? (batch.data[data++] as In) : undefined;
        const definition = kind === rowKind.definition ? batch.definitions[definitions++] : undefined;
        const offset = positioned ? (offsets[row] as number) : record.offset;
        const ordinal = positioned ? (ordinals[row] as number) : row;
        if (seen !== null && !advance(seen, source.epoch, offset, ordinal)) {
          counts.repeated++;
          continue;
        }
        const stamp = ticks[row] as number;
        if (kind === rowKind.tick) {
          if (stamp > latestTick || (stamp <= this.tickMs && !everyTick)) {
            counts.idleTicks++;
            continue;
          }
          if (stamp > this.tickMs) this.tickMs = stamp;
        }
        if (stamp > this.timeMs) this.timeMs = stamp;
        const position = { offset, ordinal };
        const tickMs = kind === rowKind.tick && everyTick ? stamp : this.timeMs;
        const applied: StreamRow<In> =
          kind === rowKind.data
            ? { source, position, tickMs, kind: 'data', value: value as In }
            : definition !== undefined
              ? { source, position, tickMs, kind: 'definition', definition }
              : { source, position, tickMs, kind: 'tick' };
        outputs.beginRow(poisoned?.get(row) ?? null, writeDeadLetter);
        if (outputs.applying(applied)) state.apply(applied, outputs);
        counts.applied++;
      }
    } catch (error) {
      if (error instanceof PoisonError) {
        throw new RowPoisonedError(record.offset, row, outputs.applyingIndex, error.message);
      }
      throw error;
    }
    this.row = row;
    this.ordinal = outputs.nextOrdinal;
  }

  private emitDeadLetter(offset: number, rowIndex: number, row: StreamRow<In>, reason: string): void {
    const { processor, context, deadLetters } = this.settings;
    const { topic } = deadLetters;
    const letter: PoisonedRow = {
      environment: context.environment,
      processor: processor.name,
      partition: context.partition,
      offset,
      row: rowIndex,
      tickMs: row.tickMs,
      reason,
      kind: row.kind,
      bytes: bytesOf(row, processor),
    };
    this.outputs.emit(topic, context.partition % this.outputs.partitionsOf(topic), deadLetters.letter(letter));
  }
}

/** How many data values and definitions a batch's first rows hold. */
function elementsBefore(batch: DecodedBatch<unknown>, rows: number): { data: number; definitions: number } {
  let data = 0;
  let definitions = 0;
  for (let row = 0; row < rows; row++) {
    if (batch.kinds[row] === rowKind.data) data++;
    else if (batch.kinds[row] === rowKind.definition) definitions++;
  }
  return { data, definitions };
}

function bytesOf<In>(row: StreamRow<In>, processor: Processor<In>): Uint8Array {
  switch (row.kind) {
    case 'data':
      return processor.input.codec.encode([row.value]);
    case 'definition':
      return toBinary(DefinitionSchema, row.definition);
    case 'tick':
      return new Uint8Array();
  }
}
