import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { temporaryFolder } from '../standalone/machine.mjs';
import { client, eventsABatch, fill, layouts, partitions } from './fill.mjs';
import { kafkaStreamsProgram, kafkaStreamsSettings } from './kafka-streams.mjs';
import { Load } from './load.mjs';
import { inTurns, times } from './rounds.mjs';
import { runProgram } from './run-program.mjs';

const program = (name) => fileURLToPath(new URL(`programs/${name}.mjs`, import.meta.url));
const topics = {
  events: 'moola.filled.telemetry.v1',
  batches: 'moola.filled-batches.telemetry.v1',
  bySeries: 'moola.filled-by-series.telemetry.v1',
};

/** Events per CPU second, of kafkajs alone, of each stage, of the whole, and of Kafka Streams. */
export async function measureThroughput({ servers, progress, events, series, rounds, blocks: asked }) {
  const { brokers } = servers;
  progress(`making ${events} predictions of ${series} series`);
  const load = new Load(events, series, Date.now());
  const messages = {};
  for (const [layout, topic] of Object.entries(topics)) {
    progress(`filling ${topic}`);
    const laid = layouts[layout](load);
    messages[layout] = laid.count;
    await fill(brokers, topic, laid);
  }
  const kafkajs = (work, layout) => () => {
    const options = { brokers, topic: topics[layout], events, messages: messages[layout], layout, work };
    return runProgram(process.execPath, [program('bare'), JSON.stringify(options)]);
  };
  const all = {
    bare: kafkajs('count', 'events'),
    bareAgain: kafkajs('count', 'events'),
    decode: kafkajs('decode', 'events'),
    decodeBatches: kafkajs('decode', 'batches'),
    ...kafkaStreamsBlocks(servers, events),
  };
  const names = Object.keys(all).filter((name) => asked.length === 0 || asked.includes(name));
  const measured = await inTurns(Object.fromEntries(names.map((name) => [name, all[name]])), rounds, progress);
  const has = (...wanted) => wanted.every((name) => name in measured);
  return {
    load: { events, series, partitions, bytesAnEvent: Math.round((load.bytes / events) * 10) / 10, eventsABatch },
    kafkaStreamsSettings,
    measured,
    ratios: {
      ...(has('bare', 'bareAgain') ? { sameToSame: times(measured, 'bareAgain', 'bare') } : {}),
      ...(has('bare', 'decode') ? { decodeToBare: times(measured, 'decode', 'bare') } : {}),
    },
  };
}

/** Telemetry has any key, so it has to be partitioned anew; the last takes a topic that has been keyed for it. */
function kafkaStreamsBlocks({ brokers }, events) {
  const command = kafkaStreamsProgram();
  const block = (options) => async () => {
    const application = `bench-${randomUUID()}`;
    const folder = temporaryFolder();
    const plain = { keyed: 'any', records: 'event', store: 'memory', guarantee: 'at_least_once', topic: topics.events };
    const [java, args] = command({ ...plain, ...options, brokers, application, folder, events });
    try {
      return await runProgram(java, args);
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await removeTopics(brokers, application);
    }
  };
  return {
    kafkaStreams: block({}),
    /** Its virtual machine has run all of it once before. */
    kafkaStreamsWarm: block({ passes: 2 }),
    kafkaStreamsRocksDb: block({ store: 'rocksdb' }),
    kafkaStreamsExactlyOnce: block({ guarantee: 'exactly_once_v2' }),
    kafkaStreamsBatches: block({ records: 'batch', topic: topics.batches }),
    kafkaStreamsBySeries: block({ keyed: 'by-series', topic: topics.bySeries }),
  };
}

/** Removes what a block has made, so that the broker does not grow from block to block. */
async function removeTopics(brokers, prefix) {
  const admin = client(brokers).admin();
  await admin.connect();
  const made = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
  if (made.length > 0) await admin.deleteTopics({ topics: made });
  await admin.disconnect();
}
