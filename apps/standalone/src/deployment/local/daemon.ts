// Holds a local deployment: Kafka and Redis, unless others are named, and a process of each service. SIGHUP: look at what it is to
// be again; SIGTERM: end all in order.
import { Fleet, serviceNames, type ServiceName } from '@moola/testbed/fleet';
import { startTestbed } from '@moola/testbed/testbed';
import { LocalFiles, type LocalWish } from './state.js';

const [, , folder] = process.argv;
if (folder === undefined) throw new Error('Usage: node daemon.js <folder>');
const files = new LocalFiles(folder);
const wished = files.wish();
if (wished === null) throw new Error(`${folder} says not what is wished`);

const testbed = await startTestbed();
const key = process.env['MOOLA_INSTALLATION_KEY'];
const fleet = new Fleet({
  ...{ brokers: testbed.brokers, redisUrl: testbed.redisUrl, environments: 'live' },
  partitions: Number(process.env['MOOLA_PARTITIONS'] ?? 1),
  variables: key === undefined ? {} : { MOOLA_INSTALLATION_KEY: key },
});

/** As which environments each service runs. */
const running = new Map<ServiceName, string>();
/** Ports that were given once are kept, so that addresses stay. */
const ports = new Map<ServiceName, string>();

/** Starts what is missing, and starts anew what runs with other environments. */
async function reconcile({ environments, port }: LocalWish): Promise<void> {
  const served = environments.join(',');
  for (const service of serviceNames) {
    const [instance] = fleet.of(service);
    if (instance?.isRunning === true && running.get(service) === served) continue;
    if (instance !== undefined) {
      await instance.stop();
      await fleet.remove(instance);
    }
    const at = ports.get(service) ?? (service === 'console' ? String(port) : '0');
    const started = await fleet.add(service, { MOOLA_ENVIRONMENTS: served, MOOLA_PORT: at });
    running.set(service, served);
    ports.set(service, new URL(started.address).port);
    console.log(`${service} runs: process ${started.pid}, ${started.address}`);
  }
  files.writeState({
    ...{ pid: process.pid, environments, variables: fleet.variablesWith({ MOOLA_ENVIRONMENTS: served }) },
    services: fleet.processes.map(({ service, pid, address }) => ({ service, pid, address })),
  });
}

let work: Promise<void> = Promise.resolve();
let ending = false;
const end = async (): Promise<void> => {
  if (ending) return;
  ending = true;
  await work.catch(() => undefined);
  await fleet.stop();
  await testbed.stop();
  files.remove();
  process.exit();
};
const failed = async (error: unknown): Promise<void> => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
  await end();
};
process.on('SIGTERM', () => void end());
process.on('SIGINT', () => void end());
process.on('SIGHUP', () => {
  work = work.then(() => reconcile(files.wish() ?? wished));
  work.catch(failed);
});
setInterval(() => undefined, 60_000);
work = reconcile(wished);
work.catch(failed);
