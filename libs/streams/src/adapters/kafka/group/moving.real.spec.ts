import { describe, expect, it } from '@jest/globals';
import type { Assignment, Subscription } from '../../../ports/event-log.js';
import { GroupLedger } from '../../../ports/event-log.contract-member.js';
import { bytesOf } from '../../../ports/event-log.contract-values.js';
import { eventually } from '../../../testing/eventually.js';
import { eachOnSharedKafka, type KafkaUnderTest } from '../kafka-under-test.js';
import { Coordinator } from './coordinator.js';
import { Cluster } from '../connection/cluster.js';
import { withDefaults } from '../kafka-settings.js';

const partitions = 2;

describe('partitions that move between members', () => {
  let kafka: KafkaUnderTest;
  eachOnSharedKafka((given) => (kafka = given));

  it('stay with a holder that is slow to let go, through several rebalances, while what is kept goes on', async () => {
    const topic = await kafka.topic(partitions);
    const group = `group-of-${topic}`;
    const ledger = new GroupLedger(partitions);
    const log = kafka.open();
    const slow = await ledger.join(log, group, topic, 'slow');
    await eventually('it holds all', () => ledger.held('slow') === partitions);
    // It works on both; the one that moves takes until its gate opens.
    const gates = [ledger.holdUp(0), ledger.holdUp(1)];
    for (const partition of [0, 1]) await log.append({ topic, partition }, bytesOf('x'));
    await Promise.all(gates.map(({ reached }) => reached));
    // Each member's coming is a rebalance, and the slow one takes part in both while its batches are in hand.
    const joins = () => kafka.told('joined').length;
    const others: Subscription[] = [];
    try {
      for (const [name, enough] of [
        ['other', 1 + 2],
        ['third', 1 + 2 + 3],
      ] as const) {
        others.push(await ledger.join(kafka.open(), group, topic, name));
        await eventually(`${name} has joined, and the others with it`, () => joins() >= enough);
      }
      expect(ledger.held('slow')).toBe(partitions);
    } finally {
      for (const { open } of gates) open();
    }
    await eventually('one has moved', () => ledger.held('slow') === 1 && ledger.owners().length === partitions);
    await Promise.all([slow, ...others].map((member) => member.close()));
    expect(ledger.violations).toEqual([]);
  });

  it('are assigned again only after a heartbeat', async () => {
    const topic = await kafka.topic(1);
    const group = `group-of-${topic}`;
    let assignment: Assignment | null = null;
    let assignments = 0;
    const sessionTimeoutMs = 6_000;
    // No heartbeat comes by itself within this test, but the one that is asked for.
    const log = kafka.open({ sessionTimeoutMs, heartbeatMs: 60_000 });
    const subscription = await log.join(group, topic, {
      assigned: async (_, given) => {
        assignment = given;
        assignments++;
        return 0;
      },
      batch: async () => undefined,
      revoked: async () => undefined,
    });
    await eventually('it is assigned', () => assignments === 1);
    // Somebody takes the member out of the group, as a coordinator does that has heard nothing of it.
    const { memberId } = await onlyMember(kafka.brokers, group);
    const cluster = new Cluster(withDefaults({ brokers: kafka.brokers.split(',') }), () => undefined);
    await new Coordinator(cluster, group, topic).leave(memberId);
    cluster.close();
    const lost = kafka.told('membership-lost').length;
    (assignment as unknown as Assignment).again();
    await eventually('it is assigned by a membership of its own', () => assignments === 2);
    expect(kafka.told('membership-lost').length).toBe(lost + 1);
    await subscription.close();
  });
});

async function onlyMember(brokers: string, group: string): Promise<{ memberId: string }> {
  const { Kafka, logLevel } = await import('kafkajs');
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  const { groups } = await admin.describeGroups([group]);
  await admin.disconnect();
  return groups[0]?.members[0] as { memberId: string };
}
