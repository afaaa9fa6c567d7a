import { PartitionCountError, UnknownTopicError, type TopicSettings } from '../../../ports/event-log.js';
import type { Cluster } from '../connection/cluster.js';
import { codes, KafkaError } from '../connection/kafka-error.js';
import { Final } from '../connection/retrying.js';
import { topicConfiguration, type ClusterRules } from './topic-configuration.js';

interface CreateAnswer {
  readonly topicErrors: readonly { topic: string; errorCode: number; errorMessage: string | null }[];
}

const createWithinMs = 10_000;
const mostReplicas = 3;

/** Makes what is missing, and waits until every partition can be written. @throws {PartitionCountError} */
export async function createTopics(cluster: Cluster, topics: readonly TopicSettings[]): Promise<void> {
  const missing: TopicSettings[] = [];
  for (const topic of topics) if (!(await exists(cluster, topic))) missing.push(topic);
  if (missing.length > 0) {
    await cluster.retrying.run(`make topics ${missing.map(({ name }) => name).join(', ')}`, () =>
      make(cluster, missing),
    );
  }
  for (const topic of missing)
    await cluster.retrying.run(`leaders of ${topic.name}`, () => haveLeaders(cluster, topic));
}

/** What topics of this cluster have in common. */
export function clusterRules(cluster: Cluster): ClusterRules {
  const { settings } = cluster;
  const replication = settings.replication ?? Math.min(mostReplicas, Math.max(1, cluster.brokerCount));
  return { replication, compression: settings.compression, maxMessageBytes: settings.maxMessageBytes };
}

async function exists(cluster: Cluster, topic: TopicSettings): Promise<boolean> {
  return cluster.retrying.run(`topic ${topic.name}`, async () => {
    try {
      await cluster.ask([topic.name]);
    } catch (error) {
      if (error instanceof UnknownTopicError) return false;
      throw error;
    }
    check(cluster, topic);
    return true;
  });
}

async function make(cluster: Cluster, topics: readonly TopicSettings[]): Promise<void> {
  const rules = clusterRules(cluster);
  const answer = await cluster.controllerLink.call((connection) =>
    connection.call<CreateAnswer>('CreateTopics', {
      timeout: createWithinMs,
      topics: topics.map((topic) => ({
        topic: topic.name,
        numPartitions: topic.partitions,
        replicationFactor: rules.replication,
        configEntries: Object.entries(topicConfiguration(topic, rules)).map(([name, value]) => ({ name, value })),
      })),
    }),
  );
  for (const { topic, errorCode, errorMessage } of answer.topicErrors) {
    // Another process may have been faster.
    if (errorCode === codes.none || errorCode === codes.topicExists) continue;
    const error = new KafkaError(errorCode, `make topic ${topic}`, errorMessage);
    throw transient.has(errorCode) ? error : new Final(error);
  }
}

/** Timed out, not the controller, or too few brokers at the moment. */
const transient = new Set<number>([codes.timedOut, 41, codes.coordinatorNotAvailable]);

async function haveLeaders(cluster: Cluster, topic: TopicSettings): Promise<void> {
  await cluster.ask([topic.name]);
  check(cluster, topic);
  const partitions = cluster.knownPartitions(topic.name) as number;
  for (let partition = 0; partition < partitions; partition++) {
    if (cluster.leaderOf({ topic: topic.name, partition }) === null) {
      throw new KafkaError(codes.leaderNotAvailable, `${topic.name}/${partition}`);
    }
  }
}

function check(cluster: Cluster, { name, partitions, mayGrow }: TopicSettings): void {
  if (mayGrow) {
    cluster.growing.add(name);
    return;
  }
  const existing = cluster.knownPartitions(name) as number;
  if (existing !== partitions) throw new Final(new PartitionCountError(name, existing, partitions));
}
