// One block of `stages.mjs`, in a process of its own: a stage of one build over the whole input.
//   node run.mjs <JSON of the options>
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { PerformanceObserver } from 'node:perf_hooks';
import { intakeSteps } from './input.mjs';

const options = JSON.parse(process.argv[2]);
const { build, stage, partitions, checkpointMs, tickMs } = options;
const load = (path) => import(join(build, path));
const { Task } = await load('libs/streams/dist/task/task.js');
const { Outputs } = await load('libs/streams/dist/task/outputs.js');
const { PoisonedRows } = await load('libs/streams/dist/task/poisoned-rows.js');
const { decodeBatch, defaultRecordLimits } = await load('libs/streams/dist/processor/batch-codec.js');
const { joinProcessor } = await load('apps/collector/dist/join/domain/join-processor.js');
const { createTracker } = await load('apps/tracker/dist/domain/tracker.js');

const { topics } = await load('libs/contracts/dist/topics.js');
const codecs = Object.fromEntries(Object.values(topics).map(({ name, codec }) => [name, codec]));

const steps = await intakeSteps(build, options);
let input = steps.map(({ records }) => records);
let gcMs = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) gcMs += entry.duration;
}).observe({ entryTypes: ['gc'] });

if (stage === 'tracker') input = (await run(joinProcessor, input)).byStep;
globalThis.gc?.();
await new Promise((resolve) => setTimeout(resolve, 50));
const heldMb = memoryMb();
gcMs = 0;
const { figures, digest } = await run(stage === 'join' ? joinProcessor : createTracker(), input);
await new Promise((resolve) => setTimeout(resolve, 50));
const rows = steps.reduce((sum, step) => sum + step.rows, 0);
const perSecond = (seconds) => Math.round(rows / seconds);
console.log(
  JSON.stringify({
    rowsPerCpuSecond: perSecond(figures.cpuSeconds),
    quietRowsPerCpuSecond: figures.quietRowsPerCpuSecond,
    nsPerRow: {
      rows: Math.round((figures.rowSeconds * 1e9) / rows),
      checkpoints: Math.round((figures.checkpointSeconds * 1e9) / rows),
    },
    gcShare: Math.round(gcMs / 10 / figures.cpuSeconds) / 100,
    peakMb: Math.round(figures.peakMb - heldMb),
    checkpoints: figures.checkpoints,
    entriesPerCheckpoint: Math.round(figures.entries / figures.checkpoints),
    bytesPerCheckpoint: Math.round(figures.bytes / figures.checkpoints),
    bytesIn: figures.bytesIn,
    bytesOut: figures.bytesOut,
    recordsOut: figures.recordsOut,
    digest,
  }),
);

/** Of what went to each partition. */
function digestOf(hashes) {
  const total = createHash('sha256');
  for (const [key, hash] of [...hashes].sort(([a], [b]) => (a < b ? -1 : 1))) total.update(key).update(hash.digest());
  return total.digest('hex').slice(0, 16);
}

/** The rows of a record with their positions, a line each, however they are packed and in whatever records. */
function rowsText(record, codec) {
  const { offsets, ordinals, ticks, kinds, data } = decodeBatch(record, codec);
  const exact = (_, value) => (typeof value === 'bigint' ? `${value}n` : Number.isNaN(value) ? 'NaN' : value);
  let next = 0;
  return (
    Array.from(kinds, (kind, row) => {
      const value = kind === 0 ? data[next++] : null;
      return JSON.stringify([offsets[row], ordinals[row], ticks[row], kind, value], exact);
    }).join('\n') + '\n'
  );
}

