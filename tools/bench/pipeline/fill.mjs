import { CompressionTypes, Kafka, logLevel } from 'kafkajs';

export const partitions = 6;
export const eventsABatch = 500;
/** Records of one request. */
const recordsAtOnce = 12_000;

export const client = (brokers) =>
  new Kafka({ brokers: [brokers], clientId: 'bench', logLevel: logLevel.NOTHING, retry: { retries: 20 } });

/** How the load lies in a topic: `value(i)` of its i-th record, `count` records, and where they go. */
export const layouts = {
  /** One record an event, with any key, in turns over the partitions. */
  events: (load) => ({ count: load.events, message: (i) => ({ value: load.event(i), partition: i % partitions }) }),
  /** Producers that batch. */
  batches: (load) => ({
    count: Math.ceil(load.events / eventsABatch),
    message: (i) => ({ value: load.batch(i * eventsABatch, eventsABatch), partition: i % partitions }),
  }),
  /** Producers that know how the windows are kept: the series is the key, and decides the partition. */
  bySeries: (load) => ({
    count: load.events,
    message: (i) => {
      const key = load.seriesOf(i);
      return { key, value: load.event(i), partition: Number(key) % partitions };
    },
  }),
};

/** Makes the topic and writes the load into it. */
export async function fill(brokers, topic, { count, message }, headers) {
  const kafka = client(brokers);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const atOnce = Math.min(recordsAtOnce, Math.max(partitions, Math.ceil(count / 20)));
  for (let i = 0; i < count; i += atOnce) {
    const messages = Array.from({ length: Math.min(atOnce, count - i) }, (_, j) => ({ ...message(i + j), headers }));
    await producer.send({ topic, messages, acks: -1, compression: CompressionTypes.None });
  }
  await producer.disconnect();
}
