import type { Topic } from '@moola/contracts/topic';
import { topicName } from '@moola/contracts/topics';
import type { EventLog, TopicPartition } from '@moola/streams/ports/event-log';
import { NewRows, type NewRowsReader } from '@moola/streams/task/new-rows';

const readBytes = 1 << 20;

/** Reads one partition from its beginning, without a group, as far as somebody asks. */
export class TopicTail<T> {
  /** Offset of the record that it reads next. */
  next = 0;
  /** Offset of the record whose rows are being taken. */
  offset = -1;
  readonly at: TopicPartition;
  private readonly rows: NewRows<T>;

  constructor(
    private readonly log: EventLog,
    environment: string,
    topic: Topic<T>,
    partition: number,
    reader: NewRowsReader<T>,
  ) {
    this.at = { topic: topicName(environment, topic), partition };
    this.rows = new NewRows(topic.codec, reader);
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

  /** What the partition holds now is not read. */
  async passOver(): Promise<void> {
    this.next = (await this.log.bounds(this.at)).next;
  }

  private async readSome(): Promise<number> {
    const { records } = await this.log.read(this.at, this.next, readBytes);
    for (const record of records) {
      this.offset = record.offset;
      this.rows.take(record.value);
      this.next = record.offset + 1;
    }
    return records.length;
  }
}
