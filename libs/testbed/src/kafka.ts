import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { ControlledServer } from './controlled-server.js';
import { freePorts } from './free-ports.js';
import { guardedFolder, type GuardedFolder } from './guard.js';
import { kafkaProgram, type KafkaProgram } from './kafka-program.js';
import { kafkaProperties, localAddress, type KafkaNodePlace, type SecurityProtocol } from './kafka-properties.js';
import { ServerProcess } from './server-process.js';

export interface KafkaOptions {
  /**
   * Listeners beside the plain one, by name, with their security protocol. What such a listener needs beyond its
   * address (mechanisms, keys) is given by `properties`.
   */
  readonly listeners?: Readonly<Record<string, SecurityProtocol>>;
  /** Lines of server.properties that are added, or take the place of the testbed's own. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Users to exist from the start, as `kafka-storage format --add-scram` takes them. */
  readonly scram?: readonly string[];
  /** Options of the Java virtual machine. Default: `shortLived('512m')`; a bench gives its own. */
  readonly java?: readonly string[];
  /** Cores to run on, as `taskset -c` takes them. Default: all. */
  readonly cpus?: string;
}

export interface KafkaServer extends ControlledServer {
  /** Address of the plain listener, as MOOLA_KAFKA_BROKERS takes it. */
  readonly brokers: string;
  /** Addresses of the listeners asked for, by name. */
  readonly listeners: Readonly<Record<string, string>>;
}

export interface KafkaCluster {
  /** Addresses of the plain listeners of all nodes, as MOOLA_KAFKA_BROKERS takes them. */
  readonly brokers: string;
  /** Node 1 comes first. */
  readonly nodes: readonly KafkaServer[];
  stop(): Promise<void>;
}

/**
 * Starts Kafka with one node (KRaft) on free ports of the loopback interface.
 *
 * @throws MissingPart when Kafka cannot be had on this machine.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const { nodes } = await startKafkaCluster(1, options);
  return nodes[0] as KafkaServer;
}

/**
 * Starts a Kafka of several nodes, each broker and controller. While more than half of them run, leaders move to
 * those that do.
 *
 * @throws MissingPart when Kafka cannot be had on this machine.
 */
export async function startKafkaCluster(count: number, options: KafkaOptions = {}): Promise<KafkaCluster> {
  const program = await kafkaProgram();
  const names = Object.keys(options.listeners ?? {});
  const ports = await freePorts(count * (2 + names.length));
  const nextPort = (): number => ports.pop() as number;
  const folders = Array.from({ length: count }, () => guardedFolder('kafka'));
  const places = folders.map((folder, index) => ({
    id: index + 1,
    controllerPort: nextPort(),
    plainPort: nextPort(),
    ports: Object.fromEntries(names.map((name) => [name, nextPort()])),
    dataFolder: join(folder.path, 'data'),
  }));
  const clusterId = randomBytes(16).toString('base64url');
  const nodes = places.map((place, index) => {
    const folder = folders[index] as GuardedFolder;
    mkdirSync(place.dataFolder);
    const settings = join(folder.path, 'server.properties');
    writeFileSync(settings, kafkaProperties(place, places, options.listeners ?? {}, options.properties ?? {}));
    const server = nodeProcess(program, folder.path, settings, options);
    return { place, settings, server, control: new ControlledServer(server, folder) };
  });
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map(({ control }) => control.stop()));
  };
  try {
    await Promise.all(nodes.map(({ settings }) => format(program, settings, clusterId, options.scram ?? [])));
    await Promise.all(nodes.map(({ server }) => server.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  const servers = nodes.map(({ control, place }) => kafkaServer(control, place));
  return { brokers: servers.map(({ brokers }) => brokers).join(), nodes: servers, stop };
}

// Warnings and errors, and the line by which it says that it is ready.
const logging = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
];

/**
 * Options for a broker that lives for a minute: most of what it does is to start, and a compiler that makes code fast costs
 * more than that code saves.
 * @param heap such as `512m`
 */
export function shortLived(heap: string): readonly string[] {
  return [`-Xmx${heap}`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
}

function nodeProcess(program: KafkaProgram, folder: string, settings: string, options: KafkaOptions): ServerProcess {
  const java = options.java ?? shortLived('512m');
  return new ServerProcess({
    name: 'Kafka',
    program: program.java,
    args: [...java, ...logging, '-cp', join(program.jars, '*'), 'kafka.Kafka', settings],
    folder,
    ready: /Kafka Server started/,
    ...(options.cpus === undefined ? {} : { cpus: options.cpus }),
  });
}

async function format(
  program: KafkaProgram,
  settings: string,
  clusterId: string,
  scram: readonly string[],
): Promise<void> {
  const tool = [...shortLived('256m'), ...logging, '-cp', join(program.jars, '*'), 'kafka.tools.StorageTool'];
  const users = scram.flatMap((user) => ['--add-scram', user]);
  const { code, output } = await runCommand(program.java, [
    ...tool,
    'format',
    `--cluster-id=${clusterId}`,
    '-c',
    settings,
    ...users,
  ]);
  if (code !== 0) throw new Error(`Kafka's storage could not be formatted:\n${output.slice(-4_000)}`);
}

function kafkaServer(control: ControlledServer, place: KafkaNodePlace): KafkaServer {
  return Object.assign(control, {
    brokers: localAddress(place.plainPort),
    listeners: Object.fromEntries(Object.entries(place.ports).map(([name, port]) => [name, localAddress(port)])),
  });
}
