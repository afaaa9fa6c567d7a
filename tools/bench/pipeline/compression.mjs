import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { cacheFolder } from '@moola/testbed/cache-folder';
import { openKafkaLog } from '@moola/streams/adapters/kafka/open-kafka-log';
import { spread } from '../standalone/machine.mjs';
import { stageBlocks } from './blocks-stages.mjs';
import { partitions } from './fill.mjs';
import { fillTopics } from './filled-topics.mjs';

/** Not in package.json: codecs with native parts, only compared. */
const packages = ['snappy@7', 'lz4-napi@2'];
const compared = ['intake', 'observations', 'snapshots'];
const readBytes = 4 << 20;
const passes = 5;

/** What compressing the records that the stages write would save, and cost: each record by itself, as they are appended. */
export async function measureCompression({ servers, progress, events }) {
  const filled = await fillTopics(servers.brokers, events, ['events'], progress);
  progress('filling intake, observations and snapshots');
  await stageBlocks({ ...servers, filled, node: () => [] }).prepare();
  const codecs = installedCodecs();
  const log = openKafkaLog({ brokers: [servers.brokers] });
  const result = {};
  try {
    for (const topic of compared) {
      const values = await valuesOf(log, `moola.filled.${topic}.v1`);
      const bytes = values.reduce((sum, { length }) => sum + length, 0);
      progress(`${topic}: ${values.length} records, ${bytes} bytes`);
      const plain = { records: values.length, bytesAnEvent: rounded(bytes / events) };
      const each = Object.entries(codecs).map(([name, codec]) => [name, figures(values, bytes, codec)]);
      result[topic] = { plain, codecs: Object.fromEntries(each) };
    }
  } finally {
    await log.close();
  }
  return result;
}

function figures(values, bytes, { compress, expand }) {
  const packed = values.map((value) => compress(value));
  const seconds = (work) => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  const times = (work) => spread(Array.from({ length: passes }, () => bytes / 1e6 / seconds(work)));
  return {
    size: rounded(packed.reduce((sum, { length }) => sum + length, 0) / bytes),
    compressMegabytesPerCpuSecond: times(() => values.forEach((value) => compress(value))),
    expandMegabytesPerCpuSecond: times(() => packed.forEach((value) => expand(value))),
  };
}

async function valuesOf(log, topic) {
  const values = [];
  for (let partition = 0; partition < partitions; partition++) {
    const { next } = await log.bounds({ topic, partition });
    for (let from = 0; from < next;) {
      const { records } = await log.read({ topic, partition }, from, readBytes);
      for (const { offset, value } of records) {
        values.push(Buffer.from(value));
        from = offset + 1;
      }
    }
  }
  return values;
}

function installedCodecs() {
  const modules = join(cacheFolder(), 'bench-codecs');
  if (!existsSync(join(modules, 'node_modules/lz4-napi'))) {
    mkdirSync(modules, { recursive: true });
    writeFileSync(join(modules, 'package.json'), '{"private":true}\n');
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...packages], { cwd: modules });
  }
  const require = createRequire(join(modules, 'package.json'));
  const snappy = require('snappy');
  const lz4 = require('lz4-napi');
  return {
    gzip: { compress: (value) => zlib.gzipSync(value), expand: (value) => zlib.gunzipSync(value) },
    gzipFastest: { compress: (value) => zlib.gzipSync(value, { level: 1 }), expand: (value) => zlib.gunzipSync(value) },
    snappy: { compress: (value) => snappy.compressSync(value), expand: (value) => snappy.uncompressSync(value) },
    lz4: { compress: (value) => lz4.compressSync(value), expand: (value) => lz4.uncompressSync(value) },
    // From Node 22.15 on.
    ...(zlib.zstdCompressSync && {
      zstd: { compress: (value) => zlib.zstdCompressSync(value), expand: (value) => zlib.zstdDecompressSync(value) },
    }),
  };
}

const rounded = (value) => Number(value.toPrecision(3));
