import type { Topic } from '@moola/contracts/topic';
import { topicName } from '@moola/contracts/topics';
import { decodeBatch, rowKind } from '@moola/streams/batch-codec';
import type { EventLog, TopicPartition } from '@moola/streams/event-log';
import type { RowSource } from '@moola/streams/processor';

/** What a tail tells its reader, row by row. */
export interface TailReader<T> {
  data?(value: T, source: RowSource): void;
  /** A tick that a source has passed on. */
  tick?(tickMs: number, source: RowSource): void;
  definition?(source: RowSource): void;
}

const readBytes = 1 << 20;

/** Reads one partition from its beginning, without a group, as far as somebody asks. */
export class TopicTail<T> {
  private next = 0;
  private readonly at: TopicPartition;

  constructor(
    private readonly log: EventLog,
    environment: string,
    private readonly topic: Topic<T>,
    partition: number,
    private readonly reader: TailReader<T>,
  ) {
    this.at = { topic: topicName(environment, topic), partition };
  }

  /** Reads on until `reached` says that enough was seen. Rejects when the signal aborts. */
  async until(reached: () => boolean, signal: AbortSignal): Promise<void> {
    while (!reached()) {
      signal.throwIfAborted();
      if ((await this.readSome()) === 0) await this.log.waitFor(this.at, this.next, signal);
    }
  }

  /** Reads all that the partition holds now. */
  async toEnd(): Promise<void> {
    while ((await this.readSome()) > 0);
  }

  private async readSome(): Promise<number> {
    const { records } = await this.log.read(this.at, this.next, readBytes);
    for (const record of records) {
      const batch = decodeBatch(record.value, this.topic.codec);
      let data = 0;
      batch.kinds.forEach((kind, row) => {
        if (kind === rowKind.data) this.reader.data?.(batch.data[data++] as T, batch.source);
        else if (kind === rowKind.tick) this.reader.tick?.(batch.ticks[row] as number, batch.source);
        else this.reader.definition?.(batch.source);
      });
      this.next = record.offset + 1;
    }
    return records.length;
  }
}
