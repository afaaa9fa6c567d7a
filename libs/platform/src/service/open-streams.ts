import type { CheckpointStore } from '@moola/streams/checkpoint-store';
import type { EventLog, TopicSettings } from '@moola/streams/event-log';
import type { Logger } from '../logging/logger.js';
import type { DistributedSettings } from './distributed-settings.js';

/** The log and the store of a distributed process. */
export interface Streams {
  readonly log: EventLog;
  readonly store: CheckpointStore;
  createTopics(topics: readonly TopicSettings[]): Promise<void>;
  /** What is missing or different, a line each, with what to do. */
  checkTopics(topics: readonly TopicSettings[]): Promise<readonly string[]>;
  readonly failed: Promise<never>;
  close(): Promise<void>;
}

export function openStreams(_settings: DistributedSettings, _logger: Logger): Promise<Streams> {
  return Promise.reject(new Error('the adapters of Kafka and Redis are not there yet'));
}