function memoryMb() {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

/** Runs a processor over all partitions, with the tasks' own runtime but without log and store. */
async function run(processor, stepsIn) {
  const hashes = new Map();
  const tasks = Array.from({ length: partitions }, (_, partition) => {
    const source = { processor: processor.name, partition, epoch: 0 };
    const topics = [...processor.outputs.map(({ name }) => name), 'dead-letters'];
    const outputs = new Outputs(
      source,
      topics.map((name) => ({ name, logName: name, partitions: name === 'signals' ? 1 : partitions })),
      defaultRecordLimits,
      new Map(),
    );
    const context = { environment: 'bench', partition, partitions, life: 0 };
    const deadLetters = { topic: { name: 'dead-letters' }, letter: () => undefined };
    const progress = { life: 0, timeMs: 0, tickMs: 0, row: 0, ordinal: 0, epoch: 0, lastRecord: null };
    const settings = { processor, context, deadLetters, ticksAheadMs: null, missing: () => undefined };
    return { task: new Task(settings, new Map(), progress, outputs), outputs, offset: 0 };
  });
  const figures = {
    cpuSeconds: 0,
    rowSeconds: 0,
    checkpointSeconds: 0,
    checkpoints: 0,
    entries: 0,
    bytes: 0,
    bytesIn: 0,
    bytesOut: 0,
    recordsOut: 0,
    peakMb: 0,
  };
  const poisoned = new PoisonedRows();
  const byStep = [];
  const rowSeconds = [];
  let sinceCheckpoint = 0;
  const start = process.cpuUsage();
  const mark = () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  };
  const apart = { user: 0, system: 0 };
  for (const [step, records] of stepsIn.entries()) {
    const emitted = [];
    const stepStart = mark();
    for (let partition = 0; partition < partitions; partition++) {
      const { task, outputs } = tasks[partition];
      const own = [];
      const values = records[partition];
      for (const value of values) {
        task.apply({ offset: tasks[partition].offset++, appendedAtMs: 0, value }, poisoned);
        figures.bytesIn += value.length;
        outputs.take(defaultRecordLimits.rows, (at, record) => own.push({ at, record }));
      }
      outputs.take(1, (at, record) => own.push({ at, record }));
      emitted.push(own);
    }
    const seconds = mark() - stepStart;
    figures.rowSeconds += seconds;
    // The last steps hold outcomes alone.
    if (steps[step].rows >= (options.rate * tickMs) / 1000) rowSeconds.push(seconds / steps[step].rows);
    sinceCheckpoint += tickMs;
    if (sinceCheckpoint >= checkpointMs) {
      sinceCheckpoint = 0;
      const before = mark();
      for (const { task } of tasks) {
        const changes = task.takeChanges(null);
        figures.checkpoints++;
        figures.entries += changes.size;
        for (const bytes of changes.values()) figures.bytes += bytes?.length ?? 0;
      }
      figures.checkpointSeconds += mark() - before;
    }
    // What follows is the bench's own.
    const aside = process.cpuUsage();
    for (const own of emitted)
      for (const { at, record } of own) {
        const key = `${at.topic}/${at.partition}`;
        if (!hashes.has(key)) hashes.set(key, createHash('sha256'));
        hashes.get(key).update(options.verify ? rowsText(record, codecs[at.topic]) : record);
        figures.bytesOut += record.length;
        figures.recordsOut++;
      }
    const main = (own) => own.filter(({ at }) => at.topic === 'observations').map(({ record }) => record);
    if (processor === joinProcessor && stage === 'tracker') byStep.push(emitted.map(main));
    figures.peakMb = Math.max(figures.peakMb, memoryMb());
    // Gives the observer of collections its turn.
    await new Promise((resolve) => setImmediate(resolve));
    const { user, system } = process.cpuUsage(aside);
    apart.user += user;
    apart.system += system;
  }
  const { user, system } = process.cpuUsage(start);
  figures.cpuSeconds = (user + system - apart.user - apart.system) / 1e6;
  // What a step takes when other programs leave the machine's caches alone.
  figures.quietRowsPerCpuSecond = Math.round(1 / rowSeconds.sort((a, b) => a - b)[Math.floor(rowSeconds.length / 10)]);
  return { figures, digest: digestOf(hashes), byStep };
}
