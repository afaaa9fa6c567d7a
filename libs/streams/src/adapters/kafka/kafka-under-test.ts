import { afterEach, beforeEach } from '@jest/globals';
import { sharedKafka } from '@moola/testbed/shared';
import type { EventLog, TopicPartition } from '../../ports/event-log.js';
import { bytesOf, keptForEver, textsOf, topicNames } from '../../ports/event-log.contract-values.js';
import type { KafkaLog } from './kafka-log.js';
import type { KafkaNotice } from './kafka-notices.js';
import type { KafkaSettings } from './kafka-settings.js';
import { openKafkaLog } from './open-kafka-log.js';

/** Logs on one cluster for one test, closed at its end. */
export class KafkaUnderTest {
  readonly notices: KafkaNotice[] = [];
  private readonly logs: KafkaLog[] = [];

  constructor(readonly brokers: string) {}

  open(settings: Partial<KafkaSettings> = {}): KafkaLog {
    const log = openKafkaLog({ brokers: this.brokers.split(','), ...settings }, (notice) => this.notices.push(notice));
    this.logs.push(log);
    return log;
  }

  /** A new topic that keeps its records. */
  async topic(partitions: number): Promise<string> {
    const name = topicNames.next();
    await (this.logs[0] ?? this.open()).createTopics([keptForEver(name, partitions)]);
    return name;
  }

  told(kind: KafkaNotice['kind']): KafkaNotice[] {
    return this.notices.filter((notice) => notice.kind === kind);
  }

  async close(): Promise<void> {
    await Promise.all(this.logs.splice(0).map((log) => log.close()));
  }
}

/** Gives each test of a suite a `KafkaUnderTest` of its own, on the brokers that the run shares. */
export function eachOnSharedKafka(use: (kafka: KafkaUnderTest) => void): void {
  let kafka: KafkaUnderTest;
  beforeEach(async () => use((kafka = new KafkaUnderTest(await sharedKafka()))));
  afterEach(() => kafka.close());
}

/** Appends numbered texts to every partition, one after the other in each, until it is told to stop. */
export class Writer {
  readonly written: number[];
  private isWriting = true;
  private readonly work: Promise<unknown>;

  constructor(
    private readonly log: EventLog,
    private readonly topic: string,
    partitions: number,
  ) {
    this.written = new Array<number>(partitions).fill(0);
    this.work = Promise.all(this.written.map((_, partition) => this.write(partition)));
  }

  /** @throws what an append threw. */
  async stop(): Promise<void> {
    this.isWriting = false;
    await this.work;
  }

  private async write(partition: number): Promise<void> {
    while (this.isWriting) {
      const number = this.written[partition] as number;
      await this.log.append({ topic: this.topic, partition }, bytesOf(`${partition}:${number}`));
      this.written[partition] = number + 1;
    }
  }
}

/** Every text that a partition holds. */
export async function allTexts(log: EventLog, at: TopicPartition): Promise<string[]> {
  const { first, next } = await log.bounds(at);
  const texts: string[] = [];
  for (let from = first; from < next; from = first + texts.length) {
    texts.push(...textsOf((await log.read(at, from, 1 << 20)).records));
  }
  return texts;
}
