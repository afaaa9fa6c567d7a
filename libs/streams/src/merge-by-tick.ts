import { EntriesOfMerge, type HeldRows } from './merge-entries.js';
import type { Emitter, Processor, StreamRow, TaskContext, TaskState } from './processor.js';

/**
 * Where several writers meet in one partition, their rows come in any order. In a replay that order must not count:
 * rows are held back, and applied tick by tick.
 *
 * - Every row belongs to the tick that closes it: the next tick row of the same source. (A writer passes a tick on after
 *   all that it caused, so rows of tick T stand before its tick row T.)
 * - Tick T is due when every declared source, and the environment itself (tick rows without position, which the replayer
 *   writes), has passed it on. Then the rows that T closes are applied, by (source, partition, offset, ordinal), and the
 *   tick row T after them. All of them carry `tickMs` T.
 * - Rows without position (results, receipts, commands) belong to the environment: the next of its ticks closes them. They
 *   come first in their tick, ordered by content: definitions by version, data by bytes. So do the rows of sources that
 *   are not declared, whose own ticks do not count.
 * - Definitions that come before the environment's first tick are applied as they come.
 */
export interface MergeOptions {
  /** The writers whose ticks are waited for, each with the partition that it reads. */
  readonly sources: readonly MergeSource[];
}

export interface MergeSource {
  /** Name of the processor. */
  readonly processor: string;
  readonly partition: number;
}

/** Wraps a processor, so that it sees the rows of a replay in the order of their ticks. */
export function mergedByTick<In>(processor: Processor<In>, options: MergeOptions): Processor<In> {
  return {
    name: processor.name,
    input: processor.input,
    outputs: processor.outputs,
    ticks: 'all',
    restore: (entries, context) => new MergedState(processor, options, entries, context),
  };
}

/** Rows of one source that wait for their tick. */
class Lane {
  /** Ticks that the source has passed on and that are not applied yet, with the rows that each closes. */
  readonly closed = new Map<number, HeldRows>();
  open: HeldRows;

  constructor(
    readonly source: MergeSource,
    readonly isDeclared: boolean,
    public lastTickMs: number,
  ) {
    this.open = { source, rows: [] };
  }

  get isEnvironment(): boolean {
    return this.source.processor === '';
  }
}

const environment: MergeSource = { processor: '', partition: 0 };

class MergedState<In> implements TaskState<In> {
  private readonly inner: TaskState<In>;
  private readonly entries: EntriesOfMerge;
  private readonly lanes = new Map<string, Lane>();
  /** In the order in which their rows are applied. */
  private ordered: readonly Lane[] = [];
  private readonly environment: Lane;

  constructor(
    private readonly processor: Processor<In>,
    options: MergeOptions,
    entries: ReadonlyMap<string, Uint8Array>,
    context: TaskContext,
  ) {
    this.entries = new EntriesOfMerge(processor.input.codec, entries);
    this.inner = processor.restore(this.entries.ofOthers, context);
    for (const source of [environment, ...options.sources]) this.addLane(source, true);
    this.environment = this.laneOf(environment);
    for (const held of this.entries.held()) {
      const lane = this.laneOf(held.rows.source);
      if (held.tickMs === null) lane.open = held.rows;
      else lane.closed.set(held.tickMs, held.rows);
    }
  }

  apply(row: StreamRow<In>, emitter: Emitter): void {
    const lane = this.laneOf(row.source);
    if (row.kind === 'tick') {
      if (!lane.isDeclared || row.tickMs <= lane.lastTickMs) return;
      this.close(lane, row.tickMs);
      if (lane.isEnvironment) for (const other of this.ordered) if (!other.isDeclared) this.close(other, row.tickMs);
      this.applyDue(row, emitter);
    } else if (row.kind === 'definition' && this.environment.lastTickMs === -Infinity) {
      this.applyInner({ ...row, tickMs: 0 }, emitter);
    } else {
      lane.open.rows.push(row);
      this.entries.changed(lane.open, null);
    }
  }

  takeChanges(): Map<string, Uint8Array | null> {
    const changes = this.inner.takeChanges();
    this.entries.takeChanges(changes);
    return changes;
  }

  /** The source has passed a tick on: what it has sent until now belongs to it. */
  private close(lane: Lane, tickMs: number): void {
    if (lane.isDeclared) {
      lane.lastTickMs = tickMs;
      this.entries.tickPassed(lane.source, tickMs);
    }
    if (lane.open.rows.length === 0) return;
    lane.closed.set(tickMs, lane.open);
    this.entries.closed(lane.open, tickMs);
    lane.open = { source: lane.source, rows: [] };
  }

  private applyDue(row: StreamRow<In>, emitter: Emitter): void {
    let passedMs = Infinity;
    for (const lane of this.ordered) if (lane.isDeclared) passedMs = Math.min(passedMs, lane.lastTickMs);
    for (const tickMs of this.entries.takeTicksUntil(passedMs)) {
      for (const lane of this.ordered) {
        const held = lane.closed.get(tickMs);
        if (held === undefined) continue;
        lane.closed.delete(tickMs);
        this.entries.applied(held, tickMs);
        for (const each of this.inOrder(lane, held)) this.applyInner({ ...each, tickMs }, emitter);
      }
      const { position } = row;
      this.applyInner({ source: { ...environment, epoch: 0 }, position, tickMs, kind: 'tick' }, emitter);
    }
  }

  private applyInner(row: StreamRow<In>, emitter: Emitter): void {
    if (emitter.applying(row)) this.inner.apply(row, emitter);
  }

  /** What has no position is ordered by what it is. */
  private inOrder(lane: Lane, held: HeldRows): readonly StreamRow<In>[] {
    const rows = held.rows as readonly StreamRow<In>[];
    if (!lane.isEnvironment || rows.length < 2) return rows;
    return rows
      .map((row) => ({ row, bytes: row.kind === 'data' ? this.processor.input.codec.encode([row.value]) : null }))
      .sort((a, b) => {
        if (a.bytes !== null && b.bytes !== null) return Buffer.compare(a.bytes, b.bytes);
        if (a.row.kind === 'definition' && b.row.kind === 'definition') {
          return a.row.definition.version - b.row.definition.version;
        }
        return a.bytes === null ? -1 : 1;
      })
      .map(({ row }) => row);
  }

  private laneOf(source: MergeSource): Lane {
    return this.lanes.get(laneKey(source)) ?? this.addLane(source, false);
  }

  private addLane({ processor, partition }: MergeSource, isDeclared: boolean): Lane {
    const source = { processor, partition };
    const lane = new Lane(source, isDeclared, isDeclared ? this.entries.lastTickMs(source) : -Infinity);
    this.lanes.set(laneKey(source), lane);
    this.ordered = [...this.lanes.values()].sort(byApplication);
    return lane;
  }
}

function laneKey({ processor, partition }: MergeSource): string {
  return `${processor}/${partition}`;
}

/** What the environment closes comes first: its own rows, then those of undeclared sources; then the declared ones. */
function byApplication(a: Lane, b: Lane): number {
  const rank = (lane: Lane): number => (lane.isEnvironment ? 0 : lane.isDeclared ? 2 : 1);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a.source.processor !== b.source.processor) return a.source.processor < b.source.processor ? -1 : 1;
  return a.source.partition - b.source.partition;
}
