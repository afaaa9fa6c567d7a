import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { guardedFolder, type GuardedFolder } from './guard.js';
import { ServerProcess } from './server-process.js';

/** The services that have a `main` of their own, in the order in which data flows. */
export const serviceNames = [
  ...['collector', 'tracker', 'bridge', 'experiment', 'responder', 'notifier', 'console'],
] as const;
export type ServiceName = (typeof serviceNames)[number];

export interface FleetOptions {
  /** As MOOLA_KAFKA_BROKERS takes it. */
  readonly brokers: string;
  readonly redisUrl: string;
  /** As MOOLA_ENVIRONMENTS takes it. */
  readonly environments: string;
  /** Of the topics that are keyed by model. */
  readonly partitions: number;
  /** Further variables of every process. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Cores to run on, as `taskset -c` takes them. Default: all. */
  readonly cpus?: string;
}

/** One instance of a service, as a process of its own. */
export class ServiceProcess {
  constructor(
    readonly service: ServiceName,
    private readonly server: ServerProcess,
    private readonly folder: GuardedFolder,
  ) {}

  get pid(): number {
    return this.server.pid;
  }

  get isRunning(): boolean {
    return this.server.isRunning;
  }

  /** Where it answers: `http://127.0.0.1:41234`. */
  get address(): string {
    const lines = this.output().match(/"address":"(http[^"]+)"/g) ?? [];
    const last = lines.at(-1);
    if (last === undefined) throw new Error(`${this.service} has not said where it listens`);
    return last.slice('"address":"'.length, -1);
  }

  /** What it has written, JSON lines, from all its starts. */
  output(): string {
    return this.server.output();
  }

  /** Resolves when it runs its tasks. */
  start(): Promise<void> {
    return this.server.start();
  }

  /** SIGTERM: it checkpoints and leaves its groups. */
  stop(): Promise<void> {
    return this.server.end('SIGTERM');
  }

  kill(): Promise<void> {
    return this.server.end('SIGKILL');
  }

  /** SIGSTOP: to the others it looks as if it had died. */
  pause(): void {
    this.server.signal('SIGSTOP');
  }

  resume(): void {
    this.server.signal('SIGCONT');
  }

  /** Ends it and forgets what it has written. */
  async remove(): Promise<void> {
    await this.server.end('SIGKILL');
    await this.folder.remove();
  }
}

/** Service processes on one Kafka and one Redis. Needs a build. All end when this process does. */
export class Fleet {
  /** Every process that was added and not removed, also those that have ended. */
  readonly processes: ServiceProcess[] = [];
  private readonly variables: Readonly<Record<string, string>>;

  constructor(private readonly options: FleetOptions) {
    this.variables = {
      MOOLA_MODE: 'distributed',
      MOOLA_KAFKA_BROKERS: options.brokers,
      REDIS_URL: options.redisUrl,
      MOOLA_ENVIRONMENTS: options.environments,
      MOOLA_PARTITIONS: String(options.partitions),
      MOOLA_INSTALLATION_KEY: randomBytes(32).toString('base64'),
      MOOLA_PORT: '0',
      ...options.variables,
    };
  }

  /** The variables with which its processes run. */
  variablesWith(more: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    return { ...this.variables, ...more };
  }

  /** Starts another instance; resolves when it runs its tasks, or when it answers over HTTP. */
  async add(
    service: ServiceName,
    variables: Readonly<Record<string, string>> = {},
    until: 'running' | 'listening' = 'running',
  ): Promise<ServiceProcess> {
    const folder = guardedFolder(service);
    const { cpus } = this.options;
    const server = new ServerProcess({
      ...{ name: service, folder: folder.path, program: process.execPath },
      args: [fileURLToPath(new URL(`../../../apps/${service}/dist/main.js`, import.meta.url))],
      environment: this.variablesWith(variables),
      ready: new RegExp(`"msg":"${until}"`),
      ...(cpus === undefined ? {} : { cpus }),
    });
    const added = new ServiceProcess(service, server, folder);
    this.processes.push(added);
    await added.start();
    return added;
  }

  /** Ends an instance for good. */
  async remove(instance: ServiceProcess): Promise<void> {
    this.processes.splice(this.processes.indexOf(instance), 1);
    await instance.remove();
  }

  of(service: ServiceName): ServiceProcess[] {
    return this.processes.filter((each) => each.service === service);
  }

  /** Stops all in order, the writers first; they can be started again. */
  async stopAll(): Promise<void> {
    for (const service of serviceNames) await Promise.all(this.of(service).map((each) => each.stop()));
  }

  /** Stops all in order, and forgets them. */
  async stop(): Promise<void> {
    await this.stopAll();
    await Promise.all(this.processes.splice(0).map((each) => each.remove()));
  }
}
