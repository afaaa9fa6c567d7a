import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { helmMajors } from '@moola/testbed/helm-program';
import { chartFolder, valuesFile } from './chart.js';
import { helm, refusal, rendered, template, trialSecrets } from './helm.js';
import { trial } from './installations.js';

const file = (error: string): string => error.replaceAll('\n', ' ');

describe('values that the schema refuses', () => {
  it.each<[string, object, string, string]>([
    ['unknown at the top', { replicas: 3 }, '', 'replicas'],
    ['unknown in a service', { services: { tracker: { replica: 3 } } }, '/services/tracker', 'replica'],
    ['an unknown service', { services: { trackers: {} } }, '/services', 'trackers'],
    ['an unknown setting', { settings: { MOOLA_LOG_LEVLE: 'info' } }, '/settings', 'MOOLA_LOG_LEVLE'],
    ['a setting that another value stands for', { settings: { MOOLA_PARTITIONS: 3 } }, '/settings', 'MOOLA_PARTITIONS'],
    ['a wrong word', { autoscaling: { mode: 'vpa' } }, '/autoscaling/mode', 'keda'],
    ['a wrong type', { partitions: 'many' }, '/partitions', 'integer'],
    ['no pods at all under KEDA', { defaults: { autoscaling: { min: 0 } } }, '/defaults/autoscaling/min', '1'],
    ['a broker without a port', { kafka: { brokers: ['kafka'] } }, '/kafka/brokers/0', 'pattern'],
    ['a short token', { secrets: { create: { token: 'short' } } }, '/secrets/create/token', '16'],
    [
      'a key of the wrong length',
      { secrets: { create: { 'installation-key': 'c2hvcnQ=' } } },
      '/secrets/create/installation-key',
      'pattern',
    ],
    [
      'a stabilisation that Kubernetes refuses',
      { autoscaling: { scaleDownStabilizationSeconds: 7200 } },
      '/autoscaling/scaleDownStabilizationSeconds',
      '3,?600',
    ],
    [
      'a definition without a kind',
      { definitions: { files: { 'a.yaml': [{ name: 'x' }] } } },
      '/definitions/files/a.yaml/0',
      'kind',
    ],
    [
      'a peer that is none',
      { networkPolicy: { clients: [{ cidr: '10.0.0.0/16' }] } },
      '/networkPolicy/clients/0',
      'cidr',
    ],
    [
      'an address without its length',
      { networkPolicy: { clients: [{ ipBlock: { cidr: '10.0.0.1' } }] } },
      '/networkPolicy/clients/0/ipBlock/cidr',
      'pattern',
    ],
    ['a port that is none', { registry: { ports: [70_000] } }, '/registry/ports/0', '65,?535'],
    ['a strategy in words', { defaults: { strategy: { maxSurge: 'one' } } }, '/defaults/strategy/maxSurge', 'pattern'],
    [
      'a Prometheus without a name',
      { prometheusServers: { create: { MOOLA_PROMETHEUS_URL: 'x' } } },
      '/prometheusServers/create',
      'MOOLA_PROMETHEUS_URL',
    ],
    ['a channel under another name', { channels: { create: { SLACK_URL: 'x' } } }, '/channels/create', 'SLACK_URL'],
  ])('%s: the error names the place', async (_, values, path, word) => {
    for (const major of helmMajors) {
      const error = file(await refusal({ major, values }));
      expect(error).toContain(`at '${path}'`);
      expect(error).toMatch(new RegExp(word));
    }
  });
});

