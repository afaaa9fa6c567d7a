import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'yaml';
import { repository } from '../../compose/compose-file.js';
import { channelsTask, prometheusTask, streamsTask } from '../connections.js';
import type { DeploymentOptions } from '../options.js';
import type { Programs } from '../programs.js';
import { LeftOut } from '../steps.js';
import type { ServiceStatus, Target, Task } from '../target.js';
import { definitionsTask } from './definitions-text.js';

const chart = join(repository, 'helm/moola-monitoring');
/** More than the time that the chart gives a pod to end. */
const leftWithinMs = 180_000;
const againMs = 1000;
const leaving = 'jsonpath={.items[?(@.metadata.deletionTimestamp)].metadata.name}';

/** What the release was installed with, of what is asked here. */
interface DeployedValues {
  readonly mode?: string;
  readonly nameOverride?: string;
  readonly environments?: readonly string[];
  readonly kafka?: { readonly topics?: { readonly madeBy?: string } };
}

/** A release as `helm list` says it. */
interface Release {
  readonly revision: string;
  /** Name and version. */
  readonly chart: string;
  readonly app_version: string;
}

interface Workload {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly replicas?: number };
  readonly status: { readonly readyReplicas?: number };
}

interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status: { readonly phase: string };
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
  private apiVersions: readonly string[] = [];

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
          // `helm template` asks no cluster: it knows the operators' resources (KEDA, Prometheus) only when it is told.
          const known = this.apiVersions.flatMap((each) => ['--api-versions', each]);
          await this.helm([
            ...['template', options.release, chart, ...version, ...known],
            ...[...this.inNamespace(), ...this.values()],
          ]);
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
            ...['--wait', '--timeout', this.options.timeout],
          ]);
          return `${options.release} in namespace ${options.namespace}`;
        },
      },
    ];
    this.ownTests = [
      { title: 'Release', run: () => this.testable() },
      {
        title: 'helm test',
        run: async () => {
          await this.helm(['test', options.release, ...this.inNamespace(), '--timeout', this.options.timeout]);
          return 'every service answers within the cluster';
        },
      },
    ];
    this.removal = [{ title: 'Release', run: () => this.uninstall() }];
  }

  async addresses() {
    const { namespace, release, context } = this.options;
    const [ofHelm, ofKubectl] =
      context === undefined ? ['', ''] : [` --kube-context ${context}`, ` --context ${context}`];
    const selector = `${this.selector},app.kubernetes.io/component in (console,standalone)`;
    const names = await this.kubectl(['get', 'services', '--selector', selector, ...namesOnly]);
    const consoles = names.split(/\s+/).filter((name) => name !== '');
    return [
      ['Notes of the release', `helm get notes ${release} --namespace ${namespace}${ofHelm}`],
      ...consoles.map(
        (name) =>
          ['Console', `kubectl${ofKubectl} --namespace ${namespace} port-forward service/${name} 8080:8080`] as const,
      ),
    ] as const;
  }

  async status(): Promise<readonly ServiceStatus[]> {
    const output = await this.kubectl([
      ...['get', 'deployments,statefulsets', '--selector', this.selector, '--output', 'json'],
    ]);
    if (output.trim() === '') return [];
    const { items } = JSON.parse(output) as { items: readonly Workload[] };
    return items.map(({ metadata, spec, status }) => {
      const [wanted, ready] = [spec.replicas ?? 1, status.readyReplicas ?? 0];
      const service = metadata.labels['app.kubernetes.io/component'] ?? metadata.name;
      return { service, state: `${ready} of ${wanted} ready`, ready: ready >= wanted };
    });
  }

  async served(): Promise<readonly string[]> {
    return (await this.deployedValues()).environments ?? ['live'];
  }

  async serve(environments: readonly string[]): Promise<string> {
    const { release } = this.options;
    const set = ['--reuse-values', '--set', `environments={${environments.join(',')}}`];
    await this.helm([
      'upgrade',
      release,
      chart,
      ...this.inNamespace(),
      ...set,
      '--wait',
      '--timeout',
      this.options.timeout,
    ]);
    await this.oldPodsGone();
    return environments.join(', ');
  }

  /**
   * Helm waits until the new pods are ready. The old ones may not even have been told to end by then: they still serve, and write
   * to, what they served.
   */
  private async oldPodsGone(): Promise<void> {
    await this.kubectl([
      ...['rollout', 'status', 'deployments', '--selector', this.selector],
      ...['--timeout', this.options.timeout],
    ]);
    const deadline = Date.now() + leftWithinMs;
    for (;;) {
      const output = await this.kubectl(['get', 'pods', '--selector', this.selector, '--output', leaving]);
      if (output.trim() === '') return;
      if (Date.now() > deadline)
        throw new Error(`these pods do not end: ${output.trim()}. kubectl describe says why; then call this again`);
      await delay(againMs);
    }
  }

  async moola(service: 'console' | 'notifier', args: readonly string[], input?: string): Promise<string> {
    const stdin = input === undefined ? [] : ['--stdin'];
    const selector = `${this.selector},app.kubernetes.io/component=${service}`;
    const output = await this.kubectl(['get', 'pods', '--selector', selector, '--output', 'json']);
    const { items } = JSON.parse(output.trim() || '{ "items": [] }') as { items: readonly Pod[] };
    const running = items.find(
      ({ metadata, status }) => status.phase === 'Running' && metadata.deletionTimestamp === undefined,
    );
    const pod = running?.metadata.name ?? (this.programs.dryRun ? `<a pod of ${service}>` : '');
    if (pod === '') throw new Error(`no pod of ${service} runs in namespace ${this.options.namespace}`);
    return this.kubectl(['exec', ...stdin, pod, '--', 'moola', ...args], input);
  }

  /** Whether the release can be given a further environment without a change of anything else. */
  private async testable(): Promise<string> {
    const { release, namespace } = this.options;
    const values = await this.deployedValues();
    const deployed = await this.deployed();
    if (this.programs.dryRun) return 'it would be asked for its version and how its topics are made';
    if (deployed === undefined) throw new Error(`there is no release ${release} in namespace ${namespace}`);
    const { chart: its, app_version: application, revision } = deployed;
    if (values.mode === 'standalone') return `${its}, revision ${revision}`;
    const own = chartFacts();
    if (its !== `${own.name}-${own.version}` || application !== own.appVersion)
      throw new Error(
        `${release} is ${its} (Moola ${application}), and the chart here is ${own.name}-${own.version} (Moola ` +
          `${own.appVersion}): the test would upgrade it. Call the script of the version that is deployed, or deploy ` +
          'this one first',
      );
    const madeBy = values.kafka?.topics?.madeBy ?? 'moola';
    if (madeBy !== 'moola')
      throw new Error(
        `kafka.topics.madeBy is ${madeBy}: the services may not make the topics of the test's environment, so no ` +
          'telemetry can be sent through it. `helm test` and `moola notify test` (docs/operations.md) need none',
      );
    return (
      `${its}, revision ${revision}. The test adds two revisions, which differ from it in "environments" alone; ` +
      `helm rollback ${release} ${revision} --namespace ${namespace} goes back to this one`
    );
  }

  private async deployedValues(): Promise<DeployedValues> {
    const { release } = this.options;
    const output = await this.helm(['get', 'values', release, ...this.inNamespace(), '--all', '--output', 'json']);
    return output.trim() === '' ? {} : (JSON.parse(output) as DeployedValues);
  }

  private async deployed(): Promise<Release | undefined> {
    const filter = ['--filter', `^${this.options.release}$`];
    // Helm 4 has no --all.
    const states = ['--deployed', '--failed', '--pending', '--uninstalling'];
    const output = await this.helm(['list', ...this.inNamespace(), ...filter, ...states, '--output', 'json']);
    return output.trim() === '' ? undefined : (JSON.parse(output) as readonly Release[])[0];
  }

  private async cluster(): Promise<string> {
    this.programs.require('kubectl', 'https://kubernetes.io/docs/tasks/tools/');
    const output = await this.kubectl(['version', '--output', 'json']).catch((error: Error) => {
      throw new Error(
        `no cluster answers: which one does kubectl use (kubectl config current-context)?\n${error.message}`,
      );
    });
    const known = await this.kubectl(['api-versions']);
    if (this.programs.dryRun) return 'it would be asked for its version';
    this.apiVersions = known.split(/\s+/).filter((each) => each !== '');
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
    const isThere = (await this.deployed()) !== undefined || this.programs.dryRun;
    // Part of the labels of what it has made.
    const name = (isThere && deleteData && (await this.deployedValues()).nameOverride) || chartFacts().name;
    if (isThere)
      await this.helm(['uninstall', release, ...this.inNamespace(), '--wait', '--timeout', this.options.timeout]);
    const removed = isThere
      ? `${release} is removed; Kafka and Redis keep what they hold`
      : `there is no release ${release} in namespace ${namespace}`;
    if (!deleteData) return removed;
    // Not by the release alone: a Redis or a Kafka of the same release's name has volumes too.
    const selector = [
      `app.kubernetes.io/name=${name.slice(0, 40).replace(/-$/, '')}`,
      `app.kubernetes.io/instance=${release}`,
      'app.kubernetes.io/component=standalone',
    ].join();
    const output = await this.kubectl(['delete', 'persistentvolumeclaims', '--selector', selector]);
    return `${removed}. ${output.trim() === '' ? 'It has no volume of its own' : output.trim()}`;
  }

  private get helmProgram(): string {
    return this.environment['MOOLA_HELM'] ?? 'helm';
  }

  private inNamespace(): readonly string[] {
    return ['--namespace', this.options.namespace];
  }

  /** What the chart has made for this release, and nothing of others that carry the release's name. */
  private get selector(): string {
    return `app.kubernetes.io/part-of=moola,app.kubernetes.io/instance=${this.options.release}`;
  }

  private values(): readonly string[] {
    return this.options.values.flatMap((file) => ['--values', file]);
  }

  private helm(args: readonly string[]): Promise<string> {
    const { context } = this.options;
    return this.programs.run(this.helmProgram, context === undefined ? args : [...args, '--kube-context', context]);
  }

  private kubectl(args: readonly string[], input?: string): Promise<string> {
    const { context } = this.options;
    const where = [...(context === undefined ? [] : ['--context', context]), ...this.inNamespace()];
    return this.programs.run('kubectl', [...where, ...args], input === undefined ? {} : { input });
  }
}

const namesOnly = ['--output', 'jsonpath={.items[*].metadata.name}'];

/** Of a key in `--set`, dots and commas are special. */
function escaped(key: string): string {
  return key.replace(/[.,]/g, '\\$&');
}

interface ChartFacts {
  readonly name: string;
  readonly version: string;
  readonly appVersion: string;
  readonly kubeVersion: string;
}

function chartFacts(): ChartFacts {
  return parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8')) as ChartFacts;
}

/** Of Kubernetes, that the chart takes. */
function oldestVersion(): readonly [number, number] {
  const { kubeVersion } = chartFacts();
  const [major = 1, minor = 0] = (/\d+\.\d+/.exec(kubeVersion)?.[0] ?? '').split('.').map(Number);
  return [major, minor];
}
