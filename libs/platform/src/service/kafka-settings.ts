import type { KafkaSettings } from '@moola/streams/adapters/kafka/kafka-settings';
import type { DistributedSettings } from './distributed-settings.js';

/** What the settings say of Kafka; `distributedProblems` has seen to it that they name brokers. */
export function kafkaSettings(settings: DistributedSettings, clientId: string): KafkaSettings {
  const { kafkaTlsCa: ca, kafkaTlsCert: cert, kafkaTlsKey: key, kafkaReplication: replication } = settings;
  const { kafkaMechanism: mechanism, kafkaUsername: username, kafkaPassword: password } = settings;
  const isTls = settings.kafkaTls || ca !== undefined;
  return {
    ...{ brokers: settings.kafkaBrokers ?? [], clientId, sessionTimeoutMs: settings.kafkaSessionTimeoutMs },
    ...(isTls ? { ssl: { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) } } : {}),
    ...(mechanism && username && password ? { sasl: { mechanism, username, password } } : {}),
    ...(replication === undefined ? {} : { replication }),
  };
}
