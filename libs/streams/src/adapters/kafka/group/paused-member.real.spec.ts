import { describe, expect, it } from '@jest/globals';
import { GroupLedger } from '../../../ports/event-log.contract-member.js';
import { bytesOf } from '../../../ports/event-log.contract-values.js';
import { startChild } from '../../embedded/child-process.js';
import { eventually } from '../../../testing/eventually.js';
import { eachOnSharedKafka, type KafkaUnderTest } from '../kafka-under-test.js';

interface Told {
  readonly kind: 'assigned' | 'batch' | 'revoked' | 'lost' | 'failed';
  readonly partition?: number;
}

const partitions = 2;
const sessionTimeoutMs = 6_000;
const batchesBeforePause = 5;

describe('a process that is paused for longer than its session', () => {
  let kafka: KafkaUnderTest;
  eachOnSharedKafka((given) => (kafka = given));

  it('hands over nothing more when it wakes, lets go, and joins anew', async () => {
    const log = kafka.open({ sessionTimeoutMs });
    const topic = await kafka.topic(partitions);
    const group = `group-of-${topic}`;
    for (let n = 0; n < 400; n++) await log.append({ topic, partition: n % partitions }, bytesOf(`${n}`));
    const child = startChild('../kafka/group/paused.child.ts', [
      kafka.brokers,
      group,
      topic,
      `${sessionTimeoutMs}`,
      `${batchesBeforePause}`,
    ]);
    const told: Told[] = [];
    const reading = (async () => {
      for await (const line of child.lines) told.push(line as Told);
    })();
    const count = (kind: Told['kind']) => told.filter((line) => line.kind === kind).length;
    try {
      await eventually('it has stopped', () => count('batch') === batchesBeforePause);
      const ledger = new GroupLedger(partitions);
      const other = await ledger.join(log, group, topic, 'other');
      await eventually('the other has taken over', () => ledger.held('other') === partitions);
      // Long ago everything was read that it had told before.
      const before = told.length;
      child.process.kill('SIGCONT');
      await eventually('it has joined anew', () => told.slice(before).some(({ kind }) => kind === 'assigned'));
      const after = told.slice(before);
      const rejoined = after.slice(
        0,
        after.findIndex(({ kind }) => kind === 'assigned'),
      );
      expect(rejoined.map(({ kind }) => kind)).toEqual(['lost', 'revoked', 'revoked']);
      await other.close();
      expect(ledger.violations).toEqual([]);
    } finally {
      child.process.kill('SIGKILL');
      await reading;
    }
  }, 300_000);
});
