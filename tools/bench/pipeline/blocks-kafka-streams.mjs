import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { temporaryFolder } from '../standalone/machine.mjs';
import { removeTopics } from './broker-topics.mjs';
import { kafkaStreamsProgram } from './kafka-streams.mjs';
import { runProgram } from './run-program.mjs';

/** The same windows by Kafka Streams. Telemetry has any key, so it has to be partitioned anew, as our `receive` does. */
export function kafkaStreamsBlocks({ brokers, filled }) {
  const block = (name, options) => ({
    reads: name,
    run: async () => {
      const { topic, layout, events } = filled[name];
      const application = `bench-${randomUUID()}`;
      const folder = temporaryFolder();
      const records = layout === 'batches' ? 'batch' : 'event';
      const plain = { keyed: 'any', records, store: 'memory', guarantee: 'at_least_once' };
      const [java, args] = kafkaStreamsProgram({ ...plain, ...options, brokers, topic, application, folder, events });
      try {
        return await runProgram(java, args);
      } finally {
        rmSync(folder, { recursive: true, force: true });
        await removeTopics(brokers, application);
      }
    },
  });
  return {
    kafkaStreams: block('events', {}),
    /** Its virtual machine has run all of it once before. */
    kafkaStreamsWarm: block('events', { passes: 2 }),
    kafkaStreamsRocksDb: block('events', { store: 'rocksdb' }),
    kafkaStreamsExactlyOnce: block('events', { guarantee: 'exactly_once_v2' }),
    kafkaStreamsBatches: block('batches', {}),
    /** Producers have keyed the records by series for it: nothing is partitioned anew. */
    kafkaStreamsBySeries: block('bySeries', { keyed: 'by-series' }),
  };
}
