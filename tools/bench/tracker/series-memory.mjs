// How many bytes of memory the tracker takes for a series: one version of one model, of a task, at a rate. Every prediction
// has its latency and its cost, and its label a minute later: the most that a series of that rate takes. Run with --expose-gc.
//   node --expose-gc tools/bench/tracker/series-memory.mjs TASK PER_SECOND SERIES HOURS [heap snapshot]
import { writeHeapSnapshot } from 'node:v8';
import { create } from '@bufbuild/protobuf';
import { absentLabelled, absentPrediction } from '@moola/contracts/columns/absent';
import { DefinitionSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { undeclaredModel } from '@moola/contracts/definitions/defaults';
import { createTracker } from '@moola/tracker/domain/tracker';

const [task, perSecond, series, hours, snapshot] = process.argv
  .slice(2)
  .map((arg, i) => (i > 0 && i < 4 ? Number(arg) : arg));

const stepMs = 300_000;
const labelDelayMs = 60_000;
const classes = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];

/** Numbers in [0, 1), the same at every run. */
let seed = 1;
const random = () => (seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

const answers = {
  binary() {
    const score = random();
    const answer = score < 0.5 ? '0' : '1';
    return { class: answer, score, truth: random() < score ? '1' : '0' };
  },
  multiclass() {
    const answer = classes[Math.floor(10 * random() * random())];
    const sure = 0.5 + random() / 2;
    const probabilities = Object.fromEntries(classes.map((each) => [each, each === answer ? sure : (1 - sure) / 9]));
    return { class: answer, probabilities, truth: random() < sure ? answer : classes[Math.floor(10 * random())] };
  },
  regression() {
    const truthValue = 100 + 20 * normal();
    return { class: '', value: truthValue + 5 * normal(), truthValue };
  },
  unlabelled: () => ({ class: random() < 0.5 ? 'a' : 'b', score: random() }),
};

const state = createTracker().restore(new Map(), { environment: 'bench', partition: 0, partitions: 1, life: 0 });
const emitter = { emit: () => undefined, forward: () => undefined, partitionsOf: () => 1 };
const source = { processor: 'collector/join', partition: 0, epoch: 0 };
const position = { offset: 0, ordinal: 0 };
const beginMs = 1_700_000_000_000;
let nowMs = beginMs;
const apply = (row) => state.apply({ source, position, tickMs: nowMs, ...row }, emitter);

let group = 0;

/** A prediction and, of one a minute before, the label: the same answer serves for both. */
function predict(model) {
  const { truth, truthValue, ...answer } = answers[task]();
  const latencyMs = Math.exp(2 + normal() / 2);
  const common = { model, version: 'v1', role: 1, ...answer };
  const timeMs = nowMs + Math.floor(random() * stepMs);
  const prediction = { ...absentPrediction, ...common, kind: 'prediction', source: 'bench', timeMs, latencyMs };
  apply({ kind: 'data', value: { ...prediction, costUsd: 0.0001 } });
  if (task === 'unlabelled' || timeMs < beginMs + labelDelayMs) return;
  const label = { ...absentLabelled, ...common, kind: 'labelled', truth, group: group++ };
  const times = { predictedAtMs: timeMs - labelDelayMs, knownAtMs: timeMs };
  apply({ kind: 'data', value: { ...label, ...times, ...(truthValue !== undefined && { truthValue }) } });
}

function define(model) {
  const { kind } = undeclaredModel(model, task);
  apply({ kind: 'definition', definition: create(DefinitionSchema, { name: model, kind }) });
}

/** What a checkpoint returns is saved elsewhere. */
function tick() {
  nowMs += stepMs;
  apply({ kind: 'tick' });
  state.takeChanges();
}

function liveBytes() {
  for (let i = 0; i < 4; i++) globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

// A day of a series of its own first: code and tables that all series share are not counted.
define('first');
while (nowMs < beginMs + 25 * 3_600_000) {
  for (let i = 0; i < stepMs / 1000; i++) predict('first');
  tick();
}
const models = Array.from({ length: series }, (_, i) => `model-${i}`);
const before = liveBytes();
const kibPerSeries = () => Math.round((liveBytes() - before) / series / 102.4) / 10;

for (const model of models) define(model);
const endMs = nowMs + hours * 3_600_000;
const earlyMs = nowMs + 1.5 * 3_600_000;
const due = models.map(() => random());
let early = null;
while (nowMs < endMs) {
  models.forEach((model, i) => {
    for (due[i] += (perSecond * stepMs) / 1000; due[i] >= 1; due[i]--) predict(model);
  });
  tick();
  if (early === null && nowMs >= earlyMs) early = kibPerSeries();
}
const figures = { task, perSecond, series, hours, kibPerSeriesAfter90Minutes: early, kibPerSeries: kibPerSeries() };
if (snapshot) writeHeapSnapshot(snapshot);
console.log(JSON.stringify(figures));
