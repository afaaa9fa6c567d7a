import { openKafkaLog } from '@moola/streams/distributed/kafka/open-kafka-log';
import type { KafkaNotice } from '@moola/streams/distributed/kafka/kafka-notices';
import type { CheckpointStore } from '@moola/streams/checkpoint-store';
import { openRedisStore } from '@moola/streams/distributed/redis/open-redis-store';
import type { EventLog, TopicSettings } from '@moola/streams/event-log';
import type { Logger } from '../logging/logger.js';
import type { DistributedSettings } from './distributed-settings.js';
import { kafkaSettings } from './kafka-settings.js';
import { redisSettings } from './redis-settings.js';

/** The log and the store of a distributed process. */
export interface Streams {
  readonly log: EventLog;
  readonly store: CheckpointStore;
  /** What is missing or different, a line each, with what to do. */
  checkTopics(topics: readonly TopicSettings[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/**
 * Connects to Kafka and Redis.
 * @param clientId what Kafka's own logs and quotas call this process
 * @throws when one of them does not answer, or is not as it must be: the message says which, where, and what to do
 */
export async function openStreams(settings: DistributedSettings, clientId: string, logger: Logger): Promise<Streams> {
  const log = openKafkaLog(kafkaSettings(settings, clientId), (notice) => logger[levelOf(notice)](notice, 'Kafka'));
  try {
    const store = await openRedisStore(redisSettings(settings), {
      notices: ({ message, ...notice }) => logger.warn({ ...notice }, message),
    });
    const close = async (): Promise<void> => {
      await log.close();
      await store.close();
    };
    return { log, store, checkTopics: (topics) => log.checkTopics(topics), close };
  } catch (error) {
    await log.close();
    throw error;
  }
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
    case 'membership-lost':
    case 'producer-renewed':
      return 'warn';
  }
}
