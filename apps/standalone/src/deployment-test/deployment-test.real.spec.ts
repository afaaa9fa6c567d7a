import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Fleet, serviceNames } from '@moola/testbed/fleet';
import { sharedKafka, sharedRedis } from '@moola/testbed/shared';
import { Kafka, logLevel } from 'kafkajs';
import { deploymentTest, removeDeploymentTest } from './deployment-test.js';

describe('the test of a deployment', () => {
  const environment = `deployment-test-${randomBytes(4).toString('hex')}`;
  let fleet: Fleet | undefined;

  afterEach(async () => fleet?.stop());

  it('sees a snapshot, an alert, an incident and its notification, and leaves nothing behind', async () => {
    const brokers = await sharedKafka();
    fleet = new Fleet({ brokers, redisUrl: await sharedRedis(), environments: environment, partitions: 1 });
    for (const service of serviceNames) await fleet.add(service);
    const variables = fleet.variablesWith({});
    const server = fleet.of('console')[0]?.address as string;
    const said: string[] = [];
    const say = (line: string): void => void said.push(line);
    const test = await deploymentTest({ environment, server, withinMs: 150_000, say }, variables);
    expect(test).toEqual({
      ok: true,
      seen: {
        predictions: expect.any(Number),
        alert: expect.stringContaining('limit 50'),
        incident: 'SimpleLSTM~SimpleLSTMLatencySpike~1',
        notified: 'terminal/deployment-test',
      },
    });
    expect(said).toHaveLength(5);
    // It pages nobody: what is sent goes to the notifier's terminal.
    expect(fleet.of('notifier')[0]?.output()).toContain('SimpleLSTM');

    await fleet.stop();
    const removed = await removeDeploymentTest(environment, variables);
    expect(removed).toMatchObject({ ok: true, removed: { topics: 13 } });
    const admin = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const left = [...(await admin.listTopics()), ...(await admin.listGroups()).groups.map(({ groupId }) => groupId)];
    await admin.disconnect();
    expect(left.filter((name) => name.includes(environment))).toEqual([]);
    expect(await removeDeploymentTest(environment, variables)).toEqual({
      ok: true,
      removed: { topics: 0, groups: 0, tasks: 0 },
    });
  });

  it('touches no environment but its own', async () => {
    const variables = {
      MOOLA_MODE: 'distributed',
      MOOLA_KAFKA_BROKERS: '127.0.0.1:1',
      REDIS_URL: 'redis://127.0.0.1:1',
      MOOLA_INSTALLATION_KEY: randomBytes(32).toString('base64'),
    };
    expect(await removeDeploymentTest('live', variables)).toEqual({
      ok: false,
      problems: ['"live" is no environment of a test: their names begin with "deployment-test"'],
    });
    const options = { environment: 'live', server: 'http://127.0.0.1:1', withinMs: 1, say: () => undefined };
    expect(await deploymentTest(options, variables)).toEqual({
      ok: false,
      problems: ['the environment "live" is not for tests: name another one'],
    });
  });
});
