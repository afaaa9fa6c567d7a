// kafkajs as it is: counts messages, or decodes each, and does nothing else.
import { randomUUID } from 'node:crypto';
import { fromBinary } from '@bufbuild/protobuf';
import { EventBatchSchema, EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { client } from '../fill.mjs';
import { Measured } from '../measured.mjs';

const { brokers, topic, events, messages, layout, work } = JSON.parse(process.argv[2]);
const measured = new Measured();
const decoders = {
  events: (value) => (fromBinary(EventSchema, value).kind.case === 'prediction' ? 1 : 0),
  batches: (value) => fromBinary(EventBatchSchema, value).events.length,
};
/** How many events a message holds. Counting needs no look into it: messages are counted then. */
const eventsOf = work === 'decode' ? decoders[layout] : null;
let seen = 0;
let counted = 0;
let finish;
const finished = new Promise((resolve) => (finish = resolve));

const consumer = client(brokers).consumer({ groupId: `bench-${randomUUID()}` });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
consumer.on(consumer.events.GROUP_JOIN, () => measured.ready());
await consumer.run({
  autoCommit: false,
  eachBatch: async ({ batch }) => {
    if (eventsOf) for (const { value } of batch.messages) counted += eventsOf(value);
    seen += batch.messages.length;
    if (seen === messages) finish();
  },
});
await finished;
if (eventsOf && counted !== events) throw new Error(`${counted} events were counted, not ${events}`);
measured.done(events);
await consumer.disconnect();