describe('values that do not fit together', () => {
  const problemsOf = async (values: object, apiVersions?: string[]): Promise<string> =>
    refusal({ values: { ...trial, ...values }, ...(apiVersions === undefined ? {} : { apiVersions }) });

  it('are told all at once, each with what to do', async () => {
    const error = await refusal({ values: {} });
    expect(error).toContain("kafka.brokers: is empty: name your Kafka's brokers, such as [kafka-1:9092, kafka-2:9092]");
    expect(error).toContain('secrets.create.token: is missing (every request to a service carries it');
    expect(error).toContain(
      'secrets.create.installation-key: is missing (seals dead letters: openssl rand -base64 32)',
    );
    expect(error).toContain('secrets.create.redis-url: is missing (redis://user:password@host:port/db)');
    expect(error).toContain('or name a Secret that has it in secrets.existing');
  });

  it('ask only for the secrets that are needed', async () => {
    const error = await refusal({ values: { mode: 'standalone' } });
    expect(error).toContain('secrets.create.token');
    expect(error).not.toContain('redis-url');
    expect(error).not.toContain('kafka.brokers');
    const withScram = await problemsOf({
      kafka: { brokers: ['k:9092'], sasl: { mechanism: 'plain', username: 'moola' } },
    });
    expect(withScram).toContain('secrets.create.kafka-password: is missing (password for SASL)');
  });

  it.each<[string, object, string]>([
    [
      'more pods than partitions',
      { autoscaling: { mode: 'keda' }, services: { tracker: { autoscaling: { max: 9 } } } },
      'services.tracker.autoscaling.max: is 9, and there is work for 6 only (partitions): more stand by',
    ],
    [
      'less at most than at least',
      { autoscaling: { mode: 'hpa' }, services: { console: { autoscaling: { min: 4, max: 2 } } } },
      'services.console.autoscaling: max 2 is less than min 4',
    ],
    [
      'no time to end',
      { termination: { graceSeconds: 20 } },
      'termination.graceSeconds: is 20: a service takes up to 25 s',
    ],
    [
      'a roll-out that cannot move',
      { services: { tracker: { strategy: { maxSurge: '0%' } } } },
      'services.tracker.strategy: maxSurge and maxUnavailable are both 0',
    ],
    ['an Ingress to nowhere', { ingress: { enabled: true } }, 'ingress.hosts: is empty'],
    ['a route without a Gateway', { httpRoute: { enabled: true } }, 'httpRoute.parentRefs: is empty'],
    [
      'SASL without a name',
      { kafka: { brokers: ['k:9092'], sasl: { mechanism: 'plain' } } },
      'kafka.sasl.username: is missing',
    ],
    [
      'a principal of a service without its Secret',
      {
        kafka: { brokers: ['k:9092'], sasl: { mechanism: 'plain', username: 'moola' } },
        services: { tracker: { kafka: { username: 'moola-tracker' } } },
      },
      'services.tracker.kafka.existingSecret: is missing: the Secret with the kafka-password of moola-tracker',
    ],
    [
      'a principal of a service that proves nothing',
      { services: { tracker: { kafka: { username: 'moola-tracker', existingSecret: 'tracker' } } } },
      'services.tracker.kafka.username: is given, and kafka.sasl.mechanism is not',
    ],
    [
      'two kinds of Redis',
      { redis: { cluster: ['r:1'], sentinels: ['s:1'] } },
      'redis: both cluster and sentinels are given',
    ],
    [
      'a ConfigMap without keys',
      { definitions: { existing: { configMap: 'mine' } } },
      'definitions.existing.keys: is empty',
    ],
    [
      'Strimzi without a cluster',
      { kafka: { brokers: ['k:9092'], topics: { madeBy: 'strimzi' } } },
      'kafka.topics.strimzi.cluster: is missing',
    ],
    ['a store without a name', { secrets: { external: { enabled: true } } }, 'secrets.external.store.name: is missing'],
    [
      'two sources of Prometheus servers',
      { prometheusServers: { existing: 'a', create: { MOOLA_PROMETHEUS_A_URL: 'http://x' } } },
      'prometheusServers: both existing and create are given',
    ],
    [
      'two sources of channels',
      { channels: { existing: 'a', create: { MOOLA_CHANNEL_A_SLACK_URL: 'x' } } },
      'channels: both existing and create are given',
    ],
  ])('%s', async (_, values, sentence) => {
    expect(await problemsOf(values)).toContain(sentence);
  });

  it('an image that no registry has', async () => {
    const error = file(await refusal({ values: { ...trial, image: {} }, registry: null }));
    expect(error).toContain(
      'image.repository: is moola-monitoring, which names no registry: name the image that you have pushed, such as registry.example.com/ml/moola-monitoring (in a checkout, tools/release/image.sh <image> <version> --push',
    );
  });

  it.each<[string, object, string]>([
    ['keda.sh/v1alpha1', { autoscaling: { mode: 'keda' } }, 'autoscaling.mode: keda'],
    [
      'monitoring.coreos.com/v1',
      { monitoring: { serviceMonitor: { enabled: true } } },
      'monitoring.serviceMonitor.enabled',
    ],
    [
      'monitoring.coreos.com/v1',
      { monitoring: { prometheusRule: { enabled: true } } },
      'monitoring.prometheusRule.enabled',
    ],
    [
      'azmonitoring.coreos.com/v1',
      { monitoring: { serviceMonitor: { enabled: true, apiVersion: 'azmonitoring.coreos.com/v1' } } },
      'monitoring.serviceMonitor.enabled',
    ],
    [
      'gateway.networking.k8s.io/v1',
      { httpRoute: { enabled: true, parentRefs: [{ name: 'g' }] } },
      'httpRoute.enabled',
    ],
    [
      'kafka.strimzi.io/v1',
      { kafka: { brokers: ['k:9092'], topics: { madeBy: 'strimzi', strimzi: { cluster: 'c' } } } },
      'kafka.topics.madeBy: strimzi',
    ],
    [
      'external-secrets.io/v1',
      { secrets: { external: { enabled: true, store: { name: 's' } } } },
      'secrets.external.enabled',
    ],
  ])('a cluster without %s: nothing is left out in silence', async (version, values, value) => {
    const error = await problemsOf(values, []);
    expect(error).toContain(`${value}: the cluster does not know ${version}: install its CRDs first`);
    expect((await template({ values: { ...trial, ...values }, apiVersions: [version] })).code).toBe(0);
  });
});

