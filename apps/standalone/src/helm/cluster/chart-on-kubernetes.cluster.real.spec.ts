import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@moola/testbed/fleet';
import { helmMajors, type HelmMajor } from '@moola/testbed/helm-program';
import type { Kubernetes } from '@moola/testbed/kubernetes/kubernetes';
import { sharedKubernetes } from '@moola/testbed/shared';
import { chartFolder, valuesFile } from '../chart.js';
import { helm, template, trialSecrets, type HelmRun } from '../helm.js';
import { installations, trial } from '../installations.js';
import { objectsIn } from '../objects.js';

interface Listed {
  readonly items: readonly {
    readonly kind: string;
    readonly metadata: {
      readonly name: string;
      readonly generation: number;
      readonly labels?: Readonly<Record<string, string>>;
    };
    readonly spec: { readonly replicas?: number; readonly nodeName?: string };
    readonly status: { readonly phase?: string; readonly readyReplicas?: number };
  }[];
}

const minutes = 60_000;

describe('the chart on Kubernetes', () => {
  let cluster: Kubernetes;
  let folder: string;
  let namespace: string;
  let count = 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'moola-cluster-'));
    cluster = await sharedKubernetes();
  }, 30 * minutes);

  afterAll(() => rmSync(folder, { recursive: true }));

  beforeEach(async () => {
    namespace = `chart-${++count}`;
    await cluster.kubectl(['create', 'namespace', namespace]);
    await cluster.kubectl(['wait', `namespace/${namespace}`, '--for=jsonpath={.status.phase}=Active', '--timeout=60s']);
    await cluster.kubectl(['wait', 'serviceaccount/default', ...inNamespace(), '--for=create', '--timeout=60s']);
  });

  afterEach(() => cluster.kubectl(['delete', 'namespace', namespace, '--wait=false']));

  const inNamespace = (): string[] => ['--namespace', namespace];

  /** Helm on the cluster. */
  const onCluster = (major: HelmMajor, args: readonly string[], values?: object): Promise<HelmRun> => {
    const file = join(folder, `values-${++count}.json`);
    writeFileSync(file, JSON.stringify(values ?? {}));
    const given = values === undefined ? [] : ['--values', file];
    return helm(major, [...args, ...inNamespace(), ...given], {
      KUBECONFIG: cluster.kubeconfig,
      ...{ HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder },
    });
  };

  const succeeds = async (run: Promise<HelmRun>): Promise<string> => {
    const { code, stdout, stderr } = await run;
    if (code !== 0) throw new Error(`${stdout}\n${stderr}`);
    return stdout;
  };

  const list = async (kind: string): Promise<Listed['items']> =>
    (JSON.parse(await cluster.kubectl(['get', kind, ...inNamespace(), '--output=json'])) as Listed).items;

  const objects = (): Promise<string[]> => objectsIn(cluster, namespace);

  const generations = async (): Promise<Record<string, number>> =>
    Object.fromEntries((await list('deployments')).map(({ metadata }) => [metadata.name, metadata.generation]));

  const isReady = async (): Promise<void> => {
    await cluster.kubectl(['rollout', 'status', 'deployment', ...inNamespace(), '--timeout=120s']);
  };

  it.each(Object.keys(installations))(
    '%s: every object is accepted, field by field',
    async (name) => {
      const { stdout, stderr, code } = await template({ ...installations[name], namespace });
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      // No module has the definitions of Strimzi.
      const objects = stdout.split(/^---$/m).filter((text) => !/^kind: KafkaTopic$/m.test(text));
      const args = ['create', '--dry-run=server', '--validate=strict', '--filename', '-'];
      const created = await cluster.kubectl([...args, '--output=name'], objects.join('---\n'));
      expect(created.trim().split('\n').length).toBeGreaterThan(8);
    },
    5 * minutes,
  );

  it.each(helmMajors)(
    'is installed, tested, upgraded, rolled back and uninstalled by Helm %s, and leaves nothing behind; nothing new starts no pod anew',
    async (major) => {
      const definitions = { files: { 'models.yaml': [{ kind: 'Model', name: 'churn' }] } };
      const values = { ...trial, definitions };
      const wait = ['--wait', '--timeout', '180s'];
      const notes = await succeeds(onCluster(major, ['install', 'moola', chartFolder, ...wait], values));
      expect(notes).toContain(`http://moola-collector.${namespace}:8080/v1/events`);
      const pods = await list('pods');
      const running = pods.filter(({ status }) => status.phase === 'Running');
      expect(running.map(({ metadata }) => metadata.labels?.['app.kubernetes.io/component']).sort()).toEqual(
        [...serviceNames].sort(),
      );
      await succeeds(onCluster(major, ['test', 'moola', '--timeout', '120s']));

      const before = await generations();
      await succeeds(onCluster(major, ['upgrade', 'moola', chartFolder, ...wait], values));
      expect(await generations()).toEqual(before);
      const again = { ...values, services: { bridge: { settings: { MOOLA_LOG_LEVEL: 'debug' } } } };
      await succeeds(onCluster(major, ['upgrade', 'moola', chartFolder, ...wait], again));
      await isReady();
      const after = await generations();
      expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual(['moola-bridge']);

      await succeeds(onCluster(major, ['rollback', 'moola', '1', ...wait]));
      await isReady();
      const { stdout } = await onCluster(major, ['get', 'manifest', 'moola']);
      expect(stdout).not.toContain('debug');
      const level = ['get', 'configmap', 'moola-bridge', ...inNamespace(), '--output=jsonpath={.data.MOOLA_LOG_LEVEL}'];
      expect(await cluster.kubectl(level)).toBe('');

      await succeeds(onCluster(major, ['uninstall', 'moola', ...wait]));
      await cluster.kubectl(['wait', 'pods', '--all', '--for=delete', ...inNamespace(), '--timeout=120s']);
      expect(await objects()).toEqual([]);
    },
    20 * minutes,
  );

  it(
    'spreads three instances of each service over three zones',
    async () => {
      const topologySpread = { zones: 'DoNotSchedule', nodes: 'ScheduleAnyway' };
      const values = { ...trial, defaults: { replicas: 3, topologySpread } };
      await succeeds(onCluster(4, ['install', 'moola', chartFolder, '--wait'], values));
      const nodes = new Map<string, string[]>();
      for (const { metadata, spec } of await list('pods')) {
        const service = metadata.labels?.['app.kubernetes.io/component'] ?? '';
        nodes.set(service, [...(nodes.get(service) ?? []), spec.nodeName ?? ''].sort());
      }
      for (const service of serviceNames) {
        expect([service, nodes.get(service)]).toEqual([service, ['node-zone-a', 'node-zone-b', 'node-zone-c']]);
      }
    },
    10 * minutes,
  );

  it.each(helmMajors)(
    'an upgrade leaves to the autoscaler how many pods there are, by Helm %s',
    async (major) => {
      const values = { ...trial, autoscaling: { mode: 'hpa' } };
      await succeeds(onCluster(major, ['install', 'moola', chartFolder, '--wait'], values));
      await cluster.kubectl(['scale', 'deployment/moola-tracker', '--replicas=4', ...inNamespace()]);
      const more = { ...values, services: { tracker: { settings: { MOOLA_LOG_LEVEL: 'debug' } } } };
      await succeeds(onCluster(major, ['upgrade', 'moola', chartFolder, '--wait'], more));
      const tracker = (await list('deployments')).find(({ metadata }) => metadata.name === 'moola-tracker');
      expect(tracker?.spec.replicas).toBe(4);
    },
    10 * minutes,
  );

  describe.each(helmMajors)('by Helm %s', (major) => {
    it('a Secret that is missing, or lacks a key, is told before anything is installed', async () => {
      const values = { ...trial, secrets: { existing: 'moola' } };
      const missing = await onCluster(major, ['install', 'moola', chartFolder], values);
      expect(missing.code).not.toBe(0);
      expect(missing.stderr).toContain(
        `secrets.existing: namespace ${namespace} has no Secret moola: make it with the keys token, installation-key, redis-url`,
      );
      const literals = ['token', 'installation-key'].map(
        (key) => `--from-literal=${key}=${trialSecrets[key as 'token']}`,
      );
      await cluster.kubectl(['create', 'secret', 'generic', 'moola', ...literals, ...inNamespace()]);
      const incomplete = await onCluster(major, ['install', 'moola', chartFolder], values);
      expect(incomplete.stderr).toContain('secrets.existing: Secret moola has no key redis-url (redis://');
      expect((await objects()).filter((name) => !name.startsWith('secret/moola'))).toEqual([]);
    });

    it(
      'a second installation in the namespace is refused on the same Kafka and environment, and runs on others',
      async () => {
        await succeeds(onCluster(major, ['install', 'one', chartFolder], trial));
        const same = await onCluster(major, ['install', 'two', chartFolder], trial);
        expect(same.code).not.toBe(0);
        expect(same.stderr).toContain(
          'environments: release one in this namespace runs environment live on the same Kafka (kafka-1:9092): upgrade that release, or name other environments or another Kafka',
        );
        await succeeds(onCluster(major, ['install', 'two', chartFolder], { ...trial, environments: ['staging'] }));
        const third = { ...trial, kafka: { brokers: ['other:9092'] } };
        await succeeds(onCluster(major, ['install', 'three', chartFolder], third));
        // And the first one is still upgraded.
        await succeeds(onCluster(major, ['upgrade', 'one', chartFolder], trial));
      },
      10 * minutes,
    );

    it(
      'an upgrade with other partitions is refused before anything changes, but for environments of their own',
      async () => {
        await succeeds(onCluster(major, ['install', 'moola', chartFolder], trial));
        const before = await generations();
        const refused = await onCluster(major, ['upgrade', 'moola', chartFolder], { ...trial, partitions: 12 });
        expect(refused.code).not.toBe(0);
        expect(refused.stderr).toContain(
          'partitions: is 12, and release moola was installed with 6: it is fixed for an environment (live) once its topics are made',
        );
        expect(refused.stderr).toContain('Set partitions: 6.');
        expect(await generations()).toEqual(before);
        await succeeds(onCluster(major, ['upgrade', 'moola', chartFolder], trial));
        const others = { ...trial, partitions: 12, environments: ['staging'] };
        await succeeds(onCluster(major, ['upgrade', 'moola', chartFolder], others));
      },
      10 * minutes,
    );

    it(
      'all can be stopped, and started by another upgrade, as docs/upgrade.md says',
      async () => {
        await succeeds(onCluster(major, ['install', 'moola', chartFolder, '--wait'], trial));
        const scale = (pods: number) =>
          cluster.kubectl([
            ...['scale', 'deployment', '--selector', 'app.kubernetes.io/instance=moola', '--replicas', String(pods)],
            ...inNamespace(),
          ]);
        await scale(0);
        await cluster.kubectl(['wait', 'pods', '--all', '--for=delete', ...inNamespace(), '--timeout=120s']);
        const newer = { ...trial, settings: { MOOLA_LOG_LEVEL: 'debug' } };
        await succeeds(onCluster(major, ['upgrade', 'moola', chartFolder, '--no-hooks'], newer));
        await scale(1);
        await isReady();
        const before = await generations();
        await succeeds(onCluster(major, ['upgrade', 'moola', chartFolder, '--wait'], newer));
        expect(await generations()).toEqual(before);
      },
      10 * minutes,
    );

    it(
      'one pod with a volume is installed, and the volume outlives it',
      async () => {
        const values = { image: trial.image, secrets: { existing: '', create: trialSecrets } };
        const args = ['install', 'moola', chartFolder, '--values', valuesFile('small')];
        await succeeds(onCluster(major, args, values));
        await cluster.kubectl([
          'wait',
          'pvc/data-moola-standalone-0',
          ...inNamespace(),
          '--for=create',
          '--timeout=60s',
        ]);
        await succeeds(onCluster(major, ['uninstall', 'moola']));
        await cluster.kubectl(['wait', 'pods', '--all', '--for=delete', ...inNamespace(), '--timeout=120s']);
        expect(await objects()).toEqual(['persistentvolumeclaim/data-moola-standalone-0']);
      },
      10 * minutes,
    );
  });
});
