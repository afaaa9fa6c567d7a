import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from '@moola/testbed/cache-folder';

const project = fileURLToPath(new URL('../kafka-streams', import.meta.url));
const memory = ['-Xms1g', '-Xmx1g'];

/** What the program was run with, beside Kafka Streams' defaults; the rest stands in kafka-streams/…/Main.java. */
export const kafkaStreamsSettings = {
  version: '4.3.1',
  threads: 1,
  java: memory,
  commitIntervalMs: 1000,
  changelog: true,
  cacheBytes: 128 * 1024 * 1024,
  maxPollRecords: 20_000,
  bufferedRecordsPerPartition: 20_000,
  maxPartitionFetchBytes: 4 * 1024 * 1024,
  producerBatchBytes: 256 * 1024,
  producerLingerMs: 100,
  protobuf: 'read by hand, only the fields that are counted',
};

let folder = null;

/** How the program is started. */
export function kafkaStreamsProgram(options) {
  folder ??= built();
  const classes = [join(folder, 'classes'), join(folder, 'jars', '*')].join(':');
  const given = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  const logging = '-Dorg.slf4j.simpleLogger.defaultLogLevel=error';
  return ['java', [...memory, logging, '-cp', classes, 'moola.bench.Main', ...given]];
}

/** Builds it with Maven, once for each state of its sources. */
function built() {
  const files = readdirSync(join(project, 'src'), { recursive: true, withFileTypes: true });
  const sources = files
    .filter((file) => file.isFile())
    .map(({ parentPath, path, name }) => join(parentPath ?? path, name));
  const pom = join(project, 'pom.xml');
  const hash = createHash('sha256');
  for (const path of [pom, ...sources.sort()]) hash.update(readFileSync(path));
  const target = join(cacheFolder(), `bench-kafka-streams-${hash.digest('hex').slice(0, 12)}`);
  if (existsSync(target)) return target;
  mkdirSync(cacheFolder(), { recursive: true });
  const work = `${target}.${process.pid}`;
  const goals = ['package', 'dependency:copy-dependencies', `-DoutputDirectory=${join(work, 'jars')}`];
  const options = ['--batch-mode', '--quiet', '--file', pom, `-Dfolder=${work}`];
  execFileSync('mvn', [...options, ...goals], { stdio: ['ignore', 2, 2] });
  renameSync(work, target);
  return target;
}
