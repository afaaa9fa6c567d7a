// Six hops over Kafka with kafkajs and nothing else: what a message needs from the first topic to the last.
import { client } from '../fill.mjs';
import { percentiles } from '../../standalone/machine.mjs';

const { brokers } = JSON.parse(process.argv[2]);
const hops = 6;
const everyMs = 50;
const kafka = client(brokers);
const topics = Array.from({ length: hops + 1 }, (_, hop) => `chain-${hop}`);
const tookMs = [];

const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: topics.map((topic) => ({ topic, numPartitions: 1 })), waitForLeaders: true });
await admin.disconnect();
const producer = kafka.producer();
await producer.connect();
const consumers = topics.slice(0, -1).map((topic, hop) => consumeFrom(topic, topics[hop + 1]));
consumers.push(consumeFrom(topics.at(-1), null));
const joined = await Promise.all(consumers);

const send = () => {
  const value = String(performance.now());
  producer.send({ topic: topics[0], messages: [{ value }], acks: -1 }).catch(() => undefined);
};
const timer = setInterval(send, everyMs);
process.stdin.resume().on('end', async () => {
  clearInterval(timer);
  process.stdout.write(`${JSON.stringify(percentiles(tookMs.slice(20)))}\n`);
  await Promise.all(joined.map((consumer) => consumer.disconnect()));
  await producer.disconnect();
});

async function consumeFrom(topic, next) {
  const consumer = kafka.consumer({ groupId: `chain-${topic}`, maxWaitTimeInMs: 100 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  const has = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch: { messages } }) => {
      if (next) await producer.send({ topic: next, messages: messages.map(({ value }) => ({ value })), acks: -1 });
      else for (const { value } of messages) tookMs.push(performance.now() - Number(value));
    },
  });
  await has;
  return consumer;
}
