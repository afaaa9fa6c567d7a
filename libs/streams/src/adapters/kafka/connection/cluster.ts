import { setMaxListeners } from 'node:events';
import { UnknownTopicError, type TopicPartition } from '../../../ports/event-log.js';
import type { KafkaNotices } from '../kafka-notices.js';
import type { FullKafkaSettings } from '../kafka-settings.js';
import { BrokerLink } from './broker-link.js';
import { codes, KafkaError } from './kafka-error.js';
import { KafkaConnection, type BrokerAddress } from './kafkajs-client.js';
import { Final, Retrying, pause } from './retrying.js';

interface MetadataAnswer {
  readonly brokers: readonly { nodeId: number; host: string; port: number }[];
  readonly controllerId: number;
  readonly topicMetadata: readonly {
    topicErrorCode: number;
    topic: string;
    partitionMetadata: readonly { partitionId: number; leader: number; replicas: readonly number[] }[];
  }[];
}

/** Attempts, 100 ms apart, before a topic counts as unknown: the news of one that was just made spreads from broker to broker. */
const unknownTopicAttempts = 4;

/** What is known of the cluster: its brokers, and for each topic in use its partitions and their leaders. */
export class Cluster {
  readonly closed: AbortSignal;
  readonly retrying: Retrying;
  /** Called whenever a partition has another leader than before, or none. Whoever waits for one listens here. */
  readonly onLeaders = new Set<() => void>();
  /** Topics that may get partitions while they are read. */
  readonly growing = new Set<string>();
  private readonly closing = new AbortController();
  private readonly addresses = new Map<number, BrokerAddress>();
  private readonly leaders = new Map<string, readonly number[]>();
  private readonly replicas = new Map<string, number>();
  private readonly refreshes = new Map<string, Promise<void>>();
  private readonly general = new Map<number, BrokerLink>();
  private readonly seeds: readonly BrokerAddress[];
  private readonly anywhere: BrokerLink;
  private readonly heardAt = new Map<number, number>();
  private nextSeed = 0;
  private controller = -1;

  constructor(
    readonly settings: FullKafkaSettings,
    readonly notices: KafkaNotices,
  ) {
    this.closed = this.closing.signal;
    // Every reading and every wait listens to it.
    setMaxListeners(0, this.closed);
    this.retrying = new Retrying(notices, this.closed);
    this.seeds = settings.brokers.map(parseAddress);
    this.anywhere = new BrokerLink(() => this.openAny());
  }

  get brokerCount(): number {
    return this.addresses.size;
  }

  /** Requests that any broker answers. */
  get any(): BrokerLink {
    return this.anywhere;
  }

  /** The link to a broker for requests that take no time. */
  of(node: number): BrokerLink {
    const link = this.general.get(node) ?? this.link(node);
    this.general.set(node, link);
    return link;
  }

  /** A link of one's own to a broker. Whoever asks for it closes it. */
  link(node: number): BrokerLink {
    return new BrokerLink(() => {
      const address = this.addresses.get(node);
      if (!address) throw new Error(`broker ${node} is not in the cluster any more`);
      return KafkaConnection.open(address, this.settings);
    }, this.heardOf(node));
  }

  linkTo(address: BrokerAddress): BrokerLink {
    return new BrokerLink(() => KafkaConnection.open(address, this.settings));
  }

  /** How long ago a broker has answered anything for which it was asked by its own link, in milliseconds. */
  silenceOf(node: number): number {
    return performance.now() - (this.heardAt.get(node) ?? -Infinity);
  }

  /**
   * Asks for all topics in use, once.
   * @returns what is wrong with them: partitions that nobody leads cannot be read or written; `null` when all is well.
   * @throws when no broker answers
   */
  async check(): Promise<string | null> {
    await this.ask([...this.leaders.keys()]);
    const without = [...this.leaders].flatMap(([topic, leaders]) =>
      leaders.flatMap((leader, partition) => (leader < 0 ? [`${topic}/${partition}`] : [])),
    );
    return without.length === 0 ? null : `no broker leads ${without.join(', ')}`;
  }

