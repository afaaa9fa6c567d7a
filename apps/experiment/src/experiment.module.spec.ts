import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { topicName } from '@moola/contracts/topic-name';
import { topics } from '@moola/contracts/topics';
import { poisonLetters } from '@moola/platform/dead-letters/letters';
import { decodeBatch, externalBatch } from '@moola/streams/batch-codec';
import { openEmbedded } from '@moola/streams/embedded/open-embedded';
import { temporaryFolder } from '@moola/streams/embedded/temporary-folder';
import { eventually } from '@moola/streams/eventually';
import { StreamTransport } from '@moola/streams/nest/stream-transport';
import { systemClock } from '@moola/streams/system-clock';
import { deployment, labelled } from './comparison/story/observation-rows.js';
import { ExperimentModule } from './experiment.module.js';

const environment = 'test';
const at = (topic: { readonly name: string }) => ({ topic: topicName(environment, topic), partition: 0 });

it('publishes comparisons of what stands on a durable log', async () => {
  const folder = await temporaryFolder();
  const { log, store, close } = await openEmbedded({ folder: folder.path });
  const settings = { partitions: 1, retentionMs: null, retentionBytes: null };
  const used = [topics.observations, topics.signals, topics.deadLetters];
  await log.createTopics(used.map((topic) => ({ ...settings, name: at(topic).topic })));
  const transport = new StreamTransport({
    ...{ log, store, environment, clock: systemClock, token: () => randomUUID(), time: 'replay' },
    ...{ deadLetters: poisonLetters(Buffer.alloc(32)), notices: () => undefined },
  });
  const app = await NestFactory.createMicroservice(ExperimentModule, { strategy: transport, logger: false });
  await app.listen();

  const row = { input: 'a', group: 1, predictedAtMs: 1, knownAtMs: 2 };
  const observations = [deployment('v1', 0), labelled('v0', true, row), labelled('v1', false, row)];
  const data = observations.map((value) => ({ kind: 'data', value }) as const);
  const records = externalBatch(topics.observations, [...data, { kind: 'tick', tickMs: 60_000 }]);
  await log.append(at(topics.observations), records);

  const signals = async () => {
    const { records: written } = await log.read(at(topics.signals), 0, Infinity);
    return written.flatMap(({ value }) => decodeBatch(value, topics.signals.codec).data);
  };
  await eventually('the comparison is published', async () => (await signals()).length > 0);
  expect(await signals()).toMatchObject([
    { atMs: 60_000, kind: { case: 'comparison', value: { first: 'v0', second: 'v1', serving: 'v1', pairs: 1 } } },
  ]);
  await app.close();
  await close();
  await folder.remove();
});
