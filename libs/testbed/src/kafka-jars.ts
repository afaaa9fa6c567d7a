import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheFolder } from './cache-folder.js';
import { programPath, runCommand } from './command.js';
import { MissingPart } from './missing-part.js';

const pom = fileURLToPath(new URL('../kafka/pom.xml', import.meta.url));
const install = 'apt-get install default-jre-headless maven (or set MOOLA_KAFKA_BROKERS to a running Kafka)';

/** What a broker is started with. */
export interface KafkaProgram {
  readonly java: string;
  /** A folder of jars. */
  readonly jars: string;
}

/**
 * Finds Java and the jars of Kafka; downloads the jars by Maven when they are not in the cache.
 * A download goes to a folder of its own, which gets its final name when it is complete: a download that was broken
 * off leaves nothing that looks whole, and of two at once one wins.
 *
 * @throws MissingPart when there is no Java, no Maven or no registry.
 */
export async function kafkaProgram(): Promise<KafkaProgram> {
  const java = programPath('java');
  if (java === undefined) throw new MissingPart('Kafka', 'there is no java on the PATH', install);
  const version = createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12);
  const jars = join(cacheFolder(), `kafka-${version}`);
  if (!existsSync(jars)) await download(jars);
  return { java, jars };
}

async function download(jars: string): Promise<void> {
  const maven = programPath('mvn');
  if (maven === undefined) throw new MissingPart('Kafka', 'there is no mvn on the PATH to download its jars', install);
  mkdirSync(cacheFolder(), { recursive: true });
  const work = mkdtempSync(`${jars}.download-`);
  try {
    // A repository of its own: two Mavens that write the same one can break each other's files.
    const goal = ['dependency:copy-dependencies', `-DoutputDirectory=${join(work, 'jars')}`];
    const options = ['--batch-mode', '--quiet', '--strict-checksums', `-Dmaven.repo.local=${join(work, 'repository')}`];
    const { code, output } = await runCommand(maven, [...options, '--file', pom, ...goal]);
    if (code !== 0) {
      throw new MissingPart('Kafka', `Maven could not download its jars\n${output.slice(-2_000)}`, install);
    }
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
