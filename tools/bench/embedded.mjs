// What the embedded log does a second, what a flush costs, and what lies on the disk. From the sources:
//   node --import ./tools/typescript/register.mjs tools/bench/embedded.mjs [--json] [--folder <on the disk to measure>]
import { readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '@moola/streams/adapters/embedded/open-embedded';

const rounds = 7;
const at = { topic: 'moola.bench.intake.v1', partition: 0 };
const folderOption = process.argv.indexOf('--folder');
const parent = folderOption > 0 ? process.argv[folderOption + 1] : tmpdir();

const records = (count, bytes) => Array.from({ length: count }, () => new Uint8Array(bytes).fill(7));
const seconds = async (work) => {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
};
const figure = (values) => {
  const sorted = values.toSorted((a, b) => a - b);
  const round = (value) => Number(value.toPrecision(4));
  return { median: round(sorted[sorted.length >> 1]), least: round(sorted[0]), most: round(sorted.at(-1)) };
};

/** A fresh log for one round. `written` is what this process has sent to disks so far, in bytes (Linux only). */
async function withLog(work) {
  const folder = await mkdtemp(join(parent, 'moola-bench-'));
  const { log, close } = await openEmbedded({ folder });
  await log.createTopics([{ name: at.topic, partitions: 1, retentionMs: null, retentionBytes: null }]);
  const fileBytes = () => statSync(join(folder, 'data.mdb')).size;
  try {
    return await work(log, fileBytes);
  } finally {
    await close();
    await rm(folder, { recursive: true });
  }
}

function written() {
  try {
    return Number(/^write_bytes: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1]);
  } catch {
    return NaN;
  }
}

async function repeat(work) {
  const results = [];
  for (let round = -1; round < rounds; round++) {
    const result = await withLog(work);
    if (round >= 0) results.push(result);
  }
  return Object.fromEntries(
    Object.keys(results[0]).map((name) => [name, figure(results.map((result) => result[name]))]),
  );
}

/** Appends one after the other, each awaited, as a task does it to one partition. */
const oneByOne = (bytes, appends) => async (log, fileBytes) => {
  const latencies = [];
  const [size, before] = [fileBytes(), written()];
  for (let n = 0; n < appends; n++) latencies.push((await seconds(() => log.append(at, records(1, bytes)))) * 1000);
  latencies.sort((a, b) => a - b);
  return {
    p50Ms: latencies[appends >> 1],
    p99Ms: latencies[Math.floor(appends * 0.99)],
    diskBytesPerRecord: (fileBytes() - size) / appends,
    writtenBytesPerAppend: (written() - before) / appends,
  };
};

const throughput = (perAppend, bytes, total) => async (log, fileBytes) => {
  const size = fileBytes();
  const appended = await seconds(async () => {
    const appends = [];
    for (let n = 0; n < total; n += perAppend) {
      appends.push(log.append(at, records(perAppend, bytes)));
      if (appends.length === 16) await Promise.all(appends.splice(0));
    }
    await Promise.all(appends);
  });
  const onDisk = (fileBytes() - size) / total;
  const read = await seconds(async () => {
    for (let from = 0; from < total;) from += (await log.read(at, from, 1024 * 1024)).records.length;
  });
  return { appendedPerSecond: total / appended, readPerSecond: total / read, diskBytesPerRecord: onDisk };
};

const flushes = async (log) => {
  const latencies = [];
  for (let n = 0; n < 200; n++) {
    await log.append(at, records(1, 200));
    latencies.push((await seconds(() => log.flushed())) * 1000);
  }
  latencies.sort((a, b) => a - b);
  return { p50Ms: latencies[100], p99Ms: latencies[198] };
};

const result = {
  node: process.version,
  oneByOne200Bytes: await repeat(oneByOne(200, 500)),
  oneByOne20000Bytes: await repeat(oneByOne(20_000, 300)),
  sixteenAtOnce200Bytes: await repeat(throughput(1, 200, 10_000)),
  hundredAnAppend200Bytes: await repeat(throughput(100, 200, 200_000)),
  large20000Bytes: await repeat(throughput(1, 20_000, 5000)),
  flushAfterAppend: await repeat(flushes),
};
console.log(process.argv.includes('--json') ? JSON.stringify(result) : JSON.stringify(result, null, 2));
