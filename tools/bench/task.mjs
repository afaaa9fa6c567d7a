// Rows a CPU second through a task of a processor that does next to nothing: what the runtime costs. From the sources:
//   node --import ./tools/typescript/register.mjs tools/bench/task.mjs [--json]
// To compare two versions, run it in both trees in turns (A B B A) and compare the medians.
import { encodeBatches, RowColumns } from '@moola/streams/processor/batch-codec';
import { startProcessor } from '@moola/streams/task/start-processor';
import { systemClock } from '@moola/streams/adapters/system-clock';
import { memoryLog, memoryStore } from './memory-log.mjs';

const rounds = 7;
const rows = 300_000;
const batchRecords = 500;
const partitions = 6;

const codec = {
  encode: (values) => Uint8Array.from(values),
  decode: (bytes) => Array.from(bytes),
};
const input = { name: 'bench-in', codec };
const output = { name: 'bench-out', codec };
const letters = { name: 'bench-letters', codec };

const counting = () => ({ apply: () => undefined, takeChanges: () => new Map() });
const sending = () => ({
  apply: (row, emitter) => emitter.emit(output, row.value % partitions, row.value),
  takeChanges: () => new Map(),
});
const foreign = { foreign: ({ value }) => value[0] };

const source = { processor: 'bench/source', partition: 0, epoch: 0 };
const batches = (rowsEach) => {
  const records = [];
  for (let from = 0; from < rows; from += rowsEach) {
    const columns = new RowColumns();
    for (let row = from; row < from + rowsEach; row++) columns.addData(row, 0, 1000 + row, row % 251);
    records.push(encodeBatches(source, columns, codec)[0]);
  }
  return records;
};
const single = Array.from({ length: rows }, (_, row) => Uint8Array.of(row % 251));

const cases = [
  ['foreign records of one row, counted', single, { ...foreign, restore: counting }],
  ['foreign records of one row, each sent to one of six partitions', single, { ...foreign, restore: sending }],
  ['own records of one row, counted', batches(1), { restore: counting }],
  ['own records of 1,000 rows, counted', batches(1000), { restore: counting }],
  ['own records of 1,000 rows, each sent to one of six partitions', batches(1000), { restore: sending }],
];

async function run(values, processor) {
  const records = values.map((value, offset) => ({ offset, appendedAtMs: 2_000_000, value }));
  const log = memoryLog(records, batchRecords, (topic) => (topic.includes('bench-out') ? partitions : 1));
  await startProcessor({
    ...{ log, store: memoryStore, clock: systemClock, token: () => 'token', environment: 'bench', time: 'replay' },
    processor: { name: 'bench/task', input, outputs: [output], ...processor },
    deadLetters: { topic: letters, letter: () => 0 },
    notices: (notice) => console.error(notice),
  });
  return rows / log.cpuSeconds;
}

const results = {};
for (const [name, values, processor] of cases) {
  const speeds = [];
  for (let round = 0; round < rounds; round++) speeds.push(await run(values, processor));
  speeds.sort((a, b) => a - b);
  results[name] = {
    rowsPerCpuSecond: Math.round(speeds[rounds >> 1]),
    least: Math.round(speeds[0]),
    most: Math.round(speeds.at(-1)),
  };
}
if (process.argv.includes('--json')) console.log(JSON.stringify(results));
else console.table(results);
