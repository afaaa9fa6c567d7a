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
import { deploymentRow, predictionRow } from './testing/observation-rows.js';
import { minuteMs } from './testing/tracker-story.js';
import { TrackerModule } from './tracker.module.js';

const environment = 'test';
const at = (topic: { readonly name: string }) => ({ topic: topicName(environment, topic), partition: 0 });

it('publishes windows of what stands on a durable log', async () => {
  const folder = await temporaryFolder();
  const { log, store, close } = await openEmbedded({ folder: folder.path });
  const settings = { partitions: 1, retentionMs: null, retentionBytes: null };
  const used = [topics.observations, topics.snapshots, topics.signals, topics.deadLetters];
  await log.createTopics(used.map((topic) => ({ ...settings, name: at(topic).topic })));
  const transport = new StreamTransport({
    ...{ log, store, environment, clock: systemClock, token: () => randomUUID(), time: 'replay' },
    ...{ deadLetters: poisonLetters(Buffer.alloc(32)), notices: () => undefined },
  });
  const app = await NestFactory.createMicroservice(TrackerModule, { strategy: transport, logger: false });
  await app.listen();

  const rows = [deploymentRow('M', 'v1', Role.PRIMARY, 0), predictionRow({ timeMs: 1000 })];
  const data = rows.map((value) => ({ kind: 'data', value }) as const);
  await log.append(
    at(topics.observations),
    externalBatch(topics.observations, [...data, { kind: 'tick', tickMs: minuteMs }]),
  );

  const windows = async () => {
    const { records } = await log.read(at(topics.snapshots), 0, Infinity);
    const snapshots = records.flatMap(({ value }) => decodeBatch(value, topics.snapshots.codec).data);
    return snapshots.filter(({ kind }) => kind.case === 'window');
  };
  await eventually('windows are published', async () => (await windows()).length > 0);
  expect(await windows()).toContainEqual(
    expect.objectContaining({
      atMs: minuteMs,
      kind: { case: 'window', value: expect.objectContaining({ version: 'v1', serving: true, windowMs: minuteMs }) },
    }),
  );
  await app.close();
  await close();
  await folder.remove();
});
