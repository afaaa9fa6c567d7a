import { describe, expect, it } from '@jest/globals';
import { eventually } from '../../../testing/eventually.js';
import type { BrokerLink } from '../connection/broker-link.js';
import type { Cluster } from '../connection/cluster.js';
import { FetchLoop, type FetchTarget } from './fetch-loop.js';

/** A cluster of one broker that answers every fetch with nothing; its only partition's leader is set by the test. */
class OneBroker {
  readonly closed = new AbortController().signal;
  readonly onLeaders = new Set<() => void>();
  readonly settings = { fetchMaxWaitMs: 1 };
  leader = 1;
  fetches = 0;

  readonly notices = (): void => undefined;
  leaderOf = (): number | null => (this.leader < 0 ? null : this.leader);
  refresh = async (): Promise<void> => undefined;

  /** As when somebody else of the process has asked for the leaders. */
  moveLeader(leader: number): void {
    this.leader = leader;
    for (const tell of this.onLeaders) tell();
  }

  link = (): BrokerLink =>
    ({
      call: async () => {
        this.fetches++;
        await new Promise((resolve) => setTimeout(resolve, 1));
        return { throttleMs: 0, errorCode: 0, partitions: [] };
      },
      close: () => undefined,
    }) as unknown as BrokerLink;
}

const target: FetchTarget = {
  at: { topic: 't', partition: 0 },
  wanted: () => ({ offset: 0, maxBytes: 1000 }),
  received: () => undefined,
  outOfRange: () => undefined,
  failed: () => undefined,
};

describe('the fetch loop', () => {
  it('reads on when a leader that others saw go has come back', async () => {
    const cluster = new OneBroker();
    const loop = new FetchLoop(cluster as unknown as Cluster, 'reading');
    expect(cluster.onLeaders.size).toBe(1);
    loop.add(target);
    await eventually('it reads', () => cluster.fetches > 2);
    cluster.moveLeader(-1);
    // Its requests come back, and find nothing to ask of the broker.
    await new Promise((resolve) => setTimeout(resolve, 20));
    cluster.moveLeader(1);
    const before = cluster.fetches;
    await eventually('it reads again', () => cluster.fetches > before + 2);
    loop.close();
    expect(cluster.onLeaders.size).toBe(0);
  });

  it('reads from a broker that others saw become the leader', async () => {
    const cluster = new OneBroker();
    const asked: number[] = [];
    const link = cluster.link;
    cluster.link = ((node: number) => {
      asked.push(node);
      return link();
    }) as typeof cluster.link;
    const loop = new FetchLoop(cluster as unknown as Cluster, 'reading');
    expect(cluster.onLeaders.size).toBe(1);
    loop.add(target);
    await eventually('it reads', () => cluster.fetches > 2);
    cluster.moveLeader(2);
    await eventually('it reads from the other', () => asked.includes(2));
    loop.close();
  });
});
