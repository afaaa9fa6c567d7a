import { installationTopicName, installationTopics, topicName, topics } from '@moola/contracts/topics';
import type { EnvironmentTime } from '@moola/streams/task/environment-time';
import type { TopicSettings } from '@moola/streams/ports/event-log';

const hour = 3_600_000;
const day = 24 * hour;

/** How long a topic keeps its records, and whether it is keyed by model. Facts of incidents and definitions stay. */
const kept: Readonly<Record<keyof typeof topics, { readonly keyed: boolean; readonly retentionMs: number | null }>> = {
  telemetry: { keyed: true, retentionMs: 6 * hour },
  intake: { keyed: true, retentionMs: 2 * day },
  observations: { keyed: true, retentionMs: 2 * day },
  snapshots: { keyed: true, retentionMs: 7 * day },
  pairs: { keyed: true, retentionMs: 7 * day },
  kpis: { keyed: true, retentionMs: 7 * day },
  signals: { keyed: false, retentionMs: 28 * day },
  incidents: { keyed: false, retentionMs: null },
  actions: { keyed: false, retentionMs: 7 * day },
  notifications: { keyed: false, retentionMs: 7 * day },
  deliveries: { keyed: false, retentionMs: 7 * day },
  definitions: { keyed: false, retentionMs: null },
  deadLetters: { keyed: false, retentionMs: 28 * day },
};

/**
 * The topics of an environment. Those of a replay keep everything: its story is told from them, however long ago it ran.
 * @param partitions of the topics that are keyed by model
 * @param telemetryPartitions of the topic that producers write: its rows are keyed anew, so that it may have any number
 */
export function topicSettings(
  environment: string,
  partitions: number,
  time: EnvironmentTime,
  telemetryPartitions = partitions,
): TopicSettings[] {
  const isReplay = time === 'replay';
  return Object.entries(topics).map(([name, topic]) => {
    const { keyed, retentionMs } = kept[name as keyof typeof topics];
    return {
      name: topicName(environment, topic),
      partitions: name === 'telemetry' ? telemetryPartitions : keyed ? partitions : 1,
      mayGrow: name === 'telemetry',
      retentionMs: isReplay ? null : retentionMs,
      retentionBytes: isReplay || retentionMs === null ? null : 8 * 1024 ** 3,
    };
  });
}

/** The topics that there are once: they keep everything, and have one partition. */
export function installationTopicSettings(): TopicSettings[] {
  return Object.values(installationTopics).map((topic) => ({
    ...{ name: installationTopicName(topic), partitions: 1, retentionMs: null, retentionBytes: null },
  }));
}
