import { openKafkaLog } from '@moola/streams/adapters/kafka/open-kafka-log';
import type { KafkaNotice } from '@moola/streams/adapters/kafka/kafka-notices';
import { isTemporary, type CheckpointStore } from '@moola/streams/ports/checkpoint-store';
import { openRedisStore } from '@moola/streams/adapters/redis/open-redis-store';
import { RedisStoreError } from '@moola/streams/adapters/redis/errors';
import type { RedisCheckpointStore } from '@moola/streams/adapters/redis/redis-checkpoint-store';
import type { EventLog, TopicSettings } from '@moola/streams/ports/event-log';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logging/logger.js';
import type { ConnectionMetrics } from '../metrics/connection-metrics.js';
import type { DistributedSettings } from './distributed-settings.js';
import { kafkaSettings } from './kafka-settings.js';
import { LateStore } from './late-store.js';
import { redisSettings } from './redis-settings.js';

/** The log and the store of a distributed process. */
export interface Streams {
  readonly log: EventLog;
  readonly store: CheckpointStore;
  /** Asks Kafka, once. @returns what is wrong though it answers. @throws without an answer */
  askKafka(): Promise<string | null>;
  /** What is missing or different, a line each, with what to do. */
  checkTopics(topics: readonly TopicSettings[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Streams that can be handed on before Kafka and Redis have answered. */
export interface ComingStreams extends Streams {
  /**
   * Resolves when Redis has answered and is as it must be. Waits for one that cannot be reached.
   * @throws when it is not as it must be: the message says what, where, and what to do
   */
  openStore(signal: AbortSignal): Promise<void>;
  /** Asks Redis, once. @throws without an answer */
  askRedis(): Promise<string | null>;
}

const againMs = 1000;

/**
 * Connects to Kafka and Redis.
 * @param clientId what Kafka's own logs and quotas call this process
 * @throws when one of them does not answer, or is not as it must be: the message says which, where, and what to do
 */
export async function openStreams(settings: DistributedSettings, clientId: string, logger: Logger): Promise<Streams> {
  const log = kafkaLog(settings, clientId, logger, null);
  try {
    const store = await redisStore(settings, logger, null);
    const close = async (): Promise<void> => {
      await log.close();
      await store.close();
    };
    return { log, store, askKafka: () => log.check(), checkTopics: (topics) => log.checkTopics(topics), close };
  } catch (error) {
    await log.close();
    throw error;
  }
}

/** The same for a service, which answers for itself before the two have answered it. Nothing is asked of them here. */
export function comingStreams(
  settings: DistributedSettings,
  clientId: string,
  logger: Logger,
  metrics: ConnectionMetrics,
): ComingStreams {
  const log = kafkaLog(settings, clientId, logger, metrics);
  const store = new LateStore();
  let redis: RedisCheckpointStore | null = null;
  let failure: unknown = new Error('it is being connected to');
  return {
    ...{ log, store },
    checkTopics: (topics) => log.checkTopics(topics),
    askKafka: () => log.check(),
    async askRedis() {
      if (redis === null) throw failure;
      await redis.check();
      return null;
    },
    async openStore(signal) {
      while (!signal.aborted) {
        try {
          redis = await redisStore(settings, logger, metrics);
          store.is(redis);
          return;
        } catch (error) {
          failure = error;
          if (!isTemporary(error) || isRefusal(error)) throw error;
        }
        await delay(againMs, undefined, { signal }).catch(() => undefined);
      }
    },
    async close() {
      await log.close();
      await redis?.close();
    },
  };
}

/** At the start a wrong password is a wrong setting; later it is one that is being changed. */
function isRefusal(error: unknown): boolean {
  return error instanceof RedisStoreError && (error.problem === 'password' || error.problem === 'permission');
}

function kafkaLog(
  settings: DistributedSettings,
  clientId: string,
  logger: Logger,
  metrics: ConnectionMetrics | null,
): ReturnType<typeof openKafkaLog> {
  return openKafkaLog(kafkaSettings(settings, clientId), (notice) => {
    metrics?.noticed('kafka', notice.kind);
    logger[levelOf(notice)](notice, 'Kafka');
  });
}

function redisStore(
  settings: DistributedSettings,
  logger: Logger,
  metrics: ConnectionMetrics | null,
): Promise<RedisCheckpointStore> {
  return openRedisStore(redisSettings(settings), {
    notices: ({ message, ...notice }) => {
      metrics?.noticed('redis', notice.kind);
      logger.warn({ ...notice }, message);
    },
  });
}

/** Coordinators that load and leaders that move are everyday things; what goes on for longer is told now and then. */
function levelOf(notice: KafkaNotice): 'debug' | 'info' | 'warn' {
  switch (notice.kind) {
    case 'joined':
      return 'info';
    case 'retrying':
      return notice.attempt === 8 || notice.attempt % 50 === 0 ? 'warn' : 'debug';
    case 'commit-failed':
      return 'debug';
    case 'partitions-added':
    case 'membership-lost':
    case 'producer-renewed':
      return 'warn';
  }
}
