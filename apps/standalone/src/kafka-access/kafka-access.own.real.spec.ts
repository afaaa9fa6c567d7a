import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AclPermissionTypes, Kafka, logLevel } from 'kafkajs';
import { Fleet, serviceNames } from '@moola/testbed/fleet';
import { startKafka, type KafkaServer } from '@moola/testbed/kafka';
import { startRedis, type RedisServer } from '@moola/testbed/redis';
import { deploymentTest } from '../deployment-test/deployment-test.js';
import { grantsOf } from './acls.js';
import { kafkaAccess } from './kafka-access.js';

const environment = 'deployment-test';
const password = randomBytes(12).toString('hex');
const module = 'org.apache.kafka.common.security.plain.PlainLoginModule';

describe('a Kafka that allows each service what docs/kafka-access.md says, and nothing else', () => {
  let kafka: KafkaServer;
  let redis: RedisServer;
  let fleet: Fleet;

  beforeAll(async () => {
    const users = serviceNames.map((service) => `user_${service}="${password}"`).join(' ');
    [kafka, redis] = await Promise.all([
      startKafka({
        listeners: { SASL: 'SASL_PLAINTEXT' },
        properties: {
          'sasl.enabled.mechanisms': 'PLAIN',
          'listener.name.sasl.plain.sasl.jaas.config': `${module} required ${users};`,
          'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
          // The broker itself, and this test, by the plain listener.
          'super.users': 'User:ANONYMOUS',
        },
      }),
      startRedis(),
    ]);
    const admin = new Kafka({ brokers: [kafka.brokers], logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    const acl = kafkaAccess.flatMap((access) =>
      grantsOf(access, environment).map((grant) => ({
        ...{ ...grant, principal: `User:${access.service}`, host: '*', permissionType: AclPermissionTypes.ALLOW },
      })),
    );
    await admin.createAcls({ acl });
    await admin.disconnect();
    fleet = new Fleet({ brokers: kafka.brokers, redisUrl: redis.url, environments: environment, partitions: 1 });
  }, 300_000);

  afterAll(async () => {
    await fleet?.stop();
    await Promise.all([kafka?.stop(), redis?.stop()]);
  }, 120_000);

  it('has all that they need, from an event to its notification', async () => {
    const brokers = kafka.listeners['SASL'] as string;
    for (const service of serviceNames) {
      await fleet.add(service, {
        ...{ MOOLA_KAFKA_BROKERS: brokers, MOOLA_KAFKA_SASL_MECHANISM: 'plain' },
        ...{ MOOLA_KAFKA_USERNAME: service, MOOLA_KAFKA_PASSWORD: password },
      });
    }
    const server = fleet.of('console')[0]?.address as string;
    const options = { environment, server, withinMs: 150_000, say: () => undefined };
    // The test sends as a producer of its own does.
    expect(await deploymentTest(options, fleet.variablesWith({}))).toMatchObject({ ok: true });
    for (const each of fleet.processes) {
      const ready = await fetch(`${each.address}/readyz`);
      expect([each.service, ready.status]).toEqual([each.service, 200]);
      const refused = each.output().match(/.*(not authorized|AUTHORIZATION_FAILED).*/gi);
      expect([each.service, refused]).toEqual([each.service, null]);
    }
  }, 400_000);
});
