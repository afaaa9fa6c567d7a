import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.js';
import { runCommand } from './command.js';
import { programOfPackage } from './debian.js';
import { MissingPart } from './missing-part.js';

const pom = fileURLToPath(new URL('../kafka/pom.xml', import.meta.url));
const oldestJava = 17;

/** What a broker is started with. */
export interface KafkaProgram {
  readonly java: string;
  /** A folder of jars. */
  readonly jars: string;
}

const missing = (reason: string): MissingPart =>
  new MissingPart(
    'Kafka',
    reason,
    'apt-get install default-jre-headless maven, or set MOOLA_KAFKA_BROKERS to one that runs',
  );

/**
 * Finds Java and the jars of Kafka; downloads the jars by Maven when they are not in the cache.
 * A download goes to a folder of its own, which gets its final name when it is complete: a download that was broken
 * off leaves nothing that looks whole, and of two at once one wins.
 *
 * @throws MissingPart when there is no Java, no Maven or no registry.
 */
export async function kafkaProgram(): Promise<KafkaProgram> {
  const java = await javaPath();
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const jars = join(cacheFolder(), `kafka-${version}`);
  if (!existsSync(jars)) await download(jars);
  return { java, jars };
}

async function javaPath(): Promise<string> {
  const java = await programOfPackage('java', 'default-jre-headless');
  if ('reason' in java) throw missing(java.reason);
  const { output } = await runCommand(java.path, ['-version']);
  const major = Number(/version "(\d+)/.exec(output)?.[1]);
  if (major >= oldestJava) return java.path;
  throw missing(`${java.path} is not Java ${oldestJava} or newer\n${output}`);
}

async function download(jars: string): Promise<void> {
  const maven = await programOfPackage('mvn', 'maven');
  if ('reason' in maven) throw missing(maven.reason);
  process.stderr.write('Downloading Kafka (once) …\n');
  mkdirSync(cacheFolder(), { recursive: true });
  const work = mkdtempSync(`${jars}.download-`);
  try {
    // A repository of its own: two Mavens that write the same one can break each other's files.
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(work, 'jars')}`];
    const options = ['--batch-mode', '--quiet', '--strict-checksums', `-Dmaven.repo.local=${join(work, 'repository')}`];
    const { code, output } = await runCommand(maven.path, [...options, '--file', pom, ...goal]);
    if (code !== 0) throw missing(`Maven could not download its jars\n${output.slice(-2_000)}`);
    renameUnlessThere(join(work, 'jars'), jars);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function renameUnlessThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}
