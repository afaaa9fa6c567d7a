import { toBinary } from '@bufbuild/protobuf';
import { DefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { decodeBatch, externalSource, rowKind, type DecodedBatch } from '../processor/batch-codec.js';
import type { DeadLetters, PoisonedRow } from './dead-letters.js';
import type { LogRecord } from '../ports/event-log.js';
import type { Outputs } from './outputs.js';
import { RowPoisonedError, type PoisonedRows, type PoisonOfRow } from './poisoned-rows.js';
import {
  PoisonError,
  type Processor,
  type StreamRow,
  type TaskContext,
  type TaskState,
} from '../processor/processor.js';
import { advance, missingBefore, SeenPositions, type MissingRows } from './seen-positions.js';
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
  /**
   * The state could not be saved after the records before this offset: each of their rows is tried by itself, to find the
   * one that it cannot hold.
   * @default 0
   */
  readonly triedBefore?: number;
  /** Rows were sent by a source and are not in the log: told at the record that should have followed them. */
  readonly missing: (rows: MissingRows) => void;
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
  /** Offset and row that are being applied. */
  private offset = -1;
  private current = 0;
  private readonly epoch: number;
  /** It has read its input from the log's very first record. */
  private readonly sawAll: boolean;
  /** What changed by rows that were tried one by one. */
  private tried = new Map<string, Uint8Array | null>();

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
    this.epoch = progress.epoch;
    this.sawAll = progress.life === 0;
    this.seen = new SeenPositions(entries);
    outputs.onPoisoned((row, reason) => this.emitDeadLetter(row as StreamRow<In>, reason));
    const own = new Map<string, Uint8Array>();
    for (const [key, bytes] of entries) if (!key.startsWith(reservedPrefix)) own.set(key, bytes);
    this.state = settings.processor.restore(own, settings.context);
  }

  /**
   * Applies a record's rows, with dead letters in the place of the poisoned ones. Those before a checkpoint's row have been
   * applied. A void record has none: it only moves the position on.
   * @param until stops before this row; the record is not done then.
   * @throws {RowPoisonedError} the memory must then be dropped.
   */
  apply(record: LogRecord, poisoned: PoisonedRows, until = Infinity): void {
    const { processor } = this.settings;
    this.offset = record.offset;
    this.outputs.beginRecord(record.offset, this.ordinal);
    const rows = poisoned.of(record.offset);
    try {
      if (record.isVoid) return;
      if (processor.foreign) this.applyForeign(record, processor.foreign, rows, until);
      else this.applyRows(record, rows, until);
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      throw new RowPoisonedError(record.offset, this.current, this.outputs.applyingIndex, error.message);
    }
    if (until !== Infinity) return;
    this.row = 0;
    this.ordinal = 0;
  }

  /** The largest tick or stamp so far; `null` before the first. */
  get time(): number | null {
    return this.timeMs > 0 ? this.timeMs : null;
  }

  /** Stands before a poisoned row, which is not the first of its record. */
  get isInsideRecord(): boolean {
    return this.row > 0;
  }

  /**
   * What changed since the last call, the task's own entries included.
   * @param lastRecord see `TaskProgress`
   * @throws {PoisonError} some row has brought the state to what it cannot hold; the memory must then be dropped
   */
  takeChanges(lastRecord: Uint8Array | null): Map<string, Uint8Array | null> {
    const changes = this.tried;
    this.tried = new Map();
    for (const [key, bytes] of this.state.takeChanges()) changes.set(key, bytes);
    for (const key of changes.keys()) {
      if (key.startsWith(reservedPrefix)) {
        throw new Error(
          `${this.settings.processor.name} saves the entry ${key}: keys that begin with ~ are the runtime's`,
        );
      }
    }
    this.seen.takeChanges(changes);
    this.outputs.takeChanges(changes);
    const { life } = this.settings.context;
    const { timeMs, tickMs, row, ordinal, epoch } = this;
    writeProgress({ life, timeMs, tickMs, row, ordinal, epoch, lastRecord }, changes);
    return changes;
  }

  /** A record of a foreign producer is one row without position. */
  private applyForeign(
    record: LogRecord,
    foreign: (record: LogRecord) => In,
    poisoned: ReadonlyMap<number, PoisonOfRow> | null,
    until: number,
  ): void {
    if (this.row > 0 || until === 0) return;
    const position = { offset: record.offset, ordinal: 0 };
    const value = foreign(record);
    this.current = 0;
    this.applyRow({ source: externalSource, position, tickMs: this.timeMs, kind: 'data', value }, poisoned);
    this.row = 1;
    this.ordinal = this.outputs.nextOrdinal;
  }

  private applyRows(record: LogRecord, poisoned: ReadonlyMap<number, PoisonOfRow> | null, until: number): void {
    const { processor, ticksAheadMs } = this.settings;
    const batch = decodeBatch(record.value, processor.input.codec);
    const { source, kinds, offsets, ordinals, ticks } = batch;
    const positioned = source.processor !== '';
    const seen = positioned ? this.seen.of(source) : null;
    if (seen !== null && batch.previous !== null) {
      const missing = missingBefore(source, seen, batch.previous, this.sawAll);
      if (missing !== null) this.settings.missing(missing);
    }
    const latestTick = positioned || ticksAheadMs === null ? Infinity : record.appendedAtMs + ticksAheadMs;
    const everyTick = processor.ticks === 'all';
    const { counts } = this;
    const end = Math.min(until, kinds.length);
    let data = this.row === 0 ? 0 : elementsBefore(batch, this.row, rowKind.data);
    let definitions = this.row === 0 ? 0 : elementsBefore(batch, this.row, rowKind.definition);
    let row = this.row;
    for (; row < end; row++) {
      this.current = row;
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
      this.applyRow(
        kind === rowKind.data
          ? { source, position, tickMs, kind: 'data', value: value as In }
          : definition !== undefined
            ? { source, position, tickMs, kind: 'definition', definition }
            : { source, position, tickMs, kind: 'tick' },
        poisoned,
      );
    }
    this.row = row;
    this.ordinal = this.outputs.nextOrdinal;
  }

  private applyRow(row: StreamRow<In>, poisoned: ReadonlyMap<number, PoisonOfRow> | null): void {
    const { outputs } = this;
    const first = outputs.nextOrdinal;
    outputs.beginRow(poisoned?.get(this.current) ?? null);
    if (outputs.applying(row)) this.state.apply(row, outputs);
    if (this.offset < (this.settings.triedBefore ?? 0)) this.trySaving(outputs.nextOrdinal - first);
    this.counts.applied++;
  }

  /** @param given outputs of the present row */
  private trySaving(given: number): void {
    try {
      for (const [key, bytes] of this.state.takeChanges()) this.tried.set(key, bytes);
    } catch (error) {
      if (!(error instanceof PoisonError)) throw error;
      throw new RowPoisonedError(this.offset, this.current, this.outputs.applyingIndex, error.message, given);
    }
  }

  private emitDeadLetter(row: StreamRow<In>, reason: string): void {
    const { processor, context, deadLetters } = this.settings;
    const { topic } = deadLetters;
    const letter: PoisonedRow = {
      environment: context.environment,
      processor: processor.name,
      partition: context.partition,
      offset: this.offset,
      row: this.current,
      tickMs: row.tickMs,
      reason,
      kind: row.kind,
      bytes: bytesOf(row, processor),
    };
    this.outputs.emit(topic, context.partition % this.outputs.partitionsOf(topic), deadLetters.letter(letter));
  }
}

/** How many rows of a kind a batch's first rows hold. */
function elementsBefore(batch: DecodedBatch<unknown>, rows: number, kind: number): number {
  let count = 0;
  for (let row = 0; row < rows; row++) if (batch.kinds[row] === kind) count++;
  return count;
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
