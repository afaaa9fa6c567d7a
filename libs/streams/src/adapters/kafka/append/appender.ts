import {
  LogUnavailableError,
  UnknownTopicError,
  type AppendOrigin,
  type TopicPartition,
} from '../../../ports/event-log.js';
import type { BrokerLink } from '../connection/broker-link.js';
import type { Cluster } from '../connection/cluster.js';
import { codes, isFinal, LogClosedError } from '../connection/kafka-error.js';
import { pause } from '../connection/retrying.js';
import { partitionName } from '../partitions.js';
import { headerBytes, recordOverheadBytes } from '../records/encode-record-batch.js';
import { RecordTooLargeError } from './append-errors.js';
import { PartitionAppends } from './partition-appends.js';
import { PendingAppend, type Patience } from './pending-append.js';
import { produceRequest, type PartitionToWrite } from './produce-request.js';
import { ProducerSessions } from './producer-session.js';

/** Bytes of batches in one request. Brokers take 100 MiB by default. */
const requestBytes = 8 << 20;
/** How long brokers may wait for all replicas, in milliseconds. */
const acknowledgeMs = 10_000;
/** Bytes of requests that may wait. More is refused at once. */
const mostWaitingBytes = 64 << 20;
/** How long a topic may be unknown to its brokers before appends to it fail. */
const unknownTopicMs = 5_000;
const closeWithinMs = 5_000;

/**
 * Appends with acknowledgement from all replicas. To one broker one request at a time; meanwhile the next is gathered, so
 * that the more there is to do, the more goes at once.
 */
export class Appender {
  private readonly partitions = new Map<string, PartitionAppends>();
  private readonly senders = new Map<number, { link: BrokerLink; wake: (() => void) | null }>();
  private readonly unknownSince = new Map<string, number>();
  private readonly sessions: ProducerSessions;
  private waitingRequestBytes = 0;
  private readonly searching = new Set<PartitionAppends>();
  private closing = false;
  /** Others ask for leaders too: what waits here may have another one now, whose sender sleeps. */
  private readonly leadersMoved = (): void => {
    for (const appends of this.partitions.values()) if (!appends.isEmpty) this.wake(appends);
  };

  constructor(private readonly cluster: Cluster) {
    this.sessions = new ProducerSessions(cluster);
    cluster.onLeaders.add(this.leadersMoved);
  }

  append(at: TopicPartition, values: readonly Uint8Array[], origin: AppendOrigin): Promise<number> {
    const { maxMessageBytes } = this.cluster.settings;
    if (this.closing) return Promise.reject(new LogClosedError(`append to ${at.topic}`));
    let bytes = 0;
    for (const { length } of values) {
      if (length + recordOverheadBytes + headerBytes > maxMessageBytes) {
        return Promise.reject(new RecordTooLargeError(at, length, maxMessageBytes));
      }
      bytes += length;
    }
    if (origin === 'request' && this.waitingRequestBytes + bytes > mostWaitingBytes) {
      return Promise.reject(new LogUnavailableError(at, `${mostWaitingBytes} bytes wait already`));
    }
    const appends = this.appendsTo(at);
    const append = new PendingAppend(values, origin, this.patience(appends));
    if (origin === 'request') this.countRequest(append, bytes);
    appends.add(append);
    this.wake(appends);
    return append.done;
  }

  /** Waits a few seconds for what is under way; rejects the rest. */
  async close(): Promise<void> {
    this.closing = true;
    const end = performance.now() + closeWithinMs;
    while ([...this.partitions.values()].some(({ isEmpty }) => !isEmpty) && performance.now() < end) {
      await pause(5, this.cluster.closed);
    }
    this.cluster.onLeaders.delete(this.leadersMoved);
    for (const appends of this.partitions.values()) appends.fail(new LogClosedError('append'));
    for (const { link, wake } of this.senders.values()) {
      link.close();
      wake?.();
    }
  }

  /** A request waits for a broker that is slow, but not for one that is not there: whoever sent it can wait better. */
  private patience(appends: PartitionAppends): Patience {
    const { at, backoff } = appends;
    const { appendTimeoutMs, appendSilenceMs } = this.cluster.settings;
    const everyMs = Math.min(appendSilenceMs, appendTimeoutMs);
    const refused = (why: string): Error => new LogUnavailableError(at, why);
    return {
      everyMs,
      over: (waitedMs) => {
        if (waitedMs >= appendTimeoutMs) return refused(`no acknowledgement within ${appendTimeoutMs / 1000} s`);
        const leader = this.cluster.leaderOf(at);
        if (leader === null) return refused('it has no leader that can be reached');
        if (backoff.attempt > 0) return refused('it could not be written, and is tried again');
        const isSilent = this.cluster.silenceOf(leader) > everyMs / 2;
        return isSilent ? refused(`its broker does not answer`) : null;
      },
    };
  }

  private countRequest({ done }: PendingAppend, bytes: number): void {
    this.waitingRequestBytes += bytes;
    const over = (): void => void (this.waitingRequestBytes -= bytes);
    done.then(over, over);
  }

