import type { DeadLetter } from '@moola/contracts/gen/moola/v1/dead_letters_pb';
import { partitionOf } from '@moola/contracts/partition-of';
import type { IntakeRow } from '@moola/contracts/rows';
import { topicName, topics } from '@moola/contracts/topics';
import { externalBatch } from '@moola/streams/processor/batch-codec';
import type { EventLog } from '@moola/streams/ports/event-log';

/** A row, and the model by which it finds its partition. */
export interface KeyedRow {
  readonly model: string;
  readonly row: IntakeRow;
}

/** Rows that are written and flushed together. */
class Group {
  readonly rows: KeyedRow[] = [];
  readonly letters: DeadLetter[] = [];
  resolve!: () => void;
  reject!: (error: unknown) => void;
  readonly written = new Promise<void>((resolve, reject) => {
    this.resolve = resolve;
    this.reject = reject;
  });
}

/**
 * Writes rows to `intake` and letters to `dead-letters`. What arrives while a write is under way is written together
 * afterwards: one record a partition, one flush, however many requests wait for it.
 */
export class IntakeWriter {
  private next: Group | null = null;
  private writing = false;

  /** @param partitions of `intake` in this environment. */
  constructor(
    private readonly log: EventLog,
    private readonly environment: string,
    private readonly partitions: number,
  ) {}

  /** Where a model's rows go. */
  partitionOf(model: string): number {
    return partitionOf(model, this.partitions);
  }

  /**
   * Resolves when everything survives a power cut.
   * @throws {DiskFullError} a part may then be written: whoever sends it again is told from a duplicate by its ids.
   */
  write(rows: readonly KeyedRow[], letters: readonly DeadLetter[]): Promise<void> {
    this.next ??= new Group();
    const group = this.next;
    for (const row of rows) group.rows.push(row);
    for (const letter of letters) group.letters.push(letter);
    if (!this.writing) void this.writeGroups();
    return group.written;
  }

  private async writeGroups(): Promise<void> {
    this.writing = true;
    while (this.next) {
      const group = this.next;
      this.next = null;
      try {
        await this.append(group);
        group.resolve();
      } catch (error) {
        group.reject(error);
      }
    }
    this.writing = false;
  }

  private async append({ rows, letters }: Group): Promise<void> {
    const byPartition = new Map<number, IntakeRow[]>();
    for (const { model, row } of rows) {
      const partition = this.partitionOf(model);
      const of = byPartition.get(partition);
      if (of) of.push(row);
      else byPartition.set(partition, [row]);
    }
    const appends = [...byPartition].map(([partition, of]) => {
      const records = externalBatch(
        topics.intake,
        of.map((value) => ({ kind: 'data', value })),
      );
      return this.log.append({ topic: topicName(this.environment, topics.intake), partition }, records, 'request');
    });
    if (letters.length > 0) {
      const records = externalBatch(
        topics.deadLetters,
        letters.map((value) => ({ kind: 'data', value })),
      );
      const at = { topic: topicName(this.environment, topics.deadLetters), partition: 0 };
      appends.push(this.log.append(at, records, 'request'));
    }
    const outcomes = await Promise.allSettled(appends);
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure) throw failure.reason;
    await this.log.flushed();
  }
}
