import { repository } from '../../compose/compose-file.js';
import { channelsTask, prometheusTask } from '../connections.js';
import type { DeploymentOptions } from '../options.js';
import type { Programs } from '../programs.js';
import { LeftOut } from '../steps.js';
import type { ServiceStatus, Target, Task } from '../target.js';
import { definitionsTask, definitionsText } from './definitions-text.js';

const engine = 'https://docs.docker.com/engine/install/';
/** `up --wait` waits for containers that end well, too, from this version on. */
const oldestCompose = [2, 20] as const;
const waitSeconds = 300;

interface Container {
  readonly Service: string;
  readonly State: string;
  readonly Health: string;
}

/** One machine with a container engine: docker-compose.yml. */
export class ComposeTarget implements Target {
  readonly prerequisites: readonly Task[];
  readonly configuration: readonly Task[];
  readonly connectivity: readonly Task[];
  readonly deployment: readonly Task[];
  readonly removal: readonly Task[];
  readonly ownTests: readonly Task[] = [];

  constructor(
    options: DeploymentOptions,
    private readonly programs: Programs,
    environment: Readonly<Record<string, string | undefined>>,
  ) {
    this.prerequisites = [{ title: 'Docker and Compose', run: () => this.versions() }];
    this.configuration = [
      {
        title: 'docker-compose.yml',
        run: async () => {
          await this.compose(['config', '--quiet']);
          return 'Compose reads it';
        },
      },
      definitionsTask(options.definitions),
    ];
    this.connectivity = [
      {
        title: 'Kafka, Redis and the topics',
        run: async () => {
          if ((await this.status()).length === 0) return new LeftOut('nothing is deployed yet: they come with it');
          // It waits for a Kafka that is away.
          await this.compose([
            'exec',
            '-T',
            'collector',
            'timeout',
            '60',
            'node',
            'apps/collector/dist/main.js',
            '--check',
          ]);
          return 'a collector reaches them, and the topics are as they must be';
        },
      },
      {
        title: 'Prometheus',
        run: async () => {
          if ((await this.status()).length === 0) return new LeftOut('nothing is deployed yet: it comes with it');
          return prometheusTask(() => 'http://localhost:9090').run();
        },
      },
      channelsTask(environment),
    ];
    this.deployment = [
      {
        title: 'Containers',
        run: async () => {
          await this.up(['--build']);
          return 'all are well';
        },
      },
      {
        // Compose does not see that a file changed which a container reads.
        title: 'Settings of Prometheus and Alertmanager',
        run: async () => {
          for (const service of ['prometheus', 'alertmanager']) await this.exec(service, ['sh', '-c', 'kill -HUP 1']);
          return 'both read their files again';
        },
      },
      {
        title: 'Apply definitions',
        run: async () => {
          if (options.definitions.length === 0) return new LeftOut('none is given');
          return (await this.moola('console', ['apply', '/dev/stdin'], definitionsText(options.definitions))).trim();
        },
      },
    ];
    this.removal = [
      {
        title: 'Containers',
        run: async () => {
          await this.compose(['down', '--remove-orphans', ...(options.deleteData ? ['--volumes'] : [])]);
          return options.deleteData
            ? 'removed, with their data'
            : 'removed; their data stays: --delete-data removes it';
        },
      },
    ];
  }

  async addresses() {
    return [
      ['Console: page and API', 'http://localhost:8080'],
      ['Its token', 'docker compose exec console cat /keys/token'],
      ['Events', 'http://localhost:8081/v1/events, or Kafka at localhost:9094'],
      ['Grafana', 'http://localhost:3000'],
      ['Prometheus', 'http://localhost:9090'],
      ['Alerts on Moola itself', 'http://localhost:8082'],
    ] as const;
  }

  async status(): Promise<readonly ServiceStatus[]> {
    const output = await this.compose(['ps', '--format', 'json']);
    // A line a container, or one array: by version.
    const containers = output
      .split('\n')
      .filter((line) => line.trim() !== '')
      .flatMap((line) => JSON.parse(line) as Container | Container[]);
    return containers.map(({ Service: service, State: state, Health: health }) => ({
      service,
      state: health === '' ? state : `${state}, ${health}`,
      ready: state === 'running' && (health === '' || health === 'healthy'),
    }));
  }

  async served(): Promise<readonly string[]> {
    const output = await this.exec('console', ['printenv', 'MOOLA_ENVIRONMENTS']);
    return output.trim() === '' ? ['live'] : output.trim().split(',');
  }

  async serve(environments: readonly string[]): Promise<string> {
    await this.up([], { MOOLA_ENVIRONMENTS: environments.join(',') });
    return environments.join(', ');
  }

  moola(service: 'console' | 'notifier', args: readonly string[], input?: string): Promise<string> {
    return this.exec(service, ['moola', ...args], input);
  }

  private exec(service: string, command: readonly string[], input?: string): Promise<string> {
    return this.compose(['exec', '-T', service, ...command], {}, input);
  }

  private async up(flags: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<void> {
    const waiting = ['--wait', '--wait-timeout', String(waitSeconds)];
    await this.compose(['up', '--detach', ...flags, ...waiting], variables);
  }

  private compose(args: readonly string[], variables: Readonly<Record<string, string>> = {}, input?: string) {
    const more = input === undefined ? {} : { input };
    return this.programs.run('docker', ['compose', ...args], { folder: repository, variables, ...more });
  }

  private async versions(): Promise<string> {
    this.programs.require('docker', engine);
    const docker = await this.programs
      .run('docker', ['version', '--format', '{{.Server.Version}}'])
      .catch((error: Error) => {
        throw new Error(`Docker does not answer: is it started, and may you use it?\n${error.message}`);
      });
    const compose = await this.programs.run('docker', ['compose', 'version', '--short']);
    if (this.programs.dryRun) return 'they would be asked for their versions';
    const [major = 0, minor = 0] = compose.trim().replace(/^v/, '').split('.').map(Number);
    if (major < oldestCompose[0] || (major === oldestCompose[0] && minor < oldestCompose[1]))
      throw new Error(
        `Compose ${compose.trim()} is too old: ${oldestCompose.join('.')} or newer is needed (${engine})`,
      );
    return `Docker ${docker.trim()}, Compose ${compose.trim()}`;
  }
}
