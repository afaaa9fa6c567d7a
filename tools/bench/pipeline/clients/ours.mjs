import { openKafkaLog } from '@moola/streams/adapters/kafka/open-kafka-log';

export async function openClient({ brokers }) {
  const log = openKafkaLog({ brokers: [brokers] });
  return {
    async read({ topic, group, ready, seen }) {
      await log.join(group, topic, {
        assigned: async () => (ready(), 0),
        batch: async ({ records }) => seen(records.length),
        revoked: async () => undefined,
      });
    },
    writer: async (topic) => (values, partition) => log.append({ topic, partition }, values),
    close: () => log.close(),
  };
}
