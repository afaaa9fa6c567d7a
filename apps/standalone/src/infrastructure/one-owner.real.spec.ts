import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { PrometheusPeer, vectorAt } from '@moola/collector/infrastructure/story/prometheus-peer';
import { DefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import type { ObservationRow } from '@moola/contracts/rows';
import { topicName, topics } from '@moola/contracts/topics';
import type { Streams } from '@moola/platform/service/open-streams';
import { externalBatch } from '@moola/streams/processor/batch-codec';
import { eventually } from '@moola/streams/testing/eventually';
import { Fleet } from '@moola/testbed/fleet';
import { sharedKafka, sharedRedis } from '@moola/testbed/shared';
import { TopicTail } from '../replay/topic-tail.js';
import { streamsOf } from '../testing/streams-of.js';

const minutes = 60_000;
const environment = `asking-${randomBytes(4).toString('hex')}`;

let fleet: Fleet;
let streams: Streams;
let peer: PrometheusPeer;

beforeAll(async () => {
  peer = await PrometheusPeer.start(({ form }) => vectorAt(form.get('time'), { 'pod-1': 0.5 }));
  const [brokers, redisUrl] = await Promise.all([sharedKafka(), sharedRedis()]);
  const variables = { MOOLA_PROMETHEUS_MAIN_URL: peer.url };
  fleet = new Fleet({ brokers, redisUrl, environments: environment, partitions: 2, variables });
  streams = await streamsOf(fleet);
  await fleet.add('collector');
  await fleet.add('collector');
}, 5 * minutes);

afterAll(async () => {
  await fleet?.stop();
  await streams?.close();
  await peer?.close();
}, 5 * minutes);

it(
  'one of two collectors asks; when it dies, the other goes on',
  async () => {
    const definition = create(DefinitionSchema, {
      name: 'pods',
      kind: {
        case: 'infrastructure',
        value: {
          ...{ model: 'churn', server: 'main', intervalMs: 500, instanceLabel: 'instance' },
          queries: { cpuRatio: 'cpu' },
        },
      },
    });
    const at = { topic: topicName(environment, topics.definitions), partition: 0 };
    await streams.log.append(at, externalBatch(topics.definitions, [{ kind: 'data', value: definition }]));
    await eventually('it was asked often', () => Promise.resolve(peer.questions.length >= 10));
    const instants = peer.questions.map(({ form }) => form.get('time'));
    expect(new Set(instants).size).toBe(instants.length);
    expect(peer.mostOpen).toBe(1);

    // Whichever owns the partition: after both have been ended in turn, the other one has taken over once.
    for (const collector of fleet.of('collector')) {
      await collector.kill();
      const asked = peer.questions.length;
      await eventually('the other one asks', () => Promise.resolve(peer.questions.length > asked + 3));
      await collector.start();
    }
    const samples: string[] = [];
    for (const partition of [0, 1]) {
      const data = (row: ObservationRow): void => {
        if (row.kind === 'event') samples.push(row.event.id);
      };
      await new TopicTail(streams.log, environment, topics.observations, partition, { data }).toEnd();
    }
    expect(samples.length).toBeGreaterThan(10);
    expect(new Set(samples).size).toBe(samples.length);
  },
  10 * minutes,
);
