import { startKafka } from '@moola/testbed/kafka';
import { startRedis } from '@moola/testbed/redis';
import { serversCore } from './run-program.mjs';

/** A Kafka and a Redis on the first core, until `stop`. */
export async function startServers() {
  const cpus = serversCore === undefined ? {} : { cpus: serversCore };
  const kafka = await startKafka({ ...cpus, java: ['-Xms1g', '-Xmx1g'] });
  const redis = await startRedis(cpus);
  return {
    brokers: kafka.brokers,
    redisUrl: redis.url,
    stop: () => Promise.all([kafka.stop(), redis.stop()]),
  };
}
