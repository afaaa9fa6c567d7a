import type { ConnectionOptions } from 'node:tls';

export interface KafkaTls {
  /** Certificate authorities that a broker's certificate may be signed by, PEM. Default: those that Node trusts. */
  readonly ca?: string;
  /** Certificate and private key of this client, PEM, where brokers ask for one. */
  readonly cert?: string;
  readonly key?: string;
  /** `false` accepts any certificate: for tests only. Default: `true`. */
  readonly rejectUnauthorized?: boolean;
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** How records that this program writes are compressed. */
export type KafkaCompression = 'none' | 'gzip';

/** How to reach a Kafka cluster, and how much memory and time reading may take. */
export interface KafkaSettings {
  /** Addresses to begin with, `host:port`; the cluster names its other brokers. At least one. */
  readonly brokers: readonly string[];
  /** Shown in the brokers' logs and quotas. @default 'moola' */
  readonly clientId?: string;
  /** Connect by TLS. @default no TLS */
  readonly ssl?: KafkaTls;
  /** @default no authentication */
  readonly sasl?: KafkaSasl;
  /** @default 'none' */
  readonly compression?: KafkaCompression;
  /**
   * Replicas of topics. `createTopics` makes them so, `checkTopics` holds them to it.
   * @default 3, or the number of brokers if there are fewer; of a topic that is there, as many as it has
   */
  readonly replication?: number;
  /** How long a broker may hold back an answer while there is nothing to read, in milliseconds. @default 100 */
  readonly fetchMaxWaitMs?: number;
  /** Bytes of one partition that may wait in memory to be worked on. @default 1 MiB */
  readonly fetchPartitionBytes?: number;
  /** Bytes of all partitions of one membership that may wait in memory, in about. @default 32 MiB */
  readonly fetchTotalBytes?: number;
  /** Bytes that are handed over in one batch, in about. @default 512 KiB */
  readonly batchBytes?: number;
  /** The largest record batch that brokers take (`max.message.bytes` of the topics made here). @default 1 MiB */
  readonly maxMessageBytes?: number;
  /**
   * A member of which the group's coordinator has heard nothing for so long loses its partitions, in milliseconds.
   * Brokers take 6,000 to 1,800,000 by default. @default 10,000
   */
  readonly sessionTimeoutMs?: number;
  /** Time between two heartbeats, in milliseconds: so long does it take members to notice a rebalance. @default 500 */
  readonly heartbeatMs?: number;
  /** After this time without acknowledgement a request's append is refused, in milliseconds. @default 30,000 */
  readonly appendTimeoutMs?: number;
  /**
   * After this time a request's append is refused if its broker gives no sign of life: it has not answered anything for half of
   * it, or what it answered was a refusal. In milliseconds. @default 1,800
   */
  readonly appendSilenceMs?: number;
  /** Time between two looks at whether the topics that are read have got partitions, in milliseconds. @default 10,000 */
  readonly growthCheckMs?: number;
  /** A connection must be made within this time, in milliseconds. @default 5,000 */
  readonly connectTimeoutMs?: number;
  /** An answer must come within this time, in milliseconds. @default 15,000 */
  readonly requestTimeoutMs?: number;
}

/** Settings with every default filled in. */
export type FullKafkaSettings = Required<Omit<KafkaSettings, 'ssl' | 'sasl' | 'replication'>> & {
  readonly ssl: ConnectionOptions | null;
  readonly sasl: KafkaSasl | null;
  readonly replication: number | null;
};

export function withDefaults(settings: KafkaSettings): FullKafkaSettings {
  if (settings.brokers.length === 0) throw new Error('kafka.brokers is empty: name at least one broker, as host:port');
  return {
    clientId: 'moola',
    compression: 'none',
    fetchMaxWaitMs: 100,
    fetchPartitionBytes: 1 << 20,
    fetchTotalBytes: 32 << 20,
    batchBytes: 512 << 10,
    maxMessageBytes: 1 << 20,
    sessionTimeoutMs: 10_000,
    heartbeatMs: 500,
    appendTimeoutMs: 30_000,
    appendSilenceMs: 1_800,
    growthCheckMs: 10_000,
    connectTimeoutMs: 5_000,
    requestTimeoutMs: 15_000,
    ...settings,
    ssl: settings.ssl ?? null,
    sasl: settings.sasl ?? null,
    replication: settings.replication ?? null,
  };
}
