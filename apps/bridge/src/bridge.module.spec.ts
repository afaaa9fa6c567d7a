import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topicName } from '@moola/contracts/topic-name';
import { topics } from '@moola/contracts/topics';
import { poisonLetters } from '@moola/platform/dead-letters/letters';
import { decodeBatch, externalBatch } from '@moola/streams/batch-codec';
import { openEmbedded } from '@moola/streams/embedded/open-embedded';
import { temporaryFolder } from '@moola/streams/embedded/temporary-folder';
import { eventually } from '@moola/streams/eventually';
import { StreamTransport } from '@moola/streams/nest/stream-transport';
import { systemClock } from '@moola/streams/system-clock';
import { BridgeModule } from './bridge.module.js';
import { bucket, deployment, minute } from './money/story/snapshot-rows.js';

const environment = 'test';
const at = (topic: { readonly name: string }) => ({ topic: topicName(environment, topic), partition: 0 });

it('publishes revenue of what stands on a durable log', async () => {
  const folder = await temporaryFolder();
  const { log, store, close } = await openEmbedded({ folder: folder.path });
  const settings = { partitions: 1, retentionMs: null, retentionBytes: null };
  const used = [topics.snapshots, topics.kpis, topics.signals, topics.deadLetters];
  await log.createTopics(used.map((topic) => ({ ...settings, name: at(topic).topic })));
  const transport = new StreamTransport({
    ...{ log, store, environment, clock: systemClock, token: () => randomUUID(), time: 'replay' },
    ...{ deadLetters: poisonLetters(Buffer.alloc(32)), notices: () => undefined },
  });
  const app = await NestFactory.createMicroservice(BridgeModule, { strategy: transport, logger: false });
  await app.listen();

  const counts = { predictions: 6, labelled: 6, correct: 4 };
  const snapshots = [deployment('v1', 0), bucket('v1', Role.PRIMARY, 0, 1, counts)];
  const data = snapshots.map((value) => ({ kind: 'data', value }) as const);
  const records = externalBatch(topics.snapshots, [...data, { kind: 'tick', tickMs: minute }]);
  await log.append(at(topics.snapshots), records);

  const kpis = async () => {
    const { records: written } = await log.read(at(topics.kpis), 0, Infinity);
    return written.flatMap(({ value }) => decodeBatch(value, topics.kpis.codec).data);
  };
  await eventually('the revenue is published', async () => (await kpis()).length > 0);
  expect(await kpis()).toMatchObject([
    { atMs: minute, kind: { case: 'revenue', value: { servingVersion: 'v1', earnedUsd: 0.2 } } },
  ]);
  await app.close();
  await close();
  await folder.remove();
});