  private appendsTo(at: TopicPartition): PartitionAppends {
    const key = partitionName(at);
    let appends = this.partitions.get(key);
    if (!appends) {
      const { compression, maxMessageBytes } = this.cluster.settings;
      const rules = {
        sessions: this.sessions,
        compression,
        maxBatchBytes: maxMessageBytes,
        notices: this.cluster.notices,
      };
      appends = new PartitionAppends({ topic: at.topic, partition: at.partition }, rules);
      this.partitions.set(key, appends);
    }
    return appends;
  }

  private wake(appends: PartitionAppends): void {
    const { at } = appends;
    const leader = this.cluster.leaderOf(at);
    if (leader === null) void this.findLeader(appends);
    else this.sender(leader).wake?.();
  }

  private sender(node: number): { link: BrokerLink; wake: (() => void) | null } {
    let sender = this.senders.get(node);
    if (!sender) {
      sender = { link: this.cluster.link(node), wake: null };
      this.senders.set(node, sender);
      void this.send(node, sender);
    }
    return sender;
  }

  private async send(node: number, sender: { link: BrokerLink; wake: (() => void) | null }): Promise<void> {
    while (!this.cluster.closed.aborted) {
      const ready = this.ready(node);
      if (ready.length === 0) {
        await new Promise<void>((resolve) => (sender.wake = resolve));
        sender.wake = null;
        // What is appended in the same turn goes along.
        await Promise.resolve();
        continue;
      }
      for (const appends of ready) appends.isUnderWay = true;
      try {
        await this.sendOnce(sender.link, ready);
      } catch (error) {
        this.tryAgain(ready, error);
      }
      for (const appends of ready) appends.isUnderWay = false;
    }
  }

  private ready(node: number): PartitionAppends[] {
    const now = performance.now();
    return [...this.partitions.values()].filter(
      (appends) =>
        !appends.isEmpty &&
        !appends.isUnderWay &&
        appends.notBefore <= now &&
        this.cluster.leaderOf(appends.at) === node,
    );
  }

  private async sendOnce(link: BrokerLink, ready: PartitionAppends[]): Promise<void> {
    const batches = new Map<string, { appends: PartitionAppends; part: PartitionToWrite }>();
    let bytes = 0;
    for (const appends of ready) {
      if (bytes >= requestBytes) break;
      const sealed = await appends.seal();
      if (!sealed) continue;
      const { topic, partition } = appends.at;
      batches.set(partitionName(appends.at), { appends, part: { topic, partition, bytes: sealed } });
      bytes += sealed.length;
    }
    if (batches.size === 0) return;
    const request = produceRequest(
      [...batches.values()].map(({ part }) => part),
      acknowledgeMs,
    );
    const sent = [...batches.values()].map(({ appends }) => appends);
    let answer;
    try {
      answer = await link.call((connection) => connection.callOwn(request));
    } catch (error) {
      for (const appends of sent) appends.unanswered();
      throw error;
    }
    for (const written of answer.partitions) {
      const { topic, errorCode, baseOffset } = written;
      const appends = batches.get(partitionName(written))?.appends;
      const failure = await appends?.answered(errorCode, baseOffset);
      if (errorCode === codes.none) this.unknownSince.delete(topic);
      if (appends && failure) this.tryAgain([appends], failure);
    }
  }

  private tryAgain(concerned: readonly PartitionAppends[], error: unknown): void {
    if (this.cluster.closed.aborted) return;
    for (const appends of concerned) {
      if (appends.isEmpty) continue;
      if (isFinal(error)) {
        appends.fail(error as Error);
        continue;
      }
      const waitMs = appends.backoff.next();
      appends.notBefore = performance.now() + waitMs;
      const what = `append to ${partitionName(appends.at)}`;
      this.cluster.notices({ kind: 'retrying', what, attempt: appends.backoff.attempt, error });
      void this.refreshAfter(appends, waitMs);
    }
  }

  private async refreshAfter(appends: PartitionAppends, waitMs: number): Promise<void> {
    const { topic } = appends.at;
    await pause(waitMs + 1, this.cluster.closed);
    try {
      await this.cluster.refresh(topic);
    } catch (error) {
      const since = this.unknownSince.get(topic) ?? performance.now();
      if (error instanceof UnknownTopicError) this.unknownSince.set(topic, since);
      const gone = error instanceof UnknownTopicError && performance.now() - since > unknownTopicMs;
      if ((gone || isFinal(error)) && !appends.isUnderWay) appends.fail(error as Error);
    }
    if (!appends.isEmpty) this.wake(appends);
  }

  /** For partitions of which no leader is known: a topic that is used for the first time, or one without a leader. */
  private async findLeader(appends: PartitionAppends): Promise<void> {
    const { topic, partition } = appends.at;
    try {
      const count = await this.cluster.partitionCount(topic);
      if (partition < 0 || partition >= count) {
        throw new RangeError(`topic ${topic} has ${count} partitions: there is no ${partition}`);
      }
    } catch (error) {
      return appends.fail(error as Error);
    }
    if (this.cluster.leaderOf(appends.at) !== null) this.wake(appends);
    else if (!this.searching.has(appends)) {
      this.searching.add(appends);
      const error = new Error(`${topic}/${partition} has no leader`);
      const waitMs = appends.backoff.next();
      this.cluster.notices({ kind: 'retrying', what: `append to ${topic}`, attempt: appends.backoff.attempt, error });
      await pause(waitMs, this.cluster.closed);
      this.searching.delete(appends);
      await this.refreshAfter(appends, 0);
    }
  }
}
