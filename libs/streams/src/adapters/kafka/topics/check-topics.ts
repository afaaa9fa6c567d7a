import { UnknownTopicError, type TopicSettings } from '../../../ports/event-log.js';
import type { Cluster } from '../connection/cluster.js';
import { failUnlessNone } from '../connection/kafka-error.js';
import { clusterRules } from './create-topics.js';
import { topicConfiguration } from './topic-configuration.js';

interface ConfigurationAnswer {
  readonly resources: readonly {
    readonly resourceName: string;
    readonly errorCode: number;
    readonly errorMessage: string | null;
    readonly configEntries: readonly { readonly configName: string; readonly configValue: string | null }[];
  }[];
}

const topicResource = 2;

/** What goes wrong when a topic is configured otherwise. */
const consequences: Readonly<Record<string, string>> = {
  'cleanup.policy': 'compaction removes records in the middle, which stops whoever reads the topic',
  'retention.ms': 'records are removed before whoever was away has read them',
  'retention.bytes': 'records are removed before whoever was away has read them',
  'message.timestamp.type': 'the times of old records are theirs, so that a replay of old years is removed at once',
  'min.insync.replicas': 'an acknowledged record may be lost with one broker',
  'unclean.leader.election.enable': 'acknowledged records may be lost when a broker fails',
  'max.message.bytes': 'batches that are written here may be refused',
  'compression.type': 'foreign producers may compress in a way that cannot be read here',
};

/**
 * Compares topics with how they must be. For the start of a service.
 * @returns a sentence for each thing that is missing or different, with what to do about it; none when all is well.
 */
export async function checkTopics(cluster: Cluster, topics: readonly TopicSettings[]): Promise<string[]> {
  const problems: string[] = [];
  for (const topic of topics) problems.push(...(await check(cluster, topic)));
  return problems;
}

async function check(cluster: Cluster, topic: TopicSettings): Promise<string[]> {
  const { name } = topic;
  let partitions: number;
  try {
    partitions = await cluster.partitionCount(name);
  } catch (error) {
    if (error instanceof UnknownTopicError)
      return [`topic ${name} is missing: make it, or let a service make its topics`];
    throw error;
  }
  const problems: string[] = [];
  if (topic.mayGrow) cluster.growing.add(name);
  else if (partitions !== topic.partitions) {
    problems.push(
      `topic ${name} has ${partitions} partitions, not ${topic.partitions}: ` +
        (partitions > topic.partitions
          ? whenAdded(topic.partitions)
          : `a partition count is fixed when a topic is made; ask for ${partitions}, or migrate to a new topic`),
    );
  }
  const found = await configurationOf(cluster, name);
  const replicas = await cluster.replicationOf(name);
  const asked = cluster.settings.replication ?? replicas;
  if (replicas < asked) {
    problems.push(
      `topic ${name} has ${replicas} replicas, not ${asked}: what is acknowledged is on fewer brokers than was asked for; ` +
        `reassign its partitions, or ask for ${replicas}`,
    );
  }
  // Those of a cluster that has grown since they were made go on as they are: they could not be written otherwise.
  const wanted = topicConfiguration(topic, { ...clusterRules(cluster), replication: Math.min(asked, replicas) });
  for (const [setting, consequence] of Object.entries(consequences)) {
    const [is, shouldBe] = [found.get(setting) ?? '', wanted[setting] as string];
    if (isEnough(setting, is, shouldBe)) continue;
    problems.push(`topic ${name} has ${setting}=${is}, not ${shouldBe}: ${consequence}; set ${setting}=${shouldBe}`);
  }
  return problems;
}

/** What to do when partitions were added to a topic whose rows are found by their number. */
export function whenAdded(had: number): string {
  return (
    `a partition count is fixed when a topic is made, and Kafka cannot take partitions away. If they were added: once its ` +
    `lag is 0, stop the services, delete the topic, run "moola tasks new-epoch" for each task that reads it, and start the ` +
    `services, which make it anew with ${had}`
  );
}

/** Some may be larger or stricter than was asked for. */
function isEnough(setting: string, is: string, shouldBe: string): boolean {
  if (is === shouldBe) return true;
  switch (setting) {
    case 'min.insync.replicas':
    case 'max.message.bytes':
      return Number(is) >= Number(shouldBe);
    case 'retention.ms':
    case 'retention.bytes':
      return kept(is) >= kept(shouldBe);
    case 'compression.type':
      return is === 'uncompressed' || is === 'gzip';
    default:
      return false;
  }
}

/** As much as a topic keeps by its configuration: -1 stands for everything. */
function kept(retention: string): number {
  return retention === '-1' ? Infinity : Number(retention);
}

function configurationOf(cluster: Cluster, topic: string): Promise<Map<string, string>> {
  return cluster.retrying.run(`configuration of ${topic}`, async () => {
    const { resources } = await cluster.any.call((connection) =>
      connection.call<ConfigurationAnswer>('DescribeConfigs', {
        resources: [{ type: topicResource, name: topic, configNames: [] }],
      }),
    );
    const [resource] = resources;
    failUnlessNone(resource?.errorCode ?? 0, `configuration of ${topic}`, resource?.errorMessage ?? null);
    return new Map(resource?.configEntries.map(({ configName, configValue }) => [configName, configValue ?? '']));
  });
}
