import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { BrokerLink } from '../connection/broker-link.js';
import type { Cluster } from '../connection/cluster.js';
import { Appender } from './appender.js';

const topic = 't';

/** A cluster whose brokers take everything; the leader of partition 1 is set by the test. */
class Brokers {
  readonly closed = new AbortController().signal;
  readonly onLeaders = new Set<() => void>();
  readonly settings = { maxMessageBytes: 1000, appendTimeoutMs: 30_000, appendSilenceMs: 30, compression: 'none' };
  leader = 1;
  /** How long ago the leader has answered anything, in milliseconds. */
  silence = Infinity;
  silenceOf = (): number => this.silence;
  /** Nodes that were asked to append, in order. */
  readonly asked: number[] = [];
  /** The first request is answered when the test says so. */
  answerFirst: () => void = () => undefined;
  private readonly first = new Promise<void>((resolve) => (this.answerFirst = resolve));

  readonly notices = (): void => undefined;
  readonly retrying = { run: <T>(_what: string, attempt: () => Promise<T>): Promise<T> => attempt() };
  readonly any = {
    call: <T>(ask: (connection: object) => Promise<T>): Promise<T> =>
      ask({ call: async () => ({ errorCode: 0, producerId: '7', producerEpoch: 0 }) }),
  };
  refresh = async (): Promise<void> => undefined;
  partitionCount = async (): Promise<number> => 2;
  leaderOf = ({ partition }: { partition: number }): number | null => {
    const leader = partition === 0 ? 1 : this.leader;
    return leader < 0 ? null : leader;
  };

  link = (node: number): BrokerLink =>
    ({
      call: async () => {
        this.asked.push(node);
        if (this.asked.length === 1) await this.first;
        const partitions = [0, 1].map((partition) => ({ topic, partition, errorCode: 0, baseOffset: 40 }));
        return { throttleMs: 0, partitions };
      },
      close: () => undefined,
    }) as unknown as BrokerLink;

  /** As when somebody else of the process has asked for the leaders. */
  moveLeader(leader: number): void {
    this.leader = leader;
    for (const tell of this.onLeaders) tell();
  }
}

const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('the appender', () => {
  let brokers: Brokers;
  let appender: Appender;
  beforeEach(() => {
    brokers = new Brokers();
    appender = new Appender(brokers as unknown as Cluster);
    expect(brokers.onLeaders.size).toBe(1);
  });
  afterEach(async () => {
    await appender.close();
    expect(brokers.onLeaders.size).toBe(0);
  });

  /** An append that waits while its broker answers another, and whose partition meanwhile has no leader. */
  const strand = async () => {
    const first = appender.append({ topic, partition: 0 }, [Buffer.from('a')], 'inside');
    await turns();
    const stranded = appender.append({ topic, partition: 1 }, [Buffer.from('b')], 'inside');
    brokers.leader = -1;
    brokers.answerFirst();
    await first;
    await turns();
    expect(brokers.asked).toEqual([1]);
    return stranded;
  };

  it('goes on when a leader that others saw go has come back', async () => {
    const stranded = strand();
    await turns(60);
    brokers.moveLeader(1);
    expect(await stranded).toBe(40);
    expect(brokers.asked).toEqual([1, 1]);
  });

  it('refuses a door whose broker does not answer, long before it would give up; what comes from inside waits', async () => {
    const door = appender.append({ topic, partition: 0 }, [Buffer.from('a')], 'request');
    const inside = appender.append({ topic, partition: 0 }, [Buffer.from('b')], 'inside');
    await expect(door).rejects.toThrow('t/0 cannot be written at the moment: its broker does not answer');
    brokers.answerFirst();
    expect(await inside).toBe(40);
  });

  it('refuses a door whose partition has no leader', async () => {
    brokers.leader = -1;
    const door = appender.append({ topic, partition: 1 }, [Buffer.from('a')], 'request');
    await expect(door).rejects.toThrow('t/1 cannot be written at the moment: it has no leader');
    brokers.moveLeader(1);
    brokers.answerFirst();
  });

  it('waits for a broker that is slow, and answers others', async () => {
    brokers.silence = 1;
    const door = appender.append({ topic, partition: 0 }, [Buffer.from('a')], 'request');
    await new Promise((resolve) => setTimeout(resolve, 100));
    brokers.answerFirst();
    expect(await door).toBe(40);
  });

  it('goes to the broker that others saw become the leader', async () => {
    const stranded = strand();
    await turns(60);
    brokers.moveLeader(2);
    expect(await stranded).toBe(40);
    expect(brokers.asked).toEqual([1, 2]);
  });
});
