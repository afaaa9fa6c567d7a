import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AssignerProtocol, Kafka, logLevel, type Admin, type Producer } from 'kafkajs';
import { topicName, topics } from '@moola/contracts/topics';
import { groupName } from '@moola/streams/task/run-group';
import { eventually } from '@moola/streams/testing/eventually';
import { sharedKafka, sharedRedis } from '@moola/testbed/shared';
import { chartServices } from '../chart.js';
import { rendered, trialSecrets } from '../helm.js';
import type { Manifests } from '../manifests.js';
import { kafkaTrigger, kedaReading, type KafkaTrigger, type KedaReading, type PartitionOffsets } from './keda-lag.js';
import { LocalPods, type LocalPod } from './pods.js';

const minutes = 60_000;
const environment = `lag${randomBytes(4).toString('hex')}`;
const partitions = 4;
const lagThreshold = 100;
const scaledByLag = chartServices().filter(({ scaledBy }) => scaledBy === 'lag');

/** A group that reads a topic: what a trigger must name. */
interface Reading {
  readonly group: string;
  readonly topic: string;
}

const sorted = (readings: readonly Reading[]): Reading[] =>
  readings.toSorted((a, b) => (a.group < b.group ? -1 : a.group > b.group ? 1 : 0));

describe('the lag that KEDA reads, on a real Kafka', () => {
  let brokers: string;
  let manifests: Manifests;
  let pods: LocalPods;
  let admin: Admin;
  let producer: Producer;
  let sent = 0;

  beforeAll(async () => {
    brokers = await sharedKafka();
    manifests = await rendered({
      values: {
        ...{ environments: [environment], partitions, kafka: { brokers: brokers.split(','), replication: 1 } },
        secrets: { create: { ...trialSecrets, 'redis-url': await sharedRedis() } },
        autoscaling: { mode: 'keda' },
        defaults: { autoscaling: { lagThreshold } },
      },
    });
    const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
    admin = kafka.admin();
    // What is sent again because an answer was lost is not written twice.
    producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await Promise.all([admin.connect(), producer.connect()]);
    pods = new LocalPods(manifests);
    for (const { name } of scaledByLag) await becomesReady(await pods.start('Deployment', name));
  }, 10 * minutes);

  afterAll(async () => {
    await pods?.stop();
    await Promise.all([admin?.disconnect(), producer?.disconnect()]);
  }, 5 * minutes);

  const becomesReady = ({ name, probe, template }: LocalPod): Promise<void> =>
    eventually(`${name} is ready`, async () => (await probe(template.spec.containers[0]?.readinessProbe)) === 200);

  const groupsOf = async (groupIds: string[]) => {
    const { groups } = await admin.describeGroups(groupIds);
    return groups.map(({ groupId: group, state, members }) => ({
      ...{ group, state },
      members: members.map(({ clientId, memberAssignment }) => ({
        clientId,
        assigned: AssignerProtocol.MemberAssignment.decode(memberAssignment)?.assignment ?? {},
      })),
    }));
  };

  /** By the name that clients give themselves: the groups of the environment that they are in, and what they read there. */
  const readings = async (): Promise<Map<string, Reading[]>> => {
    const { groups: listed } = await admin.listGroups();
    const ids = listed.map(({ groupId }) => groupId).filter((id) => id.startsWith(`moola.${environment}.`));
    let groups = await groupsOf(ids);
    await eventually('no group is changing', async () => {
      groups = await groupsOf(ids);
      return groups.every(({ state }) => state === 'Stable');
    });
    const found = new Map<string, Reading[]>();
    for (const { group, members } of groups) {
      for (const { clientId, assigned } of members) {
        const read = Object.keys(assigned).map((topic) => ({ group, topic }));
        found.set(clientId, [...(found.get(clientId) ?? []), ...read]);
      }
    }
    return found;
  };

  const triggersOf = (service: string): KafkaTrigger[] =>
    (manifests.for('ScaledObject', service)?.spec?.triggers ?? []).map(({ metadata }) => kafkaTrigger(metadata));
  const receiving = (): KafkaTrigger =>
    triggersOf('collector').find(({ topic }) => topic === topicName(environment, topics.telemetry)) as KafkaTrigger;

  /** As KEDA asks for them: what the group has committed, and the ends of all partitions of the topic. */
  const offsetsOf = async ({ consumerGroup, topic }: KafkaTrigger): Promise<PartitionOffsets[]> => {
    const [[fetched], ends] = await Promise.all([
      admin.fetchOffsets({ groupId: consumerGroup, topics: [topic] }),
      admin.fetchTopicOffsets(topic),
    ]);
    return ends.map(({ partition, low, high }) => {
      const its = fetched?.partitions.find((each) => each.partition === partition);
      if (its === undefined) throw new Error(`no answer for partition ${partition} of ${topic}`);
      return { committed: Number(its.offset), start: Number(low), end: Number(high) };
    });
  };
  const readBy = async (trigger: KafkaTrigger): Promise<KedaReading> => kedaReading(trigger, await offsetsOf(trigger));

  const send = async (count: number): Promise<void> => {
    const time = new Date().toISOString();
    const messages = Array.from({ length: count }, () => {
      const prediction = { model: 'fraud', version: 'v1', input: `i${++sent}`, time, class: '1', latencyMs: 5 };
      return { value: JSON.stringify({ id: `p${sent}`, source: 'lag', prediction }), partition: sent % partitions };
    });
    await producer.send({ topic: receiving().topic, messages });
  };
  /** Resolves when KEDA reads no lag of telemetry, and everything that was ever sent is committed. */
  const workedOff = async (): Promise<void> => {
    const seen: number[] = [];
    await eventually('telemetry is worked off', async () => {
      seen.push((await readBy(receiving())).lag);
      return seen.at(-1) === 0;
    });
    // Nothing is written meanwhile: the lag only falls, also when partitions change hands.
    expect(seen).toEqual(seen.toSorted((a, b) => b - a));
    const offsets = await offsetsOf(receiving());
    expect(offsets.reduce((sum, { committed }) => sum + Math.max(0, committed), 0)).toBe(sent);
  };
  /** Resolves when so many collectors divide telemetry among them, and nothing of it is without an owner. */
  const areDividedAmong = (collectors: number): Promise<void> =>
    eventually(`${collectors} collectors divide telemetry`, async () => {
      const { consumerGroup, topic } = receiving();
      const [group] = await groupsOf([consumerGroup]);
      const owned = (group?.members ?? []).map(({ assigned }) => assigned[topic] ?? []);
      return owned.length === collectors && owned.every(({ length }) => length === partitions / collectors);
    });

  it('is exactly what was sent while no collector ran, and 0 when one has worked it off', async () => {
    await workedOff();
    const collector = pods.pods.find(({ name }) => name === 'collector') as LocalPod;
    await collector.server.end('SIGTERM');
    await send(150);
    expect(await readBy(receiving())).toEqual({ lag: 150, metric: 200, pods: 2 });
    await send(850);
    expect(await readBy(receiving())).toEqual({ lag: 1000, metric: 400, pods: 4 });
    await collector.server.start();
    await workedOff();
    expect(await readBy(receiving())).toEqual({ lag: 0, metric: lagThreshold, pods: 1 });
  });

  it('is all that is left of the log for a group that has committed nothing', async () => {
    const nobody = { ...receiving(), consumerGroup: groupName(environment, 'nobody') };
    expect((await readBy(nobody)).lag).toBe(sent);
    await admin.deleteTopicRecords({ topic: nobody.topic, partitions: [{ partition: 0, offset: '10' }] });
    await eventually('the oldest records are gone', async () =>
      (await offsetsOf(nobody)).some(({ start }) => start === 10),
    );
    expect((await readBy(nobody)).lag).toBe(sent - 10);
    expect((await readBy(receiving())).lag).toBe(0);
  });

  it('is 0 again after a second collector has come and the first has gone, and after new load', async () => {
    const second = await pods.start('Deployment', 'collector');
    await becomesReady(second);
    await areDividedAmong(2);
    await workedOff();
    await send(1000);
    await workedOff();
    const [first] = pods.pods.filter(({ name }) => name === 'collector');
    await first?.server.end('SIGTERM');
    await areDividedAmong(1);
    await send(1000);
    await workedOff();
  });

  it('asks for one pod of each service at rest, also where the ticks of time are always being read', async () => {
    for (const trigger of scaledByLag.flatMap(({ name }) => triggersOf(name))) {
      await eventually(`${trigger.consumerGroup} is at rest`, async () => (await readBy(trigger)).pods === 1);
      // By a position of its own, not because nothing is there.
      expect((await offsetsOf(trigger)).some(({ committed }) => committed > 0)).toBe(true);
    }
  });

  it.each(scaledByLag.map(({ name }) => name))(
    'is that of the groups which the %s joins, and of no others',
    async (name) => {
      const asked = triggersOf(name);
      const dividing: Reading[] = [];
      for (const reading of (await readings()).get(`moola-${name}`) ?? []) {
        // One partition is one pod's: its lag says nothing about how many there should be.
        if ((await admin.fetchTopicOffsets(reading.topic)).length > 1) dividing.push(reading);
      }
      expect(dividing).not.toEqual([]);
      expect(sorted(asked.map(({ consumerGroup, topic }) => ({ group: consumerGroup, topic })))).toEqual(
        sorted(dividing),
      );
      expect(asked.map(({ bootstrapServers }) => bootstrapServers)).toEqual(asked.map(() => brokers));
      const described = chartServices().find((service) => service.name === name)?.consumes ?? [];
      expect(asked.map(({ consumerGroup, topic }) => ({ consumerGroup, topic }))).toEqual(
        described.map(({ processor, topic }) => ({
          consumerGroup: groupName(environment, processor),
          topic: topicName(environment, { name: topic }),
        })),
      );
    },
  );
});
