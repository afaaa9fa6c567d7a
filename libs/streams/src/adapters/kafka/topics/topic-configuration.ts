import type { TopicSettings } from '../../../ports/event-log.js';
import type { KafkaCompression } from '../kafka-settings.js';

const mebibyte = 1 << 20;
const dayMs = 86_400_000;
/** Kafka removes whole segments: with this many in a topic's retention, it keeps an eighth more than was asked for. */
const segments = 8;

export interface ClusterRules {
  readonly replication: number;
  readonly compression: KafkaCompression;
  readonly maxMessageBytes: number;
}

/** How a topic must be configured for what this system promises (https://kafka.apache.org/documentation/#topicconfigs). */
export function topicConfiguration(topic: TopicSettings, rules: ClusterRules): Readonly<Record<string, string>> {
  const { retentionMs, retentionBytes } = topic;
  return {
    'cleanup.policy': 'delete',
    'retention.ms': `${retentionMs ?? -1}`,
    'retention.bytes': `${retentionBytes ?? -1}`,
    // A replay of old years would be deleted at once otherwise.
    'message.timestamp.type': 'LogAppendTime',
    // An acknowledged record is on two brokers before anybody builds on it.
    'min.insync.replicas': `${minimumInSync(rules.replication)}`,
    'unclean.leader.election.enable': 'false',
    'max.message.bytes': `${rules.maxMessageBytes}`,
    // Brokers bring what foreign producers compress otherwise into a form that is read here.
    'compression.type': rules.compression === 'none' ? 'uncompressed' : rules.compression,
    ...(retentionMs === null ? {} : { 'segment.ms': `${between(retentionMs / segments, 1_000, 7 * dayMs)}` }),
    ...(retentionBytes === null
      ? {}
      : { 'segment.bytes': `${between(retentionBytes / segments, mebibyte, 1_024 * mebibyte)}` }),
  };
}

export function minimumInSync(replication: number): number {
  return replication >= 3 ? 2 : 1;
}

function between(value: number, least: number, most: number): number {
  return Math.round(Math.min(most, Math.max(least, value)));
}
