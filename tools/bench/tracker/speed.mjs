// How many observation rows a second the tracker takes in, on one core, and what a tick and a checkpoint cost. Half of the
// rows are predictions, half are labels; decoding them is not included.
//   node tools/bench/tracker/speed.mjs [models = 50] [rows a tick = 10000] [ticks = 200] [tick in ms = 1000]
import { absentLabelled, absentPrediction } from '@moola/contracts/columns/absent';
import { createTracker } from '@moola/tracker/domain/tracker';

const [models, rowsPerTick, ticks, stepMs] = [50, 10_000, 200, 1000].map((byDefault, i) =>
  Number(process.argv[2 + i] ?? byDefault),
);
const state = createTracker().restore(new Map(), { environment: 'bench', partition: 0, partitions: 1, life: 0 });
const source = { processor: 'collector/join', partition: 0, epoch: 0 };
const position = { offset: 0, ordinal: 0 };

let emitted = 0;
const emitter = { emit: () => void emitted++, forward: () => undefined, partitionsOf: () => 1 };

/** Numbers in [0, 1), the same at every run. */
let seed = 1;
const random = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;

let nowMs = 1_700_000_000_000;
const rows = [];
for (let i = 0; i < rowsPerTick; i += 2) {
  const model = `model-${Math.floor(random() * models)}`;
  const timeMs = nowMs + Math.floor(random() * stepMs);
  const common = { model, version: 'v1', role: 1, class: random() < 0.5 ? '1' : '0' };
  const prediction = { ...absentPrediction, kind: 'prediction', source: 'bench', ...common, timeMs };
  rows.push({ ...prediction, latencyMs: Math.exp(2 + random()), costUsd: 0.0001 });
  const truth = random() < 0.9 ? common.class : '0';
  rows.push({
    ...absentLabelled,
    kind: 'labelled',
    ...common,
    predictedAtMs: timeMs - 60_000,
    knownAtMs: timeMs,
    truth,
    freshness: 'new',
    group: i,
  });
}

const spent = { rows: 0, ticks: 0, checkpoints: 0 };
const measure = (what, work) => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  spent[what] += (user + system) / 1e6;
};

let bytes = 0;
for (let tick = 0; tick < ticks; tick++) {
  measure('rows', () => {
    for (const value of rows) state.apply({ source, position, tickMs: nowMs, kind: 'data', value }, emitter);
  });
  nowMs += stepMs;
  measure('ticks', () => state.apply({ source, position, tickMs: nowMs, kind: 'tick' }, emitter));
  measure('checkpoints', () => {
    for (const entry of state.takeChanges().values()) bytes += entry?.length ?? 0;
  });
  for (const row of rows) {
    if (row.kind === 'prediction') row.timeMs += stepMs;
    else
      [row.predictedAtMs, row.knownAtMs, row.group] = [
        row.predictedAtMs + stepMs,
        row.knownAtMs + stepMs,
        row.group + rowsPerTick,
      ];
  }
}

const total = rows.length * ticks;
const round = (value) => Math.round(value * 10) / 10;
console.log(
  JSON.stringify({
    models,
    rowsPerCpuSecond: Math.round(total / spent.rows),
    rowsPerCpuSecondWithTicksAndCheckpoints: Math.round(total / (spent.rows + spent.ticks + spent.checkpoints)),
    microsecondsPerModelAndTick: round((spent.ticks * 1e6) / (models * ticks)),
    checkpointMsPerTick: round((spent.checkpoints * 1e3) / ticks),
    checkpointBytesPerRow: round(bytes / total),
    emittedPerTick: round(emitted / ticks),
    heapMb: Math.round(process.memoryUsage().heapUsed / 1e6),
  }),
);
