import type { Cluster } from '../connection/cluster.js';
import { pause } from '../connection/retrying.js';
import { whenAdded } from '../topics/check-topics.js';

/** Watches whether a topic that is read gets partitions. */
export class Growth {
  private known: number;

  /** @param grown the topic may grow, and has */
  constructor(
    private readonly cluster: Cluster,
    private readonly topic: string,
    private readonly grown: () => void,
  ) {
    this.known = cluster.knownPartitions(topic) ?? 0;
  }

  /** How many partitions are shared out among members: those of today if the topic may grow, else those of the beginning. */
  async partitions(): Promise<number> {
    const { cluster, topic } = this;
    if (this.known === 0) this.known = await cluster.partitionCount(topic);
    if (!cluster.growing.has(topic)) return this.known;
    await cluster.refresh(topic);
    return cluster.partitionCount(topic);
  }

  /** Until the signal aborts. */
  async watch(signal: AbortSignal): Promise<void> {
    const { cluster, topic } = this;
    let told = this.known;
    for (;;) {
      await pause(cluster.settings.growthCheckMs, signal);
      if (signal.aborted) return;
      // Whoever reads the topic tells of brokers that do not answer.
      await cluster.refresh(topic).catch(() => undefined);
      const has = cluster.knownPartitions(topic) ?? told;
      if (has <= told) continue;
      const areRead = cluster.growing.has(topic);
      const advice = areRead ? 'nothing is to be done' : whenAdded(this.known);
      cluster.notices({ kind: 'partitions-added', topic, had: told, has, areRead, advice });
      told = has;
      if (areRead) this.grown();
    }
  }
}
