import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { repository } from '../../compose/compose-file.js';
import { channelsTask, prometheusTask, streamsTask } from '../connections.js';
import type { DeploymentOptions } from '../options.js';
import type { Programs } from '../programs.js';
import { LeftOut } from '../steps.js';
import type { ServiceStatus, Target, Task } from '../target.js';
import { definitionsTask } from './definitions-text.js';

const chart = join(repository, 'helm/moola-monitoring');
const timeout = '10m';

interface Workload {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly readyReplicas?: number };
}

/** A cluster: the chart, by Helm. Kafka and Redis are the user's own. */
export class KubernetesTarget implements Target {
  readonly prerequisites: readonly Task[];
  readonly configuration: readonly Task[];
  readonly connectivity: readonly Task[];
  readonly deployment: readonly Task[];
  readonly removal: readonly Task[];
  readonly ownTests: readonly Task[];
  private clusterVersion: string | undefined;

  constructor(
    private readonly options: DeploymentOptions,
    private readonly programs: Programs,
    private readonly environment: Readonly<Record<string, string | undefined>>,
  ) {
    this.prerequisites = [
      { title: 'kubectl and the cluster', run: () => this.cluster() },
      { title: 'Helm', run: () => this.helmVersion() },
      { title: 'Rights', run: () => this.rights() },
    ];
    this.configuration = [
      { title: 'Secrets', run: () => this.secrets() },
      {
        title: 'Chart and values',
        run: async () => {
          // As for the cluster; what Helm takes for one, where it is asked for none, may be older than the chart allows.
          const version = ['--kube-version', this.clusterVersion ?? oldestVersion().join('.')];
          await this.helm(['lint', chart, ...version, ...this.values()]);
          await this.helm(['template', options.release, chart, ...version, ...this.inNamespace(), ...this.values()]);
          return 'the schema accepts the values, and the chart is rendered';
        },
      },
      definitionsTask(options.definitions),
    ];
    this.connectivity = [
      streamsTask(() =>
        environment['MOOLA_KAFKA_BROKERS'] === undefined
          ? new LeftOut('MOOLA_KAFKA_BROKERS is not set here; the test asks from within the cluster')
          : environment,
      ),
      prometheusTask(
        () => environment['MOOLA_PROMETHEUS_URL'] ?? new LeftOut('MOOLA_PROMETHEUS_URL does not say where it is'),
      ),
      channelsTask(environment),
    ];
    this.deployment = [
      {
        title: 'Release',
        run: async () => {
          await this.helm([
            ...['upgrade', '--install', options.release, chart, ...this.inNamespace(), '--create-namespace'],
            ...this.values(),
            ...options.definitions.flatMap((file) => [
              '--set-file',
              `definitions.files.${escaped(basename(file))}=${file}`,
            ]),
            ...['--wait', '--timeout', timeout],
          ]);
          return `${options.release} in namespace ${options.namespace}`;
        },
      },
    ];
    this.ownTests = [
      {
        title: 'helm test',
        run: async () => {
          await this.helm(['test', options.release, ...this.inNamespace(), '--timeout', timeout]);
          return 'every service answers within the cluster';
        },
      },
    ];
    this.removal = [{ title: 'Release', run: () => this.uninstall() }];
  }

  addresses() {
    const { namespace, release } = this.options;
    return [
      ['Notes of the release', `helm get notes ${release} --namespace ${namespace}`],
      ['Console', `kubectl --namespace ${namespace} port-forward service/${this.consoleName()} 8080:8080`],
    ] as const;
  }

  async status(): Promise<readonly ServiceStatus[]> {
    const output = await this.kubectl(['get', 'deployments,statefulsets', ...this.selected(), '--output', 'json']);
    if (output.trim() === '') return [];
    const { items } = JSON.parse(output) as { items: readonly Workload[] };
    return items.map(({ metadata, spec, status }) => {
      const [wanted, ready] = [spec.replicas ?? 1, status.readyReplicas ?? 0];
      const service = metadata.labels['app.kubernetes.io/component'] ?? metadata.name;
      return { service, state: `${ready} of ${wanted} ready`, ready: ready >= wanted };
    });
  }

  async served(): Promise<readonly string[]> {
    const output = await this.helm([
      'get',
      'values',
      this.options.release,
      ...this.inNamespace(),
      '--all',
      '--output',
      'json',
    ]);
    if (output.trim() === '') return ['live'];
    return (JSON.parse(output) as { environments: readonly string[] }).environments;
  }

  async serve(environments: readonly string[]): Promise<string> {
    const { release } = this.options;
    const set = ['--reuse-values', '--set', `environments={${environments.join(',')}}`];
    await this.helm(['upgrade', release, chart, ...this.inNamespace(), ...set, '--wait', '--timeout', timeout]);
    return environments.join(', ');
  }

  async moola(service: 'console' | 'notifier', args: readonly string[], input?: string): Promise<string> {
    const stdin = input === undefined ? [] : ['--stdin'];
    const selector = `app.kubernetes.io/instance=${this.options.release},app.kubernetes.io/component=${service}`;
    const found = await this.kubectl(['get', 'pods', '--selector', selector, ...readyPod]);
    const pod = found.trim().split(/\s+/)[0] || (this.programs.dryRun ? `<a pod of ${service}>` : '');
    if (pod === '') throw new Error(`no pod of ${service} runs in namespace ${this.options.namespace}`);
    return this.kubectl(['exec', ...stdin, pod, '--', 'moola', ...args], input);
  }

