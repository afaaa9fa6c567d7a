// How many predictions and outcomes a second `collector/join` applies on one core, and what a held prediction costs in
// memory. Needs a build, and --expose-gc for the memory.
//   node --expose-gc tools/bench/join.mjs [--json]
import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { joinProcessor } from '../../apps/collector/dist/join/domain/join-processor.js';
import { EventSchema } from '@moola/contracts/gen/moola/v1/telemetry_pb';

const predictions = 2_000_000;
const perSecond = 20_000;
const source = { processor: '', partition: 0, epoch: 0 };
const state = joinProcessor.restore(new Map(), { environment: 'bench', partition: 0, partitions: 1, life: 0 });
let emitted = 0;
const emitter = { emit: () => emitted++, forward: () => undefined, partitionsOf: () => 1, applying: () => undefined };
let tickMs = 0;
const position = { offset: 0, ordinal: 0 };
const memory = () => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};
function prediction(i, timeMs) {
  return {
    kind: 'prediction',
    id: `event-${i}`,
    source: 'bench',
    model: `model-${i % 100}`,
    version: 'v1',
    build: '',
    role: 1,
    input: `transaction-${i}`,
    timeMs,
    class: i % 3 === 0 ? '1' : '0',
    value: NaN,
    score: 0.5,
    latencyMs: 1,
    costUsd: NaN,
    error: '',
    segments: {},
    arm: '',
    features: {},
    unit: '',
  };
}
function outcome(i) {
  const value = { model: `model-${i % 100}`, input: `transaction-${i}`, truth: '1', knownAt: timestampFromMs(tickMs) };
  return {
    kind: 'event',
    event: create(EventSchema, { id: `o-${i}`, source: 'bench', kind: { case: 'outcome', value } }),
  };
}
const seconds = (since) => Number(process.hrtime.bigint() - since) / 1e9;
const apply = (row) => state.apply(row, emitter);
const dataRow = (value) => ({ source, position, tickMs, kind: 'data', value });
/** Applies rows a second of event time at once; making them is not measured. */
function timed(count, make, afterwards) {
  let total = 0;
  for (let i = 0; i < count; i += perSecond) {
    const rows = Array.from({ length: perSecond }, (_, j) => dataRow(make(i + j, tickMs)));
    const since = process.hrtime.bigint();
    for (const row of rows) apply(row);
    total += seconds(since);
    tickMs += 1000;
    apply({ source, position, tickMs, kind: 'tick' });
    afterwards();
  }
  return total;
}
let checkpointBytes = 0;
let saveSeconds = 0;
const before = memory();
const predicted = timed(predictions, prediction, () => {
  const since = process.hrtime.bigint();
  for (const bytes of state.takeChanges().values()) checkpointBytes += bytes?.length ?? 0;
  saveSeconds += seconds(since);
});
const held = memory() - before;
const outcomes = predictions / 4;
const joined = timed(outcomes, outcome, () => undefined);
const result = {
  predictionsPerSecond: Math.round(predictions / predicted),
  outcomesPerSecond: Math.round(outcomes / joined),
  bytesPerHeldPrediction: Math.round(held / predictions),
  checkpointBytesPerPrediction: Math.round(checkpointBytes / predictions),
  checkpointShare: saveSeconds / predicted,
  emitted,
};
console.log(process.argv.includes('--json') ? JSON.stringify(result) : result);
