import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.js';
import { freePorts } from './free-ports.js';
import { guardedFolder } from './guard.js';
import { kafkaProgram } from './kafka-program.js';
import { ServerProcess } from './server-process.js';

// Warnings and errors, and the line by which it says that it is ready.
const logging = [
  '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
  '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
];

export interface KafkaOptions {
  /**
   * Listeners beside the plain one, by name, with their security protocol. What such a listener needs beyond its
   * address (mechanisms, keys) is given by `properties`.
   */
  readonly listeners?: Readonly<Record<string, 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL'>>;
  /** Lines of server.properties that are added, or take the place of the testbed's own. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Users to exist from the start, as `kafka-storage format --add-scram` takes them. */
  readonly scram?: readonly string[];
  /** Options of the Java virtual machine. Default: `-Xmx512m`. */
  readonly java?: readonly string[];
  /** Cores to run on, as `taskset -c` takes them. Default: all. */
  readonly cpus?: string;
}

export interface KafkaServer {
  /** Address of the plain listener, as MOOLA_KAFKA_BROKERS takes it. */
  readonly brokers: string;
  /** Addresses of the listeners asked for, by name. */
  readonly listeners: Readonly<Record<string, string>>;
  readonly pid: number;
  /** Everything that the broker has written, from all its starts. */
  output(): string;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
  /** SIGKILL. Its folder stays for a restart. */
  kill(): Promise<void>;
  /** Ends it in order if it runs, and starts it on the same ports and folder. */
  restart(): Promise<void>;
  pause(): void;
  resume(): void;
}

/**
 * Starts Kafka with one node (KRaft) on free ports of the loopback interface.
 *
 * @throws MissingPart when Kafka cannot be had on this machine.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const { java, jars } = await kafkaProgram();
  const names = Object.keys(options.listeners ?? {});
  const [controller, plain, ...others] = (await freePorts(2 + names.length)) as [number, number, ...number[]];
  const folder = guardedFolder('kafka');
  const data = join(folder.path, 'data');
  mkdirSync(data);
  const address = (port: number): string => `127.0.0.1:${port}`;
  const listeners = Object.fromEntries(names.map((name, index) => [name, address(others[index] as number)]));
  const bound = Object.entries({ PLAINTEXT: address(plain), ...listeners }).map(([name, at]) => `${name}://${at}`);
  const protocols = { PLAINTEXT: 'PLAINTEXT', CONTROLLER: 'PLAINTEXT', ...options.listeners };
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${address(controller)}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: [...bound, `CONTROLLER://${address(controller)}`].join(','),
    'advertised.listeners': bound.join(','),
    'listener.security.protocol.map': Object.entries(protocols)
      .map(([name, protocol]) => `${name}:${protocol}`)
      .join(','),
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': data,
    // A broker that was killed is let in again when its former session has ended (default: 9 s).
    'broker.heartbeat.interval.ms': '500',
    'broker.session.timeout.ms': '3000',
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '4',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '4',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    ...options.properties,
  };
  const settings = join(folder.path, 'server.properties');
  writeFileSync(
    settings,
    Object.entries(properties)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  const classPath = ['-cp', join(jars, '*')];
  const cluster = randomBytes(16).toString('base64url');
  const users = (options.scram ?? []).flatMap((user) => ['--add-scram', user]);
  const format = ['kafka.tools.StorageTool', 'format', '-t', cluster, '-c', settings, ...users];
  const { code, output } = await runCommand(java, ['-Xmx256m', ...classPath, ...format]);
  if (code !== 0) {
    await folder.remove();
    throw new Error(`Kafka's storage could not be formatted:\n${output.slice(-4_000)}`);
  }
  const server = new ServerProcess({
    name: 'Kafka',
    program: java,
    args: [...(options.java ?? ['-Xmx512m']), ...logging, ...classPath, 'kafka.Kafka', settings],
    folder: folder.path,
    ready: /Kafka Server started/,
    ...(options.cpus === undefined ? {} : { cpus: options.cpus }),
  });
  try {
    await server.start();
  } catch (error) {
    await folder.remove();
    throw error;
  }
  return {
    brokers: address(plain),
    listeners,
    get pid() {
      return server.pid;
    },
    output: () => server.output(),
    stop: async () => {
      // Nothing of it is read again.
      await server.end('SIGKILL');
      await folder.remove();
    },
    kill: () => server.end('SIGKILL'),
    restart: async () => {
      await server.end('SIGTERM');
      await server.start();
    },
    pause: () => server.signal('SIGSTOP'),
    resume: () => server.signal('SIGCONT'),
  };
}
