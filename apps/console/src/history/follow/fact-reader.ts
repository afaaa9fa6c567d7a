import type { Topic } from '@moola/contracts/topic';
import type { EventLog, LogRecord, TopicPartition } from '@moola/streams/ports/event-log';
import { OffsetOutOfRangeError } from '@moola/streams/ports/event-log';
import { NewRows } from '@moola/streams/task/new-rows';
import type { Gap, PartitionPosition } from '../port/history-store.js';
import type { Projection } from '../projections/projection.js';
import type { Pending } from './pending.js';

/** Bytes of one read. */
const readBytes = 1 << 20;

/** Reads the facts of one partition into what is pending, from where history stopped. */
export class FactReader<T> {
  behind = 0;
  private clockMs: number | null;
  private next: number | null;
  private rows: NewRows<T>;
  private record: LogRecord | null = null;
  private moved = false;
  private gaps: Gap[] = [];

  constructor(
    private readonly log: EventLog,
    private readonly at: TopicPartition,
    private readonly topic: Topic<T>,
    private readonly projections: readonly Projection<T>[],
    private readonly pending: Pending,
    position: PartitionPosition | undefined,
  ) {
    this.next = position?.next ?? null;
    this.clockMs = position?.clockMs ?? null;
    this.rows = this.newRows(position?.seen ?? new Map());
  }

  get clock(): number | null {
    return this.clockMs;
  }

  /** Takes the next records in; `false` when there are none. */
  async read(): Promise<boolean> {
    const records = await this.records();
    this.pending.clockMs = this.clockMs;
    for (const record of records) {
      this.record = record;
      if (record.isVoid !== true) this.rows.take(record.value);
      this.next = record.offset + 1;
      this.moved = true;
    }
    if (records.length > 0) {
      this.behind = Math.max(0, (await this.log.bounds(this.at)).next - (this.next ?? 0));
      // Leaves room for others.
      await new Promise((resolve) => setImmediate(resolve));
    } else this.behind = 0;
    return records.length > 0;
  }

  /** Where it is, and what was lost on the way, if that changed since the last call. */
  takePosition(): { readonly position: PartitionPosition; readonly gaps: readonly Gap[] } | null {
    if (!this.moved || this.next === null) return null;
    this.moved = false;
    const { gaps, clockMs } = this;
    this.gaps = [];
    const { partition } = this.at;
    const position = { topic: this.topic.name, partition, next: this.next, seen: this.rows.positions(), clockMs };
    return { position, gaps };
  }

  waitForMore(signal: AbortSignal): Promise<void> {
    return this.log.waitFor(this.at, this.next ?? 0, signal).catch(() => undefined);
  }

  private async records(): Promise<readonly LogRecord[]> {
    this.next ??= (await this.log.bounds(this.at)).first;
    try {
      return (await this.log.read(this.at, this.next, readBytes)).records;
    } catch (error) {
      if (!(error instanceof OffsetOutOfRangeError)) throw error;
      const { first, next } = error.bounds;
      // The log was made anew: what was seen of the old one says nothing of it.
      if (this.next > next) this.rows = this.newRows(new Map());
      else {
        const { topic, partition } = { topic: this.topic.name, partition: this.at.partition };
        this.gaps.push({ topic, partition, from: this.next, until: first, afterMs: this.clockMs });
      }
      this.next = first;
      this.moved = true;
      return (await this.log.read(this.at, first, readBytes)).records;
    }
  }

  private newRows(seen: ReadonlyMap<string, Uint8Array>): NewRows<T> {
    return new NewRows(
      this.topic.codec,
      {
        data: (value) => {
          const { offset = 0, appendedAtMs = 0 } = this.record ?? {};
          for (const projection of this.projections) projection.take(value, this.pending, { offset, appendedAtMs });
        },
        tick: (tickMs) => {
          this.clockMs = Math.max(this.clockMs ?? tickMs, tickMs);
          this.pending.clockMs = this.clockMs;
        },
      },
      'somewhere later',
      seen,
    );
  }
}
