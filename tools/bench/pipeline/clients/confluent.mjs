import { createRequire } from 'node:module';
import { join } from 'node:path';

export async function openClient({ brokers, modules }) {
  const { KafkaJS } = createRequire(join(modules, 'package.json'))('@confluentinc/kafka-javascript');
  const kafka = new KafkaJS.Kafka({ kafkaJS: { brokers: [brokers], logLevel: KafkaJS.logLevel.NOTHING } });
  const closers = [];
  return {
    async read({ topic, group, ready, seen }) {
      const consumer = kafka.consumer({
        kafkaJS: { groupId: group, fromBeginning: true, autoCommit: false },
        'js.consumer.max.batch.size': -1,
      });
      await consumer.connect();
      closers.push(() => consumer.disconnect());
      await consumer.subscribe({ topics: [topic] });
      ready();
      await consumer.run({ eachBatch: async ({ batch }) => seen(batch.messages.length) });
    },
    async writer(topic) {
      const producer = kafka.producer({ kafkaJS: { idempotent: true, acks: -1 }, 'linger.ms': 0 });
      await producer.connect();
      closers.push(() => producer.disconnect());
      return (values, partition) => producer.send({ topic, messages: values.map((value) => ({ value, partition })) });
    },
    close: () => Promise.all(closers.map((close) => close())),
  };
}
