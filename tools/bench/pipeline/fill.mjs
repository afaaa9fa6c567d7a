import { CompressionTypes, Kafka, logLevel } from 'kafkajs';

export const partitions = 6;
export const eventsABatch = 500;
/** Events of one request: about a megabyte and a half over all partitions. */
const eventsAtOnce = 12_000;

export const client = (brokers) =>
  new Kafka({ brokers: [brokers], clientId: 'bench', logLevel: logLevel.NOTHING, retry: { retries: 20 } });

/** How the load lies in a topic: `message(i)` is its i-th record of `count`, each with so many events. */
export const layouts = {
  /** One record an event, with any key, in turns over the partitions. */
  events: (load) => ({
    count: load.events,
    eventsEach: 1,
    message: (i) => ({ value: load.event(i), partition: i % partitions }),
  }),
  /** Producers that batch. */
  batches: (load) => ({
    count: Math.ceil(load.events / eventsABatch),
    eventsEach: eventsABatch,
    message: (i) => ({ value: load.batch(i * eventsABatch, eventsABatch), partition: i % partitions }),
  }),
  /** Producers that know how the windows are kept: the series is the key, and decides the partition. */
  bySeries: (load) => ({
    count: load.events,
    eventsEach: 1,
    message: (i) => {
      const key = load.seriesOf(i);
      return { key, value: load.event(i), partition: Number(key) % partitions };
    },
  }),
};

/** Makes the topic and writes the load into it. */
export async function fill(brokers, topic, { count, eventsEach, message }, headers) {
  const kafka = client(brokers);
  const admin = kafka.admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions: partitions }], waitForLeaders: true });
  await admin.disconnect();
  const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  await producer.connect();
  const atOnce = eventsAtOnce / eventsEach;
  for (let i = 0; i < count; i += atOnce) {
    const messages = Array.from({ length: Math.min(atOnce, count - i) }, (_, j) => ({ ...message(i + j), headers }));
    await producer.send({ topic, messages, acks: -1, compression: CompressionTypes.None });
  }
  await producer.disconnect();
}
