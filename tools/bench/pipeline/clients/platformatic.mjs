import { createRequire } from 'node:module';
import { join } from 'node:path';

export async function openClient({ brokers, modules }) {
  const { Consumer, Producer, ProduceAcks } = await import(
    createRequire(join(modules, 'package.json')).resolve('@platformatic/kafka')
  );
  const settings = { clientId: 'bench', bootstrapBrokers: [brokers] };
  const closers = [];
  return {
    async read({ topic, group, ready, seen }) {
      const consumer = new Consumer({ ...settings, groupId: group, highWaterMark: 8192 });
      const stream = await consumer.consume({ topics: [topic], mode: 'earliest', autocommit: false, maxWaitTime: 100 });
      closers.push(() => consumer.close(true));
      ready();
      stream.on('data', () => seen(1));
    },
    async writer(topic) {
      const producer = new Producer({ ...settings, idempotent: true, acks: ProduceAcks.ALL });
      closers.push(() => producer.close());
      return (values, partition) => producer.send({ messages: values.map((value) => ({ topic, value, partition })) });
    },
    close: () => Promise.all(closers.map((close) => close())),
  };
}