describe('a Strimzi that is too old', () => {
  it('is told by the API version to name', async () => {
    const topics = { madeBy: 'strimzi', strimzi: { cluster: 'c' } };
    const values = { ...trial, kafka: { brokers: ['k:9092'], topics } };
    expect(file(await refusal({ values, apiVersions: ['kafka.strimzi.io/v1beta2'] }))).toContain(
      'Strimzi before 0.49 has another version: kafka.topics.strimzi.apiVersion: kafka.strimzi.io/v1beta2',
    );
  });
});

describe('a Kubernetes that is too old', () => {
  it.each(helmMajors)('is refused by Helm %s, and the oldest that will do is named', async (major) => {
    const error = await refusal({ major, values: trial, kubeVersion: '1.29.4' });
    expect(error).toMatch(/chart requires kubeVersion: >=1\.30\.0-0 which is incompatible with Kubernetes v1\.29\.4/);
    expect((await template({ major, values: trial, kubeVersion: '1.30.0' })).code).toBe(0);
    // As clouds name theirs.
    expect((await template({ major, values: trial, kubeVersion: '1.30.4-gke.1348000' })).code).toBe(0);
  });
});

describe('as a subchart', () => {
  let parent: string;

  beforeAll(() => {
    parent = mkdtempSync(join(tmpdir(), 'moola-parent-'));
    mkdirSync(join(parent, 'charts'));
    symlinkSync(chartFolder, join(parent, 'charts/moola-monitoring'));
    const dependency = '  - { name: moola-monitoring, version: 0.1.0, alias: watch, condition: watch.enabled }';
    writeFileSync(
      join(parent, 'Chart.yaml'),
      `apiVersion: v2\nname: platform\nversion: 1.0.0\ndependencies:\n${dependency}\n`,
    );
  });

  afterAll(() => rmSync(parent, { recursive: true }));

  it.each(helmMajors)('is rendered by Helm %s, with what is global', async (major) => {
    const global = { imageRegistry: 'registry.example', imagePullSecrets: ['pull'], other: { of: 'the parent' } };
    const manifests = await rendered({ major, chart: parent, values: { global, watch: trial } });
    const container = manifests.for('Deployment', 'tracker')?.spec?.template?.spec.containers[0];
    expect(container?.image).toBe('registry.example/moola-monitoring:0.1.0');
    expect(manifests.for('Deployment', 'tracker')?.spec?.template?.spec).toMatchObject({
      imagePullSecrets: [{ name: 'pull' }],
    });
    expect(manifests.for('Deployment', 'tracker')?.metadata.name).toBe('moola-tracker');
  });

  it('need not name a registry for an image that lies on the nodes', async () => {
    const values = { ...trial, image: { pullPolicy: 'Never' } };
    const manifests = await rendered({ values, registry: null });
    const container = manifests.for('Deployment', 'tracker')?.spec?.template?.spec.containers[0];
    expect(container?.image).toBe('moola-monitoring:0.1.0');
  });

  it.each(helmMajors)('is not there for Helm %s when it is switched off, and nothing is asked of it', async (major) => {
    expect((await rendered({ major, chart: parent, values: { watch: { enabled: false } } })).all).toEqual([]);
    expect((await rendered({ major, values: { enabled: false } })).all).toEqual([]);
  });

  it('has its values checked', async () => {
    expect(await refusal({ chart: parent, values: { watch: { ...trial, repicas: 1 } } })).toContain('repicas');
  });
});

describe('two releases in one namespace', () => {
  it('have no name in common', async () => {
    const [one, two] = await Promise.all(['moola', 'other'].map((release) => rendered({ release, values: trial })));
    const namesOf = (manifests: typeof one): string[] =>
      (manifests?.all ?? []).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(namesOf(one).filter((name) => namesOf(two).includes(name))).toEqual([]);
  });
});

describe('helm show and package', () => {
  it.each(helmMajors)('take the chart, by Helm %s', async (major) => {
    const folder = mkdtempSync(join(tmpdir(), 'moola-package-'));
    try {
      expect((await helm(major, ['package', chartFolder, '--destination', folder])).code).toBe(0);
      const packed = join(folder, 'moola-monitoring-0.1.0.tgz');
      const fromPackage = await rendered({
        major,
        chart: packed,
        files: [valuesFile('small')],
        values: { secrets: { existing: '', create: trialSecrets } },
      });
      const fromFolder = await rendered({
        major,
        files: [valuesFile('small')],
        values: { secrets: { existing: '', create: trialSecrets } },
      });
      expect(fromPackage.all).toEqual(fromFolder.all);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
