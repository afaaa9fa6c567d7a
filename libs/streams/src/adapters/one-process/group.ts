import type { EventLog, GroupMember, Subscription, TopicPartition } from '../../ports/event-log.js';
import { PartitionOwner } from './partition-owner.js';

interface Membership {
  readonly member: GroupMember;
  readonly owned: Map<number, PartitionOwner>;
  readonly fail: (error: unknown) => void;
}

/** The members of one group on one topic, all in this process. Partitions stay where they are as far as shares allow. */
export class Group {
  private readonly members: Membership[] = [];
  /** By partition, in memory only: log and checkpoints lie in one place, so neither is lost alone. */
  private readonly commits = new Map<number, number>();
  /** Changes of membership, one after the other. */
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: Pick<EventLog, 'read' | 'waitFor'>,
    private readonly topic: string,
    private readonly partitions: number,
    private readonly batchBytes: number,
  ) {}

  async join(member: GroupMember): Promise<Subscription> {
    let fail!: (error: unknown) => void;
    const failed = new Promise<never>((_, reject) => (fail = reject));
    failed.catch(() => undefined); // Whoever watches it sees it; nobody has to.
    const membership: Membership = {
      member,
      owned: new Map(),
      fail: (error) => {
        fail(error);
        void this.leave(membership).catch(() => undefined);
      },
    };
    await this.change(() => this.members.push(membership));
    return { failed, hasJoined: () => true, close: () => this.leave(membership) };
  }

  /** The last position that a member committed for a partition; 0: none has. */
  committed(partition: number): number {
    return this.commits.get(partition) ?? 0;
  }

  /** Ends every membership. */
  async close(): Promise<void> {
    await this.change(() => this.members.splice(0));
  }

  private leave(membership: Membership): Promise<void> {
    return this.change(() => {
      const index = this.members.indexOf(membership);
      if (index >= 0) this.members.splice(index, 1);
    });
  }

  private change(apply: () => void): Promise<void> {
    const done = this.turn.then(async () => {
      const before = [...this.members];
      apply();
      await this.rebalance(new Set([...before, ...this.members]));
    });
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** Revokes what has to move, all at once, and assigns only when all of it is let go. */
  private async rebalance(concerned: ReadonlySet<Membership>): Promise<void> {
    const shares = this.shares();
    const releases: Promise<void>[] = [];
    const errors: unknown[] = [];
    for (const membership of concerned) {
      for (const [partition, owner] of membership.owned) {
        if (shares.get(membership)?.has(partition)) continue;
        membership.owned.delete(partition);
        releases.push(
          owner.release().catch((error: unknown) => {
            errors.push(error);
            membership.fail(error);
          }),
        );
      }
    }
    await Promise.all(releases);
    for (const [membership, share] of shares) {
      for (const partition of share) {
        if (!membership.owned.has(partition)) membership.owned.set(partition, this.own(membership, partition));
      }
    }
    if (errors.length > 0) throw errors[0];
  }

  private own(membership: Membership, partition: number): PartitionOwner {
    const at: TopicPartition = { topic: this.topic, partition };
    return new PartitionOwner(this.log, at, membership.member, this.batchBytes, this.commits, membership.fail);
  }

  /** Who gets which partitions: as many each, give or take one, and what a member has it keeps up to its share. */
  private shares(): Map<Membership, Set<number>> {
    const shares = new Map<Membership, Set<number>>();
    if (this.members.length === 0) return shares;
    const least = Math.floor(this.partitions / this.members.length);
    let withOneMore = this.partitions % this.members.length;
    const free = new Set(Array.from({ length: this.partitions }, (_, partition) => partition));
    const byHolding = [...this.members].sort((a, b) => b.owned.size - a.owned.size);
    const sizes = new Map(byHolding.map((membership) => [membership, withOneMore-- > 0 ? least + 1 : least]));
    for (const membership of this.members) {
      const kept = [...membership.owned.keys()].sort((a, b) => a - b).slice(0, sizes.get(membership));
      for (const partition of kept) free.delete(partition);
      shares.set(membership, new Set(kept));
    }
    for (const [membership, share] of shares) {
      for (const partition of free) {
        if (share.size >= (sizes.get(membership) ?? 0)) break;
        share.add(partition);
        free.delete(partition);
      }
    }
    return shares;
  }
}
