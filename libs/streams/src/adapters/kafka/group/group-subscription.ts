import type { GroupMember, PartitionBounds, Subscription, TopicPartition } from '../../../ports/event-log.js';
import type { Cluster } from '../connection/cluster.js';
import { FetchLoop } from '../fetch/fetch-loop.js';
import { Coordinator } from './coordinator.js';
import { Growth } from './growth.js';
import { HeldPartition } from './held-partition.js';
import { Membership, type Holder } from './membership.js';
import { OffsetCommits } from './offset-commits.js';

/** One member of a group on one topic, and the partitions that it holds. */
export class GroupSubscription implements Subscription, Holder {
  readonly failed: Promise<never>;
  private fail!: (error: unknown) => void;
  private readonly partitions = new Map<number, HeldPartition>();
  private readonly fetching: FetchLoop;
  private readonly coordinator: Coordinator;
  private readonly membership: Membership;
  private readonly commits: OffsetCommits;
  private closed: Promise<void> | null = null;
  private isMember = false;
  private readonly leaving = new AbortController();

  constructor(
    private readonly cluster: Cluster,
    private readonly group: string,
    private readonly topic: string,
    private readonly member: GroupMember,
    private readonly bounds: (at: TopicPartition) => Promise<PartitionBounds>,
  ) {
    this.failed = new Promise<never>((_, reject) => (this.fail = reject));
    this.failed.catch(() => undefined); // Whoever watches it sees it; nobody has to.
    this.fetching = new FetchLoop(cluster, `reading of group ${group}`);
    this.coordinator = new Coordinator(cluster, group, topic);
    const growth = new Growth(cluster, topic, () => this.membership.rejoin());
    this.membership = new Membership(cluster, this.coordinator, group, topic, this, () => growth.partitions());
    void growth.watch(this.leaving.signal);
    this.commits = new OffsetCommits(cluster, this.coordinator, group, () => this.membership.current);
    void this.membership.run().catch((error: unknown) => this.end(error));
  }

  held(): number[] {
    return [...this.partitions.keys()].sort((a, b) => a - b);
  }

  hasJoined(): boolean {
    return this.isMember;
  }

  assigned(partitions: readonly number[]): void {
    this.isMember = true;
    if (this.closed) return;
    const wanted = new Set(partitions);
    for (const [partition, held] of this.partitions) if (!wanted.has(partition)) void this.release(partition, held);
    for (const partition of partitions) if (!this.partitions.has(partition)) this.take(partition);
  }

  async lost(): Promise<void> {
    await Promise.all([...this.partitions].map(([partition, held]) => this.release(partition, held)));
  }

  close(): Promise<void> {
    this.closed ??= this.leave();
    return this.closed;
  }

  private take(partition: number): void {
    const at: TopicPartition = { topic: this.topic, partition };
    const { batchBytes, fetchPartitionBytes, fetchTotalBytes } = this.cluster.settings;
    const held = new HeldPartition({
      at,
      member: this.member,
      standing: this.membership.heartbeats,
      batchBytes,
      queueBytes: () => Math.min(fetchPartitionBytes, Math.floor(fetchTotalBytes / this.fetching.size)),
      wakeFetching: () => this.fetching.wake(),
      bounds: () => this.bounds(at),
      commit: (position) => this.commits.set(partition, position),
      committed: () => this.committed(partition),
    });
    this.partitions.set(partition, held);
    this.fetching.add(held);
    held.work.catch((error: unknown) => this.end(error));
  }

  /** Never rejects: what goes wrong ends the subscription. */
  private async release(partition: number, held: HeldPartition): Promise<void> {
    const isFirst = !held.isReleasing;
    this.fetching.remove(held);
    try {
      await held.release();
    } catch (error) {
      this.end(error);
    }
    if (!isFirst) return;
    await this.commits.flush();
    this.commits.forget(partition);
    this.partitions.delete(partition);
    // A member that leaves does not join once more: the commits of its other partitions would be refused.
    if (this.closed === null) this.membership.rejoin();
  }

  private committed(partition: number): Promise<number | null> {
    const what = `committed position of group ${this.group}`;
    return this.cluster.retrying.run(what, () => this.coordinator.committed(partition));
  }

  private end(error: unknown): void {
    this.fail(error);
    void this.close();
  }

  private async leave(): Promise<void> {
    this.leaving.abort();
    await this.lost();
    await this.membership.close();
    this.fetching.close();
    this.coordinator.close();
  }
}
