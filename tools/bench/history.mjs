// Measures history: queries, projection, size, start, memory. Figures go to standard output as JSON, progress to standard error. Needs a
// build. What they mean: tools/bench/README.md.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setMaxListeners } from 'node:events';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { create } from '@bufbuild/protobuf';
import { DuckDbFile } from '@moola/console/history/duckdb/duckdb-file';
import { EnvironmentHistory } from '@moola/console/history/environment-history';
import { figures } from '@moola/console/history/projections/figures-table';
import { factTopics } from '@moola/console/history/projections/projections';
import { columnsOf } from '@moola/console/history/schema/table';
import { SnapshotSchema } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { topicName, topics } from '@moola/contracts/topics';
import { MemoryLog } from '@moola/streams/adapters/memory/memory-log';
import { externalBatch } from '@moola/streams/processor/batch-codec';

const help = `npm run bench:history -- [options]

  --series <number>  series in the store of the queries (default 10000)
  --quick            1000 series: to see that it works, not to quote
  --help
`;
const { values } = parseArgs({
  options: { series: { type: 'string' }, quick: { type: 'boolean' }, help: { type: 'boolean' } },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const series = Number(values.series ?? (values.quick ? 1000 : 10_000));
const minute = 60_000;
const day = 24 * 60 * minute;
const end = Date.UTC(2026, 0, 31);
const root = mkdtempSync(join(tmpdir(), 'moola-bench-history-'));
const progress = (text) => process.stderr.write(`${text}\n`);
const fileOf = (name) =>
  new DuckDbFile({ folder: join(root, name), environment: 'bench', memoryMib: 128, nowMs: () => 0 });
const cpuMs = (before) => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
const quantile = (sorted, q) =>
  Math.round(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] * 10) / 10;

/** A store as it is after so many days, stretches that no longer change sorted by series. */
async function fill(name, count, { minutesDays, tenMinutesDays, hoursDays }) {
  const file = fileOf(name);
  await (await file.open()).close();
  const instance = await DuckDBInstance.create(file.path, { threads: '2', memory_limit: '1GiB' });
  const connection = await instance.connect();
  await connection.run(
    `INSERT INTO figures_series SELECT i + 1, 'model-' || (i // 10), 'v' || (i % 2), 'primary', 1800000, '', '', 'metric-' || (i % 5) FROM range(${count}) t(i)`,
  );
  const tables = [
    ['figures_1m', minute, minutesDays],
    ['figures_10m', 10 * minute, tenMinutesDays],
    ['figures_1h', 60 * minute, hoursDays],
  ];
  let rows = 0;
  for (const [table, length, days] of tables) {
    const stretch = Math.min(days, Math.max(1, Math.round(length / minute)));
    for (let from = days; from > 0; from -= stretch) {
      const first = end - from * day;
      const buckets = (Math.min(stretch, from) * day) / length;
      await connection.run(
        `INSERT INTO ${table} SELECT s + 1, make_timestamp_ms(${first} + b * ${length}), v, v - 0.05, v + 0.05, 150 + (s + b) % 50, true, v - 0.01, v + 0.01 ` +
          `FROM (SELECT s, b, round(0.8 + 0.1 * sin(s + b / 300.0) + 0.02 * ((s * 7919 + b * 104729) % 1000) / 1000.0, 4) AS v FROM (SELECT s, unnest(range(${buckets})) AS b FROM range(${count}) t(s)))`,
      );
      rows += count * buckets;
    }
    progress(`${name}: ${table} filled`);
  }
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
  return { file, rows, bytes: statSync(file.path).size };
}

async function queries() {
  const { file, rows, bytes } = await fill('queries', series, { minutesDays: 7, tenMinutesDays: 30, hoursDays: 30 });
  const store = await file.open();
  const page = (model, buckets, days) =>
    store.page({
      ...{ table: figures, fromMs: end - days * day, toMs: end, columns: columnsOf(figures).map(({ name }) => name) },
      ...{
        filters: [
          { column: 'model', values: [model] },
          { column: 'metric', values: ['metric-1'] },
        ],
      },
      ...{ newestFirst: false, limit: 10_000, after: null, buckets },
    });
  const shapes = {
    '24 h at 1 m': [{ stored: minute, lengthMs: minute }, 1],
    '7 d at 10 m': [{ stored: 10 * minute, lengthMs: 10 * minute }, 7],
    '30 d at 30 m': [{ stored: 10 * minute, lengthMs: 30 * minute }, 30],
  };
  const answers = {};
  for (const [name, [buckets, days]] of Object.entries(shapes)) {
    const times = [];
    let points = 0;
    for (let n = 0; n < 100; n++) {
      const began = performance.now();
      points = (await page(`model-${(n * 37) % (series / 10)}`, buckets, days)).length;
      times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    answers[name] = { points, p50Ms: quantile(times, 0.5), p99Ms: quantile(times, 0.99) };
  }
  const rssMiB = Math.round(process.memoryUsage().rss / 2 ** 20);
  await store.close();
  return {
    series,
    rows,
    fileMiB: Math.round(bytes / 2 ** 20),
    bytesARow: Math.round((bytes / rows) * 10) / 10,
    answers,
    rssMiB,
  };
}

async function starts() {
  const { file, rows, bytes } = await fill('starts', 1000, { minutesDays: 7, tenMinutesDays: 60, hoursDays: 365 });
  const began = performance.now();
  const store = await file.open();
  const openMs = Math.round(performance.now() - began);
  await store.page({
    ...{ table: figures, fromMs: end - day, toMs: end, filters: [{ column: 'model', values: ['model-1'] }] },
    ...{ columns: ['time', 'value'], newestFirst: false, limit: 10, after: null },
    buckets: { stored: minute, lengthMs: minute },
  });
  const answeredMs = Math.round(performance.now() - began);
  await store.close();
  return { series: 1000, rows, openMs, answeredMs, bytesASeriesAndDayOfTheYear: Math.round(bytes / 1000 / 365) };
}

async function projection() {
  const log = new MemoryLog();
  const settings = { partitions: 1, retentionMs: null, retentionBytes: null };
  await log.createTopics(factTopics.map((topic) => ({ name: topicName('bench', topic), ...settings })));
  const [models, metrics, minutes] = [200, 15, 60];
  for (let n = 0; n < minutes; n++) {
    const facts = Array.from({ length: models }, (_, model) => {
      const published = Array.from({ length: metrics }, (__, m) => ({
        metric: `m${m}`,
        value: (n + m) / 100,
        samples: 100,
      }));
      const value = { version: 'v1', serving: true, windowMs: 1_800_000, figures: published };
      return create(SnapshotSchema, {
        atMs: end + n * minute,
        model: `model-${model}`,
        kind: { case: 'window', value },
      });
    });
    await log.append(
      { topic: topicName('bench', topics.snapshots), partition: 0 },
      externalBatch(
        topics.snapshots,
        facts.map((value) => ({ kind: 'data', value })),
      ),
    );
  }
  const history = new EnvironmentHistory({
    ...{ environment: 'bench', file: fileOf('projection'), mostBytes: 1e12, writeEveryMs: 1, retryAfterMs: 1000 },
    ...{ nowMs: () => 0, warn: progress },
  });
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const cpu = process.cpuUsage();
  const running = history.run(log, stop.signal);
  while (!history.caughtUp) await new Promise((resolve) => setTimeout(resolve, 10));
  const ms = cpuMs(cpu);
  stop.abort();
  await running;
  return { rows: history.rowsWritten, rowsACpuSecond: Math.round((history.rowsWritten / ms) * 1000) };
}

try {
  const result = { projection: await projection(), queries: await queries(), starts: await starts() };
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} finally {
  rmSync(root, { recursive: true, force: true });
}
