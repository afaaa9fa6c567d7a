import { Kafka, logLevel, type SASLOptions } from 'kafkajs';
import { kafkaSettings } from '@moola/platform/service/kafka-settings';
import { redisSettings } from '@moola/platform/service/redis-settings';
import type { DistributedSettings } from '@moola/platform/service/distributed-settings';
import { openRedisAdministration } from '@moola/streams/adapters/redis/administration';

/** What is left of a test environment, or was removed. */
export interface RemovedEnvironment {
  readonly topics: number;
  readonly groups: number;
  readonly tasks: number;
}

/** Names of environments that a test of the deployment makes. Others are never removed. */
export const testEnvironmentPattern = /^deployment-test(-[a-z0-9]+)*$/;

/**
 * Removes the topics, the consumer groups and the checkpoints of an environment that a test made, once no service serves it.
 * @throws Error when it is not one of a test
 */
export async function removeTestEnvironment(
  settings: DistributedSettings,
  environment: string,
): Promise<RemovedEnvironment> {
  if (!testEnvironmentPattern.test(environment))
    throw new Error(`"${environment}" is no environment of a test: their names begin with "deployment-test"`);
  const { brokers, ssl, sasl } = kafkaSettings(settings, 'moola-deployment-test');
  const kafka = new Kafka({
    ...{ brokers: [...brokers], clientId: 'moola-deployment-test', logLevel: logLevel.NOTHING },
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: sasl as SASLOptions }),
  });
  const prefix = `moola.${environment}`;
  const admin = kafka.admin();
  const redis = await openRedisAdministration(redisSettings(settings), { notices: () => undefined });
  try {
    await admin.connect();
    const groups = (await admin.listGroups()).groups.map(({ groupId }) => groupId);
    const ours = groups.filter((group) => group.startsWith(`${prefix}.`) || group.startsWith(`${prefix}/`));
    // Groups whose members are still being missed are left: they go by themselves after their retention.
    const gone = ours.length === 0 ? [] : await admin.deleteGroups(ours).catch(() => []);
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${prefix}.`));
    if (topics.length > 0) await admin.deleteTopics({ topics });
    const tasks = await redis.tasks(`${prefix}/`);
    for (const { task } of tasks) await redis.remove(task);
    return { topics: topics.length, groups: gone.length, tasks: tasks.length };
  } finally {
    await admin.disconnect();
    await redis.close();
  }
}
