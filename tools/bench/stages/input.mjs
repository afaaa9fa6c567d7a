// The input of a run of `stages.mjs`: records of `intake` as `collector/receive` would have written them, the same at
// every run.
import { join } from 'node:path';

/**
 * @param build folder of the build whose codecs pack the rows
 * @param options see `stages.mjs`
 * @returns steps in order of time: the records of each partition and the tick that follows them
 */
export async function intakeSteps(build, { series, predictions, rate, tickMs, rowsPerRecord, partitions }) {
  const load = (path) => import(join(build, path));
  const { create } = await load('node_modules/@bufbuild/protobuf/dist/esm/index.js');
  const { timestampFromMs } = await load('node_modules/@bufbuild/protobuf/dist/esm/wkt/index.js');
  const { EventSchema } = await load('libs/contracts/dist/gen/moola/v1/telemetry_pb.js');
  const { topics } = await load('libs/contracts/dist/topics.js');
  const { partitionOf } = await load('libs/contracts/dist/partition-of.js');
  const { encodeBatches, externalBatch, RowColumns } = await load('libs/streams/dist/processor/batch-codec.js');

  const random = randomNumbers();
  const models = Array.from({ length: series }, (_, i) => `model-${i}`);
  const home = models.map((model) => partitionOf(model, partitions));
  const padded = (i) => String(i).padStart(12, '0');
  const startMs = 1_700_000_000_000;
  const perStep = Math.round((rate * tickMs) / 1000);
  /** An outcome follows two seconds later. */
  const lagSteps = Math.round(2000 / tickMs);
  const outcomes = new Map();
  const offsets = new Array(partitions).fill(0);
  const sources = offsets.map((_, partition) => ({ processor: 'collector/receive', partition, epoch: 0 }));
  const steps = [];
  let made = 0;
  for (let step = 0; made < predictions || outcomes.size > 0; step++) {
    const nowMs = startMs + step * tickMs;
    const rows = offsets.map(() => []);
    const due = outcomes.get(step) ?? [];
    outcomes.delete(step);
    for (const { model, input, truth } of due) {
      const knownAt = timestampFromMs(nowMs + Math.floor(random() * tickMs));
      const value = { model: models[model], input, truth, knownAt };
      const event = create(EventSchema, { id: `o-${input}`, source: 'bench', kind: { case: 'outcome', value } });
      rows[home[model]].push({ kind: 'event', event });
    }
    for (let i = 0; i < perStep && made < predictions; i++, made++) {
      const model = Math.floor(random() * series);
      const input = `transaction-${made}`;
      const answer = random() < 0.5 ? '1' : '0';
      rows[home[model]].push({
        kind: 'prediction',
        id: `0190f3c8-7b1e-7000-8000-${padded(made)}`,
        source: 'fraud-service-eu',
        model: models[model],
        version: 'v1',
        build: '',
        role: 1,
        input,
        timeMs: nowMs + Math.floor(random() * tickMs),
        class: answer,
        value: NaN,
        score: Math.round(random() * 1e4) / 1e4,
        latencyMs: Math.round(Math.exp(2 + random()) * 1e3) / 1e3,
        costUsd: 0.0004,
        error: '',
        segments: {},
        arm: '',
        features: {},
        unit: '',
      });
      if (random() < 0.1) {
        const at = step + lagSteps;
        const truth = random() < 0.9 ? answer : '1';
        if (!outcomes.has(at)) outcomes.set(at, []);
        outcomes.get(at).push({ model, input, truth });
      }
    }
    const records = rows.map((of, partition) => {
      const values = [];
      for (let from = 0; from < of.length; from += rowsPerRecord) {
        const columns = new RowColumns();
        const offset = offsets[partition]++;
        of.slice(from, from + rowsPerRecord).forEach((row, ordinal) => columns.addData(offset, ordinal, nowMs, row));
        values.push(...encodeBatches(sources[partition], columns, topics.intake.codec));
      }
      values.push(...externalBatch(topics.intake, [{ kind: 'tick', tickMs: nowMs + tickMs }]));
      return values;
    });
    steps.push({ records, rows: rows.reduce((sum, of) => sum + of.length, 0) });
  }
  return steps;
}

/** Numbers in [0, 1), the same at every run. */
function randomNumbers() {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
