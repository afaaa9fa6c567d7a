import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseDefinitions } from '@moola/contracts/definitions/parse-definitions';
import type { Streams } from '@moola/platform/service/open-streams';
import { Random } from '@moola/streams/adapters/simulated/random';
import { Fleet, serviceNames } from '@moola/testbed/fleet';
import { freePorts } from '@moola/testbed/free-ports';
import { startKafka, type KafkaServer } from '@moola/testbed/kafka';
import { startRedis, type RedisServer } from '@moola/testbed/redis';
import { defineOnce } from '../environment/define-once.js';
import { expected, minutes } from '../testing/play-example.js';
import { streamsOf } from '../testing/streams-of.js';
import { Faults } from './faults.js';
import { readLiveFacts, sorted, type LiveFacts } from './live-facts.js';
import { chaosSettings } from './settings.js';
import { playStory } from './play-story.js';
import { sendTelemetry } from './send-telemetry.js';
import { TelemetryLoad } from './telemetry-load.js';

const { seed, plan, inputsPerSecond } = chaosSettings(process.env);
const partitions = 3;
const instances = 2;
const sessionTimeoutMs = 6000;
const modelNames = ['fraud', 'churn', 'price', 'rank', 'spam', 'risk'];
const say = (line: string) => void process.stderr.write(`chaos: ${line}\n`);

/** An alert that fires as soon as there is one prediction, and stays. */
const definitions = modelNames
  .map(
    (model) => `
kind: Model
name: ${model}
---
kind: Rule
name: ${model}-slow
model: ${model}
metric: latency_p95
window: 5m
above: 50
for: 0s
severity: critical
minimumSamples: 1`,
  )
  .join('\n---');

/** Events lie this far back, so that their buckets close at once. */
const agoMs = 90_000;

describe(`under faults (MOOLA_CHAOS_SEED=${seed})`, () => {
  const random = new Random(seed);
  const load = new TelemetryLoad(random, modelNames);
  const folder = mkdtempSync(join(tmpdir(), 'moola-chaos-'));
  let kafka: KafkaServer;
  let redis: RedisServer;
  let fleet: Fleet;
  let streams: Streams;
  let registryPort: number;
  let stopStory: () => void = () => undefined;

  beforeAll(async () => {
    say(`seed ${seed}`);
    [kafka, redis, [registryPort]] = await Promise.all([
      startKafka({ properties: { 'group.min.session.timeout.ms': '1000' } }),
      startRedis(),
      freePorts(1) as Promise<[number]>,
    ]);
    fleet = new Fleet({
      ...{ brokers: kafka.brokers, redisUrl: redis.url, partitions, environments: 'live,example:replay' },
      variables: {
        MOOLA_REGISTRY_URL: `http://127.0.0.1:${registryPort}/registry/example`,
        MOOLA_KAFKA_SESSION_TIMEOUT_MS: String(sessionTimeoutMs),
      },
    });
    for (const service of serviceNames) {
      const count = service === 'console' ? 1 : instances;
      for (let n = 0; n < count; n++) await fleet.add(service);
    }
    streams = await streamsOf(fleet);
  }, 5 * minutes);

  afterAll(async () => {
    stopStory();
    keepLogs(fleet, process.env['MOOLA_CHAOS_LOGS']);
    await streams?.close();
    await fleet?.stop();
    await kafka?.stop();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 5 * minutes);

  it(
    'loses nothing and counts nothing twice: windows, alerts, incidents, comparisons and the whole story',
    async () => {
      const { log } = streams;
      const signal = AbortSignal.timeout(60 * minutes);
      const parsed = parseDefinitions(definitions, 'chaos.yaml');
      if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
      await defineOnce(log, 'live', parsed.definitions, signal);

      const faultsEnd = new AbortController();
      const story = playStory(fleet, registryPort, folder, say);
      stopStory = story.stop;
      const flow = sendTelemetry({ brokers: kafka.brokers, load, inputsPerSecond, agoMs }, faultsEnd.signal);
      const faults = new Faults({
        fleet,
        kafka,
        redis,
        random: new Random(seed + 1),
        sessionTimeoutMs,
        instances,
        say,
      });
      await faults.run(plan, signal).finally(() => faultsEnd.abort());
      const sent = await flow;
      say(`faults are over; ${sent.records} records of telemetry were sent, ${sent.again} of them perhaps twice`);

      const oracle = { buckets: sorted(load.buckets), models: sorted(load.models) };
      const facts = await settled(() => readLiveFacts(log, 'live'), oracle, signal);
      expect(facts.buckets).toEqual(oracle.buckets);
      expect(facts.models).toEqual(oracle.models);
      for (const [model, { least }] of load.duplicates) {
        expect(facts.duplicates[model]).toBeGreaterThanOrEqual(least);
        expect(facts.duplicates[model]).toBeLessThanOrEqual(least + sent.again);
      }
      for (const [alert, states] of Object.entries(facts.alerts)) expect([alert, states]).toEqual([alert, fired]);
      expect(Object.keys(facts.alerts)).toEqual(modelNames.map((model) => `${model}-slow ${model} v1`).sort());
      expect(facts.incidents).toEqual(sorted(modelNames.map((model) => [`${model}-slow ${model}`, 1])));
      expect(await story.line).toEqual(expected('story-seed-1'));
    },
    70 * minutes,
  );
});

const fired = ['1 FIRING'];

/** Copies what every process has written into a folder, where one is asked for. */
function keepLogs(fleet: Fleet | undefined, folder: string | undefined): void {
  if (fleet === undefined || folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const [index, each] of fleet.processes.entries()) {
    writeFileSync(join(folder, `${each.service}-${index}.log`), each.output());
  }
}

/** The facts when they equal the oracle's and have stayed so for a while, or what they were after four minutes. */
async function settled(
  read: () => Promise<LiveFacts>,
  oracle: Pick<LiveFacts, 'buckets' | 'models'>,
  signal: AbortSignal,
): Promise<LiveFacts> {
  const equal = (facts: LiveFacts): boolean =>
    JSON.stringify({ buckets: facts.buckets, models: facts.models }) === JSON.stringify(oracle);
  const deadline = Date.now() + 4 * minutes;
  let facts = await read();
  while (!equal(facts) && Date.now() < deadline) {
    await wait(2000, undefined, { signal });
    facts = await read();
  }
  await wait(10_000, undefined, { signal });
  return read();
}
