import { create, toBinary } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { joinProcessor } from '@moola/collector/join/domain/join-processor';
import { receiveProcessor } from '@moola/collector/receive/domain/receive-processor';
import { defaultDoorHorizonMs } from '@moola/contracts/door-horizons';
import { contentId } from '@moola/collector/receive/event-id';
import { identifierHash } from '@moola/collector/receive/identifier-hash';
import { refusalLetter } from '@moola/collector/receive/refusal-letter';
import { EventSchema, Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { poisonLetters } from '@moola/platform/dead-letters/letters';
import { topicSettings } from '@moola/platform/topics/topic-settings';
import type { CheckpointStore } from '@moola/streams/ports/checkpoint-store';
import { openKafkaLog } from '@moola/streams/adapters/kafka/open-kafka-log';
import { openRedisStore } from '@moola/streams/adapters/redis/open-redis-store';
import { eventually } from '@moola/streams/testing/eventually';
import type { Processor } from '@moola/streams/processor/processor';
import { startProcessor } from '@moola/streams/task/start-processor';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { sharedKafka, sharedRedis } from '@moola/testbed/shared';
import { createTracker } from '@moola/tracker/domain/tracker';
import { CountedLog } from './counted-log.js';
import { rowsOf } from './rows-of.js';

const partitions = 3;
const events = 6000;
const series = 60;
const environment = `counts-${randomUUID().slice(0, 8)}`;
const key = Buffer.alloc(32);

const event = (i: number, nowMs: number): Uint8Array =>
  toBinary(
    EventSchema,
    create(EventSchema, {
      ...{ id: `1${String(i).padStart(9, '0')}`, source: 'fraud-service-eu' },
      kind: {
        case: 'prediction',
        value: {
          model: `fraud-${String(Math.floor((i % series) / 2)).padStart(6, '0')}`,
          ...(i % 2 === 0 ? { version: 'v1', role: Role.PRIMARY } : { version: 'v2', role: Role.SHADOW }),
          ...{ input: `transaction-${i}`, time: timestampFromMs(nowMs - (events - i)), class: i % 7 === 0 ? '1' : '0' },
          ...{ score: ((i * 7919) % 1000) / 1000, latencyMs: 5 + ((i * 31) % 97) / 7, costUsd: 0.0004 },
        },
      },
    }),
  );

// Counts, where a measure of time would depend on the machine: what each event costs the log and the store.
describe('one record an event, from telemetry to the windows', () => {
  let log: CountedLog;
  let roundTripsOfSaves = 0;
  let saves = 0;
  let telemetryBytes = 0;
  beforeAll(async () => {
    const notices = () => undefined;
    const kafka = openKafkaLog({ brokers: [await sharedKafka()] });
    const settings = {
      ...{ servers: { kind: 'single' as const, url: await sharedRedis() }, abandonedAfterMs: 600_000 },
      keyPrefix: `counts:${randomUUID()}:`,
    };
    const store = await openRedisStore(settings, { notices });
    const saving = await openRedisStore(settings, { notices });
    const before = saving.roundTrips;
    const apart: CheckpointStore = {
      acquire: (task, token) => store.acquire(task, token),
      save: (task, save) => saving.save(task, save),
      owns: (task, token) => store.owns(task, token),
      close: () => Promise.resolve(),
    };
    await kafka.createTopics(topicSettings(environment, partitions, 'wall'));
    const nowMs = systemClock.nowMs();
    for (let partition = 0; partition < partitions; partition++) {
      const of = Array.from({ length: events / partitions }, (_, i) => event(i * partitions + partition, nowMs));
      for (const { length } of of) telemetryBytes += length;
      await kafka.append({ topic: topicName(environment, topics.telemetry), partition }, of);
    }
    log = new CountedLog(kafka);
    const metrics = { applied: () => undefined, saved: () => void saves++ };
    const receive = receiveProcessor({
      ...{ horizonMs: defaultDoorHorizonMs, contentId, counted: () => undefined },
      replaceIdentifier: identifierHash({ id: 'k', secret: 'a secret of enough length' }),
      letter: (refused) => refusalLetter(key, refused),
    });
    const processors: Processor<unknown>[] = [receive, joinProcessor, createTracker()];
    const running = await Promise.all(
      processors.map((processor) =>
        startProcessor({
          ...{ log, store: apart, clock: systemClock, token: randomUUID, processor, environment, metrics, notices },
          ...{ time: 'wall' as const, deadLetters: poisonLetters(key) },
        }),
      ),
    );
    await eventually('every event is in its window', async () => (await counted()) === events);
    for (const tasks of running) await tasks.close();
    roundTripsOfSaves = saving.roundTrips - before;
    await Promise.all([store.close(), saving.close()]);
  });
  afterAll(() => log.close());

  /** Predictions that the tracker's windows hold. */
  async function counted(): Promise<number> {
    const byModel = new Map<string, number>();
    for (const { model, kind } of await rowsOf(log, environment, topics.snapshots))
      if (kind.case === 'counts') byModel.set(model, kind.value.predictions);
    return [...byModel.values()].reduce((sum, each) => sum + each, 0);
  }

  it('gives one row of intake and one of observations, and no dead letter', async () => {
    const kinds = async (topic: typeof topics.intake | typeof topics.observations) =>
      (await rowsOf(log, environment, topic)).map(({ kind }) => kind).filter((kind) => kind === 'prediction').length;
    expect(await kinds(topics.intake)).toBe(events);
    expect(await kinds(topics.observations)).toBe(events);
    expect(await rowsOf(log, environment, topics.deadLetters)).toEqual([]);
  });

  it('takes a round trip to the store a checkpoint', () => {
    expect(saves).toBeGreaterThan(0);
    expect(roundTripsOfSaves).toBe(saves);
  });

  it('takes fewer bytes on intake and on observations than on telemetry', () => {
    expect(telemetryBytes / events).toBeLessThan(125);
    expect(log.bytesOf(topicName(environment, topics.intake)) / events).toBeLessThan(115);
    expect(log.bytesOf(topicName(environment, topics.observations)) / events).toBeLessThan(125);
  });

  it('packs many rows into a record', () => {
    expect(log.recordsOf(topicName(environment, topics.intake))).toBeLessThan(events / 10);
  });

  it('says a window in a few hundred bytes', async () => {
    const rows = await rowsOf(log, environment, topics.snapshots);
    expect(log.bytesOf(topicName(environment, topics.snapshots)) / rows.length).toBeLessThan(400);
  });
});
