import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { DynamicModule, INestMicroservice, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Definition } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { Topic } from '@moola/contracts/topic';
import { topicName } from '@moola/contracts/topic-name';
import { topics } from '@moola/contracts/topics';
import { poisonLetters } from '@moola/platform/dead-letters/letters';
import {
  decodeBatch,
  encodeBatches,
  externalBatch,
  RowColumns,
  rowKind,
  type DecodedBatch,
  type ExternalRow,
} from '@moola/streams/processor/batch-codec';
import type { StreamRow } from '@moola/streams/processor/processor';
import { openEmbedded, type Embedded } from '@moola/streams/adapters/embedded/open-embedded';
import { temporaryFolder } from '@moola/streams/adapters/embedded/temporary-folder';
import type { EnvironmentTime } from '@moola/streams/task/environment-time';
import { StreamTransport } from '@moola/streams/nest/stream-transport';
import { systemClock } from '@moola/streams/adapters/system-clock';

const environment = 'test';

/** A service's module as a process runs it, on a durable log of its own, every topic with one partition. */
export class ModuleOnLog {
  private nextOffset = 0;

  private constructor(
    private readonly app: INestMicroservice,
    private readonly embedded: Embedded,
    private readonly removeFolder: () => Promise<void>,
  ) {}

  static async start(module: Type | DynamicModule, time: EnvironmentTime): Promise<ModuleOnLog> {
    const folder = await temporaryFolder();
    const embedded = await openEmbedded({ folder: folder.path });
    const { log, store } = embedded;
    const settings = { partitions: 1, retentionMs: null, retentionBytes: null };
    await log.createTopics(
      Object.values(topics).map((topic) => ({ ...settings, name: topicName(environment, topic) })),
    );
    const strategy = new StreamTransport({
      ...{ log, store, environment, clock: systemClock, token: () => randomUUID(), time },
      ...{ deadLetters: poisonLetters(Buffer.alloc(32)), notices: () => undefined },
    });
    const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
    await app.listen();
    return new ModuleOnLog(app, embedded, folder.remove);
  }

  /** Rows without position, as a door, a ticker or an effect writes them. */
  async append<T>(topic: Topic<T>, ...rows: readonly ExternalRow<T>[]): Promise<void> {
    await this.embedded.log.append(at(topic), externalBatch(topic, rows));
  }

  /** Records as a foreign producer writes them. */
  async appendForeign<T>(topic: Topic<T>, ...values: readonly Uint8Array[]): Promise<void> {
    await this.embedded.log.append(at(topic), values);
  }

  /** Rows as a processor's task writes them, each later than those before. */
  async appendFrom<T>(processor: string, topic: Topic<T>, ...rows: readonly ExternalRow<T>[]): Promise<void> {
    const columns = new RowColumns<T>();
    for (const row of rows) {
      const offset = this.nextOffset++;
      if (row.kind === 'data') columns.addData(offset, 0, 0, row.value);
      else if (row.kind === 'tick') columns.addTick(offset, 0, row.tickMs);
      else columns.addDefinition(offset, 0, 0, row.definition);
    }
    const records = encodeBatches({ processor, partition: 0, epoch: 0 }, columns, topic.codec);
    await this.embedded.log.append(at(topic), records);
  }

  /** The data rows that a topic holds. */
  async data<T>(topic: Topic<T>): Promise<readonly T[]> {
    return (await this.batches(topic)).flatMap(({ data }) => data);
  }

  /** The definitions that a topic holds. */
  async definitions<T>(topic: Topic<T>): Promise<readonly Definition[]> {
    return (await this.batches(topic)).flatMap(({ definitions }) => definitions);
  }

  /** All rows that a topic holds, as they are given to a processor that begins; each was written once. */
  async rows<T>(topic: Topic<T>): Promise<readonly StreamRow<T>[]> {
    const rows: StreamRow<T>[] = [];
    let [lastTickMs, tickMs] = [0, 0];
    for (const batch of await this.batches(topic)) {
      const [data, definitions] = [batch.data.values(), batch.definitions.values()];
      batch.kinds.forEach((kind, row) => {
        const stamp = batch.ticks[row] as number;
        const isTick = kind === rowKind.tick;
        if (isTick && stamp <= lastTickMs) return;
        if (isTick) lastTickMs = stamp;
        tickMs = Math.max(tickMs, stamp);
        const position = { offset: batch.offsets[row] as number, ordinal: batch.ordinals[row] as number };
        const origin = { source: batch.source, position, tickMs };
        if (isTick) rows.push({ ...origin, kind: 'tick' });
        else if (kind === rowKind.data) rows.push({ ...origin, kind: 'data', value: data.next().value as T });
        else rows.push({ ...origin, kind: 'definition', definition: definitions.next().value as Definition });
      });
    }
    return rows;
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.embedded.close();
    await this.removeFolder();
  }

  private async batches<T>(topic: Topic<T>): Promise<readonly DecodedBatch<T>[]> {
    const { records } = await this.embedded.log.read(at(topic), 0, Infinity);
    return records.map(({ value }) => decodeBatch(value, topic.codec));
  }
}

const at = (topic: { readonly name: string }) => ({ topic: topicName(environment, topic), partition: 0 });
