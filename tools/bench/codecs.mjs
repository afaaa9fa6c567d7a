// How many predictions a second the codec of `intake` packs and unpacks, on one core. Needs a build.
//   node tools/bench/codecs.mjs [--json]
import { intakeCodec } from '@moola/contracts/intake-codec';

const rowsPerRecord = 1000;
const recordsPerRound = 200;
const rounds = 9;

const rows = Array.from({ length: rowsPerRecord }, (_, i) => ({
  kind: 'prediction',
  id: `0190f3c8-7b1e-7000-8000-${String(i).padStart(12, '0')}`,
  source: 'fraud-service-eu',
  model: `model-${i % 50}`,
  version: `v${i % 3}`,
  build: '',
  role: 1 + (i % 2),
  input: `transaction-${1_000_000 + i}`,
  timeMs: 1_700_000_000_000 + i,
  class: i % 5 === 0 ? '1' : '0',
  value: NaN,
  score: i / rowsPerRecord,
  latencyMs: 10 + (i % 40),
  costUsd: 0.0004,
  error: '',
  segments: {},
  arm: '',
  features: {},
  unit: '',
}));

/** Rows a second in each round, slowest first. */
function measure(work) {
  const figures = [];
  for (let round = -2; round < rounds; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < recordsPerRound; i++) work();
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    if (round >= 0) figures.push((rowsPerRecord * recordsPerRound) / seconds);
  }
  return figures.sort((a, b) => a - b).map(Math.round);
}

const bytes = intakeCodec.encode(rows);
const encoded = measure(() => intakeCodec.encode(rows));
const decoded = measure(() => intakeCodec.decode(bytes));
const figure = (values) => ({ median: values[values.length >> 1], least: values[0], most: values.at(-1) });
const result = {
  bytesPerRow: bytes.length / rowsPerRecord,
  encodedRowsPerSecond: figure(encoded),
  decodedRowsPerSecond: figure(decoded),
};
console.log(process.argv.includes('--json') ? JSON.stringify(result) : result);
