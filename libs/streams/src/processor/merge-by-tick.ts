import { EntriesOfMerge, type HeldRows } from './merge-entries.js';
import type { Emitter, Processor, RowSource, StreamRow, TaskContext, TaskState } from './processor.js';

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
class SourceQueue {
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
  private readonly queues = new Map<string, SourceQueue>();
  /** Rows of one source share its object, as a rule. */
  private readonly queueOfSource = new WeakMap<RowSource, SourceQueue>();
  /** In the order in which their rows are applied. */
  private ordered: readonly SourceQueue[] = [];
  private readonly environment: SourceQueue;

  constructor(
    private readonly processor: Processor<In>,
    options: MergeOptions,
    entries: ReadonlyMap<string, Uint8Array>,
    context: TaskContext,
  ) {
    this.entries = new EntriesOfMerge(processor.input.codec, entries);
    this.inner = processor.restore(this.entries.ofOthers, context);
    for (const source of [environment, ...options.sources]) this.addQueue(source, true);
    this.environment = this.queueOf(environment);
    for (const held of this.entries.held()) {
      const queue = this.queueOf(held.rows.source);
      if (held.tickMs === null) queue.open = held.rows;
      else queue.closed.set(held.tickMs, held.rows);
    }
  }

  apply(row: StreamRow<In>, emitter: Emitter): void {
    const queue = this.queueOfRow(row.source);
    if (row.kind === 'tick') {
      if (!queue.isDeclared || row.tickMs <= queue.lastTickMs) return;
      this.close(queue, row.tickMs);
      if (queue.isEnvironment) for (const other of this.ordered) if (!other.isDeclared) this.close(other, row.tickMs);
      this.applyDue(row, emitter);
    } else if (row.kind === 'definition' && this.environment.lastTickMs === -Infinity) {
      this.applyInner({ ...row, tickMs: 0 }, emitter);
    } else {
      queue.open.rows.push(row);
      this.entries.changed(queue.open, null);
    }
  }

  takeChanges(): Map<string, Uint8Array | null> {
    const changes = this.inner.takeChanges();
    this.entries.takeChanges(changes);
    return changes;
  }

  /** The source has passed a tick on: what it has sent until now belongs to it. */
  private close(queue: SourceQueue, tickMs: number): void {
    if (queue.isDeclared) {
      queue.lastTickMs = tickMs;
      this.entries.tickPassed(queue.source, tickMs);
    }
    if (queue.open.rows.length === 0) return;
    queue.closed.set(tickMs, queue.open);
    this.entries.closed(queue.open, tickMs);
    queue.open = { source: queue.source, rows: [] };
  }

  private applyDue(row: StreamRow<In>, emitter: Emitter): void {
    let passedMs = Infinity;
    for (const queue of this.ordered) if (queue.isDeclared) passedMs = Math.min(passedMs, queue.lastTickMs);
    for (const tickMs of this.entries.takeTicksUntil(passedMs)) {
      for (const queue of this.ordered) {
        const held = queue.closed.get(tickMs);
        if (held === undefined) continue;
        queue.closed.delete(tickMs);
        this.entries.applied(held, tickMs);
        for (const each of this.inOrder(queue, held)) this.applyInner({ ...each, tickMs }, emitter);
      }
      const { position } = row;
      this.applyInner({ source: { ...environment, epoch: 0 }, position, tickMs, kind: 'tick' }, emitter);
    }
  }

  private applyInner(row: StreamRow<In>, emitter: Emitter): void {
    if (emitter.applying(row)) this.inner.apply(row, emitter);
  }

  /** What has no position is ordered by what it is. */
  private inOrder(queue: SourceQueue, held: HeldRows): readonly StreamRow<In>[] {
    const rows = held.rows as readonly StreamRow<In>[];
    if (!queue.isEnvironment || rows.length < 2) return rows;
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

  private queueOfRow(source: RowSource): SourceQueue {
    let queue = this.queueOfSource.get(source);
    if (queue === undefined) {
      queue = this.queueOf(source);
      this.queueOfSource.set(source, queue);
    }
    return queue;
  }

  private queueOf(source: MergeSource): SourceQueue {
    return this.queues.get(laneKey(source)) ?? this.addQueue(source, false);
  }

  private addQueue({ processor, partition }: MergeSource, isDeclared: boolean): SourceQueue {
    const source = { processor, partition };
    const queue = new SourceQueue(source, isDeclared, isDeclared ? this.entries.lastTickMs(source) : -Infinity);
    this.queues.set(laneKey(source), queue);
    this.ordered = [...this.queues.values()].sort(byApplication);
    return queue;
  }
}

function laneKey({ processor, partition }: MergeSource): string {
  return `${processor}/${partition}`;
}

/** What the environment closes comes first: its own rows, then those of undeclared sources; then the declared ones. */
function byApplication(a: SourceQueue, b: SourceQueue): number {
  const rank = (queue: SourceQueue): number => (queue.isEnvironment ? 0 : queue.isDeclared ? 2 : 1);
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (a.source.processor !== b.source.processor) return a.source.processor < b.source.processor ? -1 : 1;
  return a.source.partition - b.source.partition;
}
