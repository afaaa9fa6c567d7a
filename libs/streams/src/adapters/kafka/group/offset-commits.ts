import type { Cluster } from '../connection/cluster.js';
import type { Coordinator, Identity } from './coordinator.js';

/** About how often positions are committed, in milliseconds. */
const everyMs = 1_000;

/** Commits positions now and then, the latest of each partition, for lag and for effects only: nothing waits for it. */
export class OffsetCommits {
  private readonly pending = new Map<number, number>();
  private timer: NodeJS.Timeout | null = null;
  private underWay: Promise<void> | null = null;

  constructor(
    private readonly cluster: Cluster,
    private readonly coordinator: Coordinator,
    private readonly group: string,
    private readonly identity: () => Identity | null,
  ) {}

  set(partition: number, position: number): void {
    this.pending.set(partition, position);
    this.timer ??= setTimeout(() => void this.flush(), everyMs);
  }

  /** The partition is somebody else's now. */
  forget(partition: number): void {
    this.pending.delete(partition);
    if (this.pending.size > 0 || this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
  }

  /** Commits what is pending. Never rejects. */
  async flush(): Promise<void> {
    await this.underWay;
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    const identity = this.identity();
    if (this.pending.size === 0 || identity === null) return;
    this.underWay = this.commit(identity).finally(() => (this.underWay = null));
    await this.underWay;
  }

  private async commit(identity: Identity): Promise<void> {
    const positions = new Map(this.pending);
    this.pending.clear();
    try {
      await this.coordinator.commit(identity, positions);
    } catch (error) {
      if (this.cluster.closed.aborted) return;
      this.cluster.notices({ kind: 'commit-failed', group: this.group, error });
      for (const [partition, position] of positions) if (!this.pending.has(partition)) this.set(partition, position);
    }
  }
}
