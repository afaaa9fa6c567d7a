import { UnknownTopicError, type TopicPartition } from '../../../ports/event-log.js';
import type { BrokerLink } from '../connection/broker-link.js';
import type { Cluster } from '../connection/cluster.js';
import { codes, isFinal, KafkaError } from '../connection/kafka-error.js';
import { Backoff, pause } from '../connection/retrying.js';
import { partitionName } from '../partitions.js';
import type { StoredBatch } from '../records/stored-batch.js';
import { fetchRequest, type FetchAnswer, type FetchedPartition } from './fetch-request.js';

/** A partition that somebody reads. */
export interface FetchTarget {
  readonly at: TopicPartition;
  /** From where to read on and about how much at most; `null` while there is no room. */
  wanted(): { readonly offset: number; readonly maxBytes: number } | null;
  /** What was asked for from an offset on; meanwhile the reader may be elsewhere. */
  received(offset: number, batches: readonly StoredBatch[], visibleEnd: number): void;
  /** The broker does not hold that offset. */
  outOfRange(offset: number): void;
  /** It cannot be read any more. */
  failed(error: Error): void;
}

/** A second request to a broker serves what finds room while the first waits for new records. */
const fetchersPerBroker = 2;
/** Bytes that one answer may have; a partition's first batch comes whole whatever its size. */
const answerBytes = 16 << 20;
/** How long a topic may be unknown to its brokers before its readers are told. */
const unknownTopicMs = 30_000;

/** Reads partitions from their leaders: prefetching as far as there is room, waiting at the end of what there is. */
export class FetchLoop {
  private readonly targets = new Set<FetchTarget>();
  private readonly underWay = new Set<FetchTarget>();
  private readonly fetchers = new Map<number, number>();
  private readonly links = new Set<BrokerLink>();
  private readonly unknownSince = new Map<string, number>();
  private readonly closing = new AbortController();
  private sleepers: (() => void)[] = [];
  private searching = false;
  /** Others ask for leaders too: a fetcher that found nothing to ask of its broker sleeps until one has moved. */
  private readonly leadersMoved = (): void => this.wake();

  constructor(
    private readonly cluster: Cluster,
    private readonly what: string,
  ) {
    cluster.onLeaders.add(this.leadersMoved);
    cluster.closed.addEventListener('abort', () => this.close(), { once: true });
  }

  /** Readers at present. */
  get size(): number {
    return this.targets.size;
  }

  add(target: FetchTarget): void {
    this.targets.add(target);
    this.wake();
  }

  remove(target: FetchTarget): void {
    this.targets.delete(target);
  }

  /** A target may want something now. */
  wake(): void {
    if (this.closing.signal.aborted) return;
    this.wakeFetchers();
    for (const target of this.targets) {
      const leader = this.cluster.leaderOf(target.at);
      if (leader === null) void this.findLeaders();
      else if (!this.fetchers.has(leader)) this.open(leader);
    }
  }

  close(): void {
    this.closing.abort();
    this.cluster.onLeaders.delete(this.leadersMoved);
    this.targets.clear();
    for (const wake of this.sleepers.splice(0)) wake();
    for (const link of this.links) link.close();
  }

  private open(node: number): void {
    this.fetchers.set(node, fetchersPerBroker);
    for (let fetcher = 0; fetcher < fetchersPerBroker; fetcher++) {
      const link = this.cluster.link(node);
      this.links.add(link);
      void this.run(node, link, fetcher > 0);
    }
  }

  private async run(node: number, link: BrokerLink, isSpare: boolean): Promise<void> {
    const backoff = new Backoff();
    while (!this.closing.signal.aborted) {
      const asked = this.pick(node);
      if (asked.size === 0) {
        await this.nextWake();
        continue;
      }
      for (const target of asked.keys()) this.underWay.add(target);
      let failure: unknown = null;
      let isEmpty = false;
      try {
        const answer = await this.fetch(link, asked);
        isEmpty = answer.partitions.every(({ batches }) => batches.length === 0);
        failure = this.deliver(answer.partitions, asked);
      } catch (error) {
        failure = error;
      }
      for (const target of asked.keys()) this.underWay.delete(target);
      if (failure === null) backoff.reset();
      else await this.recover(failure, backoff, asked);
      // At its end a partition waits in the other request, so that this one stays free.
      if (isSpare && isEmpty && failure === null) {
        this.wakeFetchers();
        await this.nextWake();
      }
    }
  }

