import { Kafka, logLevel } from 'kafkajs';

export async function openClient({ brokers }) {
  const kafka = new Kafka({ brokers: [brokers], clientId: 'bench', logLevel: logLevel.NOTHING });
  const closers = [];
  return {
    async read({ topic, group, ready, seen }) {
      const consumer = kafka.consumer({ groupId: group });
      await consumer.connect();
      closers.push(() => consumer.disconnect());
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      consumer.on(consumer.events.GROUP_JOIN, ready);
      await consumer.run({ autoCommit: false, eachBatch: async ({ batch }) => seen(batch.messages.length) });
    },
    async writer(topic) {
      const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
      await producer.connect();
      closers.push(() => producer.disconnect());
      return (values, partition) =>
        producer.send({ topic, acks: -1, messages: values.map((value) => ({ value, partition })) });
    },
    close: () => Promise.all(closers.map((close) => close())),
  };
}
