import {
  OffsetOutOfRangeError,
  type PartitionBounds,
  type RecordBatch,
  type TopicPartition,
} from '../../../ports/event-log.js';
import type { BrokerLink } from '../connection/broker-link.js';
import type { Cluster } from '../connection/cluster.js';
import { codes, isFinal, KafkaError, LogClosedError } from '../connection/kafka-error.js';
import { Final } from '../connection/retrying.js';
import { FetchLoop } from '../fetch/fetch-loop.js';
import { fetchRequest, type FetchedPartition } from '../fetch/fetch-request.js';
import { partitionName } from '../partitions.js';
import { BatchQueue } from '../records/batch-queue.js';
import type { StoredBatch } from '../records/stored-batch.js';
import { Follower } from './follower.js';

/** Less is not asked for: what follows is kept for the next read. */
const leastBytes = 64 << 10;

type Fetched = Pick<FetchedPartition, 'batches' | 'visibleEnd'>;

/** Reads without a group. */
export class Reader {
  private readonly followers = new Map<string, Follower>();
  private readonly fetching: FetchLoop;
  private readonly links = new Map<number, BrokerLink>();

  constructor(
    private readonly cluster: Cluster,
    private readonly bounds: (at: TopicPartition) => Promise<PartitionBounds>,
  ) {
    this.fetching = new FetchLoop(cluster, 'waiting for records');
  }

  async read(at: TopicPartition, from: number, maxBytes: number): Promise<RecordBatch> {
    const where = { topic: at.topic, partition: at.partition };
    const kept = this.followers.get(partitionName(at))?.kept(from, maxBytes);
    if (kept) return { ...where, records: kept };
    const queue = new BatchQueue(where);
    queue.reset(from);
    const batches: StoredBatch[] = [];
    // One answer ends with a segment of the log.
    for (let more = true; more;) {
      const answer = await this.fetch(at, queue.fetchFrom, maxBytes);
      queue.add(answer.batches);
      batches.push(...answer.batches);
      more = answer.batches.length > 0 && queue.fetchFrom < answer.visibleEnd && queue.bytes < this.atMost(maxBytes);
    }
    if (queue.isEmpty) return { ...where, records: [] };
    this.follower(where).keep(from, batches);
    return { ...where, records: queue.peek(from, maxBytes) };
  }

  async waitFor(at: TopicPartition, offset: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await this.cluster.partitionCount(at.topic);
    await this.follower(at).waitFor(offset, signal);
  }

  /** Waits end with an error. */
  close(): void {
    this.fetching.close();
    for (const follower of this.followers.values()) follower.failed(new LogClosedError('waiting for records'));
    for (const link of this.links.values()) link.close();
  }

  private atMost(bytes: number): number {
    return Math.min(bytes, this.cluster.settings.fetchPartitionBytes);
  }

  private fetch(at: TopicPartition, from: number, maxBytes: number): Promise<Fetched> {
    const most = Math.max(leastBytes, this.atMost(maxBytes));
    return this.cluster.retrying.run(`read ${partitionName(at)}`, async () => {
      const bounds = this.cluster.leaderOf(at) === null ? await this.known(at) : null;
      const leader = this.cluster.leaderOf(at);
      if (leader === null) throw new KafkaError(codes.leaderNotAvailable, `read ${partitionName(at)}`);
      const request = fetchRequest([{ ...at, offset: from, maxBytes: most }], 0, most);
      let code: number;
      try {
        const answer = await this.link(leader).call((connection) => connection.callOwn(request));
        const [found] = answer.partitions;
        code = answer.errorCode || (found?.errorCode ?? codes.none);
        if (found && code === codes.none) return found;
      } catch (error) {
        if (!isFinal(error)) await this.cluster.refresh(at.topic);
        throw error;
      }
      if (code === codes.offsetOutOfRange) await this.outOfRange(at, from, bounds);
      else await this.cluster.refresh(at.topic);
      throw new KafkaError(code, `read ${partitionName(at)}`);
    });
  }

  private known(at: TopicPartition): Promise<PartitionBounds> {
    return this.bounds(at).catch((error: Error) => {
      throw new Final(error);
    });
  }

  /** @throws unless the leader only did not know yet how far it goes. */
  private async outOfRange(at: TopicPartition, from: number, known: PartitionBounds | null): Promise<void> {
    const bounds = known ?? (await this.known(at));
    if (from < bounds.first || from > bounds.next) throw new Final(new OffsetOutOfRangeError(at, from, bounds));
  }

  private follower(at: TopicPartition): Follower {
    this.forgetIdle();
    let follower = this.followers.get(partitionName(at));
    if (!follower) {
      follower = new Follower(
        { topic: at.topic, partition: at.partition },
        () => this.bounds(at),
        () => this.fetching.wake(),
      );
      this.followers.set(partitionName(at), follower);
      this.fetching.add(follower);
    }
    return follower;
  }

  private forgetIdle(): void {
    for (const [name, follower] of this.followers) {
      if (!follower.isIdle) continue;
      this.followers.delete(name);
      this.fetching.remove(follower);
    }
  }

  private link(node: number): BrokerLink {
    const link = this.links.get(node) ?? this.cluster.link(node);
    this.links.set(node, link);
    return link;
  }
}