  private wakeFetchers(): void {
    const sleepers = this.sleepers;
    this.sleepers = [];
    for (const wake of sleepers) wake();
  }

  private async nextWake(): Promise<void> {
    if (this.closing.signal.aborted) return;
    await new Promise<void>((resolve) => this.sleepers.push(resolve));
  }

  private pick(node: number): Map<FetchTarget, { offset: number; maxBytes: number }> {
    const picked = new Map<FetchTarget, { offset: number; maxBytes: number }>();
    for (const target of this.targets) {
      if (this.underWay.has(target) || this.cluster.leaderOf(target.at) !== node) continue;
      const wanted = target.wanted();
      if (wanted) picked.set(target, wanted);
    }
    return picked;
  }

  private async fetch(
    link: BrokerLink,
    asked: ReadonlyMap<FetchTarget, { offset: number; maxBytes: number }>,
  ): Promise<FetchAnswer> {
    // Brokers fill the answer in this order: begin with another one each time.
    const partitions = [...asked].map(([{ at }, wanted]) => ({ ...at, ...wanted }));
    partitions.push(...partitions.splice(0, Math.floor(Math.random() * partitions.length)));
    const request = fetchRequest(partitions, this.cluster.settings.fetchMaxWaitMs, answerBytes);
    const answer = await link.call((connection) => connection.callOwn(request));
    if (answer.errorCode !== codes.none) throw new KafkaError(answer.errorCode, this.what);
    return answer;
  }

  /** @returns an error to wait for, such as that a partition has another leader. */
  private deliver(answers: readonly FetchedPartition[], asked: ReadonlyMap<FetchTarget, { offset: number }>): unknown {
    const byPartition = new Map(
      [...asked].map(([target, { offset }]) => [partitionName(target.at), { target, offset }]),
    );
    let failure: unknown = null;
    for (const answer of answers) {
      const found = byPartition.get(partitionName(answer));
      if (!found || !this.targets.has(found.target)) continue;
      const { target, offset } = found;
      const { errorCode, batches, visibleEnd } = answer;
      try {
        if (errorCode === codes.none) target.received(offset, batches, visibleEnd);
        else if (errorCode === codes.offsetOutOfRange) target.outOfRange(offset);
        else failure = new KafkaError(errorCode, `fetch from ${partitionName(answer)}`);
        if (isFinal(failure)) target.failed(failure as Error);
      } catch (error) {
        target.failed(error as Error);
      }
      if (errorCode === codes.none) this.unknownSince.delete(answer.topic);
    }
    return failure;
  }

  private async recover(failure: unknown, backoff: Backoff, asked: ReadonlyMap<FetchTarget, unknown>): Promise<void> {
    if (this.closing.signal.aborted) return;
    const waitMs = backoff.next();
    this.cluster.notices({ kind: 'retrying', what: this.what, attempt: backoff.attempt, error: failure });
    if (isFinal(failure)) for (const target of asked.keys()) target.failed(failure as Error);
    await pause(waitMs, this.closing.signal);
    await this.refresh(new Set([...asked.keys()].map(({ at }) => at.topic)));
    this.wake();
  }

  /** While a partition has no leader. */
  private async findLeaders(): Promise<void> {
    if (this.searching) return;
    this.searching = true;
    const backoff = new Backoff();
    for (;;) {
      const without = [...this.targets].filter(({ at }) => this.cluster.leaderOf(at) === null);
      if (without.length === 0 || this.closing.signal.aborted) break;
      await this.refresh(new Set(without.map(({ at }) => at.topic)));
      await pause(backoff.next(), this.closing.signal);
    }
    this.searching = false;
    this.wake();
  }

  private async refresh(topics: ReadonlySet<string>): Promise<void> {
    for (const topic of topics) {
      try {
        await this.cluster.refresh(topic);
      } catch (error) {
        if (error instanceof UnknownTopicError) this.topicIsUnknown(topic, error);
        else if (isFinal(error)) this.fail(topic, error as Error);
      }
    }
  }

  private topicIsUnknown(topic: string, error: UnknownTopicError): void {
    const since = this.unknownSince.get(topic) ?? performance.now();
    this.unknownSince.set(topic, since);
    if (performance.now() - since > unknownTopicMs) this.fail(topic, error);
  }

  private fail(topic: string, error: Error): void {
    for (const target of this.targets) if (target.at.topic === topic) target.failed(error);
  }
}
