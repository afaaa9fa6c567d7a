// Events a CPU second through a task of `collector/receive`, without Kafka: a record an event and records of 500, protobuf
// and JSON, identifiers replaced and not. Beside it what the generated reader takes for the same (`reference`: before there
// was a reader of our own), and outcomes. Needs a build.
//   node tools/bench/receive.mjs [--json] [--only <part of a name>] [--rounds 5] [--events 100000]
import { fromBinary, toJson } from '@bufbuild/protobuf';
import { EventBatchSchema, EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { partitionOf } from '@moola/contracts/partition-of';
import { topics } from '@moola/contracts/topics';
import { startProcessor } from '@moola/streams/task/start-processor';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { receiveProcessor } from '../../apps/collector/dist/receive/domain/receive-processor.js';
import { receive } from '../../apps/collector/dist/receive/domain/receive.js';
import { contentId } from '../../apps/collector/dist/receive/event-id.js';
import { identifierHash } from '../../apps/collector/dist/receive/identifier-hash.js';
import { memoryLog, memoryStore } from './memory-log.mjs';
import { Load } from './pipeline/load.mjs';

const option = (name, byDefault) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? byDefault : process.argv[at + 1];
};
const rounds = Number(option('--rounds', 5));
const events = Number(option('--events', 100_000));
const only = option('--only', '');
const batchEvents = 500;
/** As much as one fetch of Kafka gives of a partition. */
const fetchBytes = 1024 * 1024;
const partitions = 6;
const endMs = Date.UTC(2026, 0, 1);
const horizonMs = 31 * 86_400_000;

const load = new Load(events, 1000, endMs);
const decoded = Array.from({ length: events }, (_, i) => fromBinary(EventSchema, load.event(i)));
const json = decoded.map((event) => toJson(EventSchema, event));
const copied = (bytes) => Buffer.from(bytes);
const batches = (make) =>
  Array.from({ length: Math.ceil(events / batchEvents) }, (_, i) => copied(make(i * batchEvents)));
const values = {
  'protobuf, one a record': () => decoded.map((_, i) => copied(load.event(i))),
  'protobuf, 500 a record': () => batches((from) => load.batch(from, batchEvents)),
  'JSON, one a record': () => json.map((event) => Buffer.from(JSON.stringify(event))),
  'JSON, 500 a record': () => batches((from) => JSON.stringify(json.slice(from, from + batchEvents))),
};
const formOf = (name) => (name.startsWith('protobuf, 500') ? batchHeader : undefined);
const batchHeader = { 'content-type': 'application/x-protobuf; messageType=moola.v1.EventBatch' };

const hash = identifierHash({ id: 'bench', secret: 'a secret of enough length' });
const letter = () => {
  throw new Error('nothing is refused here');
};
const ours = (replaceIdentifier) =>
  receiveProcessor({ horizonMs, contentId, replaceIdentifier, letter, counted: () => undefined });

/** The generated reader, and the checks on its messages. */
const reference = (replaceIdentifier) => ({
  ...ours(replaceIdentifier),
  restore: () => ({
    apply({ value }, emitter) {
      const read = value.headers['content-type']
        ? fromBinary(EventBatchSchema, value.value, { readUnknownFields: false }).events
        : [fromBinary(EventSchema, value.value, { readUnknownFields: false })];
      for (const event of read) {
        const received = receive(event, { nowMs: value.appendedAtMs, horizonMs, replaceIdentifier, contentId });
        emitter.emit(topics.intake, partitionOf(received.model, partitions), received.row);
      }
    },
    takeChanges: () => new Map(),
  }),
});

const cases = Object.keys(values).flatMap((form) => [
  { name: `${form}, replaced`, form, processor: () => ours(hash) },
  { name: `${form}, not replaced`, form, processor: () => ours(null) },
  ...(form.startsWith('protobuf')
    ? [{ name: `${form}, replaced, reference`, form, processor: () => reference(hash) }]
    : []),
]);

/** A log that takes everything at once, and hands over these records. @returns CPU seconds */
async function run(processor, given, headers) {
  const batchRecords = Math.ceil((fetchBytes * given.length) / given.reduce((sum, { length }) => sum + length, 0));
  const records = given.map((value, offset) => ({ offset, appendedAtMs: endMs, value, ...(headers && { headers }) }));
  let bytes = 0;
  const partitionsOf = (topic) => (topic.includes('intake') ? partitions : 1);
  const log = memoryLog(records, batchRecords, partitionsOf, (value) => (bytes += value.length));
  await startProcessor({
    ...{
      log,
      store: memoryStore,
      processor,
      clock: systemClock,
      token: () => 'bench',
      environment: 'bench',
      time: 'replay',
    },
    ...{ deadLetters: { topic: topics.deadLetters, letter }, notices: (notice) => console.error(notice) },
  });
  return { seconds: log.cpuSeconds, bytes };
}

const result = {};
const chosen = cases.filter(
  ({ name }) => name === only || (name.includes(only) && !cases.some((each) => each.name === only)),
);
const figures = new Map(chosen.map(({ name }) => [name, []]));
const sizes = {};
for (let round = -1; round < rounds; round++) {
  for (const { name, form, processor } of round % 2 ? chosen : chosen.toReversed()) {
    const { seconds, bytes } = await run(processor(), values[form](), formOf(form));
    if (round >= 0) figures.get(name).push(Math.round(events / seconds));
    sizes[name] = Math.round((bytes / events) * 10) / 10;
  }
}
for (const [name, each] of figures) {
  each.sort((a, b) => a - b);
  result[name] = { eventsACpuSecond: each[rounds >> 1], least: each[0], most: each.at(-1), bytesAnEvent: sizes[name] };
}
console.log(process.argv.includes('--json') ? JSON.stringify(result) : result);
