import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Topic } from '@moola/contracts/topic';
import { topics } from '@moola/contracts/topics';
import { eventually } from '@moola/streams/testing/eventually';
import { ModuleOnLog } from '@moola/testing/module-on-log';
import { CollectorModule } from './collector.module.js';
import { minute, modelDefinition, outcome, prediction } from './join/story/events.js';

describe('the collector, on a durable log', () => {
  let collector: ModuleOnLog;
  beforeEach(async () => {
    collector = await ModuleOnLog.start(CollectorModule.with({ key: Buffer.alloc(32) }), 'wall');
  });
  afterEach(() => collector.close());

  it('joins outcomes to predictions', async () => {
    const rows = [prediction({ input: 'a' }), outcome({ input: 'a', truth: '0', knownAtMs: minute })];
    const data = rows.map((value) => ({ kind: 'data', value }) as const);
    await collector.append(topics.intake, ...data, { kind: 'tick', tickMs: minute });
    const labelled = async () => (await collector.data(topics.observations)).filter(({ kind }) => kind === 'labelled');
    await eventually('the outcome is joined', async () => (await labelled()).length > 0);
    expect(await labelled()).toMatchObject([{ model: 'fraud', version: 'v1', class: '1', truth: '0' }]);
  });

  it('takes in what foreign producers write, and keeps what it refuses', async () => {
    const event = {
      prediction: { model: 'fraud', version: 'v1', input: 'a', time: new Date().toISOString(), class: '1' },
    };
    const values = [event, { ...event, outcome: {} }].map((value) => Buffer.from(JSON.stringify(value)));
    await collector.appendForeign(topics.telemetry, ...values);
    await eventually('both are decided', async () => (await collector.data(topics.deadLetters)).length === 1);
    expect(await collector.data(topics.deadLetters)).toMatchObject([{ origin: 'telemetry', encoding: 'json' }]);
    const predictions = async () =>
      (await collector.data(topics.observations)).filter((row) => row.kind === 'prediction');
    await eventually('the prediction is counted', async () => (await predictions()).length === 1);
    expect(await predictions()).toMatchObject([{ model: 'fraud', input: 'a' }]);
  });

  it('lets definitions take effect wherever they are needed', async () => {
    await collector.append(topics.definitions, { kind: 'data', value: modelDefinition(minute) });
    const arrivesIn = async <T>(topic: Topic<T>) => {
      await eventually(`it is in ${topic.name}`, async () => (await collector.definitions(topic)).length > 0);
      expect(await collector.definitions(topic)).toMatchObject([{ name: 'fraud', version: 0 }]);
    };
    await arrivesIn(topics.intake);
    await arrivesIn(topics.signals);
    await arrivesIn(topics.notifications);
    await arrivesIn(topics.observations);
  });
});