  /** Where topics are made. */
  get controllerLink(): BrokerLink {
    return this.addresses.has(this.controller) ? this.of(this.controller) : this.any;
  }

  /** @throws {UnknownTopicError} */
  async partitionCount(topic: string): Promise<number> {
    if (!this.leaders.has(topic)) await this.retrying.run(`topic ${topic}`, () => this.find(topic));
    return (this.leaders.get(topic) as readonly number[]).length;
  }

  /** How many replicas each of a topic's partitions has, at least. @throws {UnknownTopicError} */
  async replicationOf(topic: string): Promise<number> {
    await this.partitionCount(topic);
    return this.replicas.get(topic) as number;
  }

  /** As far as is known now, without asking. */
  leaderOf({ topic, partition }: TopicPartition): number | null {
    const leader = this.leaders.get(topic)?.[partition];
    return leader === undefined || leader < 0 ? null : leader;
  }

  /** Partitions as far as is known now, without asking. */
  knownPartitions(topic: string): number | null {
    return this.leaders.get(topic)?.length ?? null;
  }

  /** Asks for the leaders of a topic's partitions. Calls at the same time share one request. @throws {UnknownTopicError} */
  refresh(topic: string): Promise<void> {
    const under = this.refreshes.get(topic);
    if (under) return under;
    const refresh = this.ask([topic]).finally(() => this.refreshes.delete(topic));
    this.refreshes.set(topic, refresh);
    return refresh;
  }

  /** Learns of brokers and topics. @throws {UnknownTopicError} of the first that there is not. */
  async ask(topics: readonly string[]): Promise<void> {
    const parameters = { topics, allowAutoTopicCreation: false };
    const answer = await this.any.call((connection) => connection.call<MetadataAnswer>('Metadata', parameters));
    this.controller = answer.controllerId;
    this.addresses.clear();
    for (const { nodeId, host, port } of answer.brokers) this.addresses.set(nodeId, { host, port });
    let hasMoved = false;
    for (const { topic, topicErrorCode, partitionMetadata } of answer.topicMetadata) {
      if (topicErrorCode === codes.unknownTopic || topicErrorCode === codes.invalidTopic) {
        throw new UnknownTopicError(topic);
      }
      if (topicErrorCode !== codes.none) throw new KafkaError(topicErrorCode, `metadata of ${topic}`);
      const leaders = new Array<number>(partitionMetadata.length).fill(-1);
      for (const { partitionId, leader } of partitionMetadata) leaders[partitionId] = leader;
      this.replicas.set(topic, Math.min(...partitionMetadata.map(({ replicas }) => replicas.length)));
      const before = this.leaders.get(topic);
      this.leaders.set(topic, leaders);
      hasMoved ||= before !== undefined && leaders.some((leader, partition) => leader !== before[partition]);
    }
    if (hasMoved) for (const tell of this.onLeaders) tell();
  }

  close(): void {
    this.closing.abort();
    this.anywhere.close();
    for (const link of this.general.values()) link.close();
  }

  private heardOf(node: number): () => void {
    return () => void this.heardAt.set(node, performance.now());
  }

  private async find(topic: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.refresh(topic);
      } catch (error) {
        if (!(error instanceof UnknownTopicError)) throw error;
        if (attempt === unknownTopicAttempts) throw new Final(error);
        await pause(100, this.closed);
      }
    }
  }

  /** The next broker that can be reached: of those that the cluster named, then of those that the settings name. */
  private async openAny(): Promise<KafkaConnection> {
    const known = [...this.addresses.values(), ...this.seeds];
    let failure: unknown;
    for (let tried = 0; tried < known.length; tried++) {
      try {
        return await KafkaConnection.open(known[this.nextSeed++ % known.length] as BrokerAddress, this.settings);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }
}

function parseAddress(broker: string): BrokerAddress {
  const colon = broker.lastIndexOf(':');
  const port = Number(broker.slice(colon + 1));
  if (colon < 1 || !Number.isInteger(port) || port < 1 || port > 65535) {
    throw new Error(`kafka.brokers: "${broker}" is no address (try "localhost:9092")`);
  }
  return { host: broker.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port };
}