  private consoleName(): string {
    const { release } = this.options;
    return `${release.includes('moola-monitoring') ? release : `${release}-moola-monitoring`}-console`;
  }

  private async cluster(): Promise<string> {
    this.programs.require('kubectl', 'https://kubernetes.io/docs/tasks/tools/');
    const output = await this.kubectl(['version', '--output', 'json']).catch((error: Error) => {
      throw new Error(
        `no cluster answers: which one does kubectl use (kubectl config current-context)?\n${error.message}`,
      );
    });
    if (this.programs.dryRun) return 'it would be asked for its version';
    const { serverVersion } = JSON.parse(output) as {
      serverVersion?: { major: string; minor: string; gitVersion: string };
    };
    if (serverVersion === undefined) throw new Error('no cluster answers: kubectl names no version of a server');
    const [oldestMajor, oldestMinor] = oldestVersion();
    const [major, minor] = [Number.parseInt(serverVersion.major, 10), Number.parseInt(serverVersion.minor, 10)];
    if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
      throw new Error(
        `Kubernetes ${serverVersion.gitVersion} is too old: the chart needs ${oldestMajor}.${oldestMinor} or newer`,
      );
    this.clusterVersion = serverVersion.gitVersion;
    return `Kubernetes ${serverVersion.gitVersion}`;
  }

  private async helmVersion(): Promise<string> {
    this.programs.require(this.helmProgram, 'https://helm.sh/docs/intro/install/');
    const version = (await this.helm(['version', '--template', '{{.Version}}'])).trim();
    if (this.programs.dryRun) return 'it would be asked for its version';
    if (!/^v[34]\./.test(version)) throw new Error(`Helm ${version} does not do: 3 or 4 is needed`);
    return `Helm ${version}`;
  }

  private async rights(): Promise<string> {
    for (const what of ['deployments.apps', 'secrets', 'services', 'networkpolicies.networking.k8s.io']) {
      const answer = await this.kubectl(['auth', 'can-i', 'create', what]).catch(() => 'no');
      if (!this.programs.dryRun && answer.trim() !== 'yes')
        throw new Error(
          `you may not create ${what} in namespace ${this.options.namespace}: ask for the role "admin" there`,
        );
    }
    return `what the chart makes may be made in namespace ${this.options.namespace}`;
  }

  /** Secrets that the values name and do not make. */
  private async secrets(): Promise<string | LeftOut> {
    const names = new Set<string>();
    for (const file of this.options.values) {
      const values = (parse(readFileSync(file, 'utf8')) ?? {}) as Record<string, { existing?: unknown } | undefined>;
      for (const part of ['secrets', 'channels']) {
        const name = values[part]?.existing;
        if (typeof name === 'string' && name !== '') names.add(name);
      }
    }
    if (names.size === 0) return new LeftOut('the values name none that must be there');
    for (const name of names) {
      await this.kubectl(['get', 'secret', name, '--output', 'name']).catch((error: Error) => {
        if (!/not ?found/i.test(error.message)) throw error;
        throw new Error(
          `the values name the secret "${name}", which is not in namespace ${this.options.namespace}: ` +
            `kubectl --namespace ${this.options.namespace} create secret generic ${name} …`,
        );
      });
    }
    return [...names].join(', ');
  }

  private async uninstall(): Promise<string> {
    const { release, namespace, deleteData } = this.options;
    const there = await this.helm(['list', ...this.inNamespace(), '--all', '--filter', `^${release}$`, '--short']);
    if (!this.programs.dryRun && there.trim() === '') return `there is no release ${release} in namespace ${namespace}`;
    await this.helm(['uninstall', release, ...this.inNamespace(), '--wait', '--timeout', timeout]);
    if (deleteData) await this.kubectl(['delete', 'persistentvolumeclaims', ...this.selected()]);
    return `${release} is removed; Kafka and Redis keep what they hold`;
  }

  private get helmProgram(): string {
    return this.environment['MOOLA_HELM'] ?? 'helm';
  }

  private inNamespace(): readonly string[] {
    return ['--namespace', this.options.namespace];
  }

  private selected(): readonly string[] {
    return ['--selector', `app.kubernetes.io/instance=${this.options.release}`];
  }

  private values(): readonly string[] {
    return this.options.values.flatMap((file) => ['--values', file]);
  }

  private helm(args: readonly string[]): Promise<string> {
    return this.programs.run(this.helmProgram, args);
  }

  private kubectl(args: readonly string[], input?: string): Promise<string> {
    return this.programs.run('kubectl', [...this.inNamespace(), ...args], input === undefined ? {} : { input });
  }
}

const readyPod = [
  ...['--field-selector', 'status.phase=Running'],
  ...['--output', 'jsonpath={.items[*].metadata.name}'],
];

/** Of a key in `--set`, dots and commas are special. */
function escaped(key: string): string {
  return key.replace(/[.,]/g, '\\$&');
}

/** Of Kubernetes, that the chart takes. */
function oldestVersion(): readonly [number, number] {
  const { kubeVersion } = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8')) as { kubeVersion: string };
  const [major = 1, minor = 0] = (/\d+\.\d+/.exec(kubeVersion)?.[0] ?? '').split('.').map(Number);
  return [major, minor];
}
