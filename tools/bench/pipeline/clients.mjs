import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '@moola/testbed/cache-folder';
import { client, partitions } from './fill.mjs';
import { fillTopics } from './filled-topics.mjs';
import { inTurns, times } from './rounds.mjs';
import { programPath, runProgram } from './run-program.mjs';

/** Not in package.json: they are only compared, in a folder of their own. */
const packages = { platformatic: '@platformatic/kafka@1.35.0', confluent: '@confluentinc/kafka-javascript@1.10.1' };
const written = 'clients-written';

/** What reading and writing plain records costs with each client, and with what we have made on kafkajs's connections. */
export async function measureClients({ servers, progress, events, rounds }) {
  const { brokers } = servers;
  const { events: filled } = await fillTopics(brokers, events, ['events'], progress);
  const admin = client(brokers).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic: written, numPartitions: partitions }], waitForLeaders: true });
  await admin.disconnect();
  const { modules, missing } = installed(progress);
  const names = ['kafkajs', 'ours', ...Object.keys(packages).filter((name) => !(name in missing))];
  const block = (name, work) => () => {
    const options = { client: name, modules, work, brokers, topic: work === 'read' ? filled.topic : written };
    return runProgram(process.execPath, [programPath('client'), JSON.stringify({ ...options, records: events })]);
  };
  const blocks = names.flatMap((name) => [
    [`${name} reads`, block(name, 'read')],
    [`${name} writes`, block(name, 'write')],
  ]);
  const measured = await inTurns(Object.fromEntries(blocks), rounds, progress);
  const toKafkajs = (work) =>
    Object.fromEntries(names.map((name) => [name, times(measured, `${name} ${work}`, `kafkajs ${work}`)]));
  return { packages, missing, toKafkajs: { reads: toKafkajs('reads'), writes: toKafkajs('writes') }, measured };
}

/** Installs the others beside the project. What cannot be had is left out, and the reason told. */
function installed(progress) {
  const modules = join(cacheFolder(), 'bench-clients');
  mkdirSync(modules, { recursive: true });
  writeFileSync(join(modules, 'package.json'), '{"private":true}\n');
  const run = (program, args, cwd) => execFileSync(program, args, { cwd, stdio: 'pipe' });
  const missing = {};
  if (!existsSync(join(modules, 'node_modules', '@platformatic/kafka'))) {
    progress('installing the other clients');
    run('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...Object.values(packages)], modules);
  }
  const confluent = join(modules, 'node_modules', '@confluentinc/kafka-javascript');
  if (!existsSync(join(confluent, 'build/Release/confluent-kafka-javascript.node'))) {
    progress('compiling librdkafka and its binding: minutes');
    // Its own way gets zlib and OpenSSL from the internet; the system's (zlib1g-dev, libssl-dev) do as well.
    const configure = join(confluent, 'util/configure.js');
    writeFileSync(
      configure,
      readFileSync(configure, 'utf8').replace('--install-deps --source-deps-only', '--disable-curl'),
    );
    const headers = existsSync('/usr/include/node/node.h') ? ['--nodedir=/usr'] : [];
    try {
      run('npx', ['--yes', 'node-gyp', 'rebuild', ...headers], confluent);
    } catch (error) {
      missing.confluent = `its native part could not be built: ${String(error.stderr).trim().slice(-300)}`;
    }
  }
  return { modules, missing };
}
