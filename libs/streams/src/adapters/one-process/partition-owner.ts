import type { Assignment, EventLog, GroupMember, TopicPartition } from '../../ports/event-log.js';

/**
 * One member's hold on one partition: assigned, batches, revoked, in this order and never two at a time.
 */
export class PartitionOwner implements Assignment {
  private readonly leaving = new AbortController();
  /** Ends the wait for records; a new one after each `again`. */
  private interruption = new AbortController();
  private readonly work: Promise<void>;

  constructor(
    private readonly log: Pick<EventLog, 'read' | 'waitFor'>,
    private readonly partition: TopicPartition,
    private readonly member: GroupMember,
    private readonly batchBytes: number,
    private readonly commits: Map<number, number>,
    onFailure: (error: unknown) => void,
  ) {
    this.work = this.consume();
    this.work.catch(onFailure);
  }

  again(): void {
    this.interruption.abort();
  }

  commit(position: number): void {
    this.commits.set(this.partition.partition, position);
  }

  committed(): Promise<number | null> {
    return Promise.resolve(this.commits.get(this.partition.partition) ?? null);
  }

  /** Lets the call in hand end, and resolves when `revoked` has. A partition whose handler threw is not revoked. */
  async release(): Promise<void> {
    this.leaving.abort();
    this.interruption.abort();
    const ended = await this.work.then(
      () => true,
      () => false,
    );
    if (ended) await this.member.revoked(this.partition);
  }

  private async consume(): Promise<void> {
    while (!this.leaving.signal.aborted) {
      this.interruption = new AbortController();
      await this.consumeUntil(this.interruption.signal);
    }
  }

  private async consumeUntil(interruption: AbortSignal): Promise<void> {
    let offset = await this.member.assigned(this.partition, this);
    while (!interruption.aborted) {
      const batch = await this.log.read(this.partition, offset, this.batchBytes);
      const last = batch.records.at(-1);
      if (!last) {
        await this.log.waitFor(this.partition, offset, interruption);
      } else if (!interruption.aborted) {
        await this.member.batch(batch);
        offset = last.offset + 1;
      }
    }
  }
}
