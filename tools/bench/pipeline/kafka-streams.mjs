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

/** Builds the program with Maven, once for each state of its sources. */
export function kafkaStreamsProgram() {
  const files = readdirSync(join(project, 'src'), { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  const sources = [
    join(project, 'pom.xml'),
    ...files.map(({ parentPath, path, name }) => join(parentPath ?? path, name)).sort(),
  ];
  const hash = createHash('sha256');
  for (const path of sources) hash.update(readFileSync(path));
  const folder = join(cacheFolder(), `bench-kafka-streams-${hash.digest('hex').slice(0, 12)}`);
  if (!existsSync(folder)) {
    mkdirSync(cacheFolder(), { recursive: true });
    const work = `${folder}.${process.pid}`;
    const goals = ['package', 'dependency:copy-dependencies', `-DoutputDirectory=${join(work, 'jars')}`];
    const pom = join(project, 'pom.xml');
    execFileSync('mvn', ['--batch-mode', '--quiet', '--file', pom, `-Dfolder=${work}`, ...goals], {
      stdio: ['ignore', 2, 2],
    });
    renameSync(work, folder);
  }
  const classes = [join(folder, 'classes'), join(folder, 'jars', '*')].join(':');
  return (options) => [
    'java',
    [
      ...memory,
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=error',
      ...['-cp', classes, 'moola.bench.Main'],
      ...Object.entries(options).map(([name, value]) => `${name}=${value}`),
    ],
  ];
}
