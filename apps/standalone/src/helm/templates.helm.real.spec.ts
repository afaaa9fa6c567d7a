import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { installationTopicSettings, topicSettings } from '@moola/platform/topics/topic-settings';
import { processSettings } from '@moola/platform/settings/process-settings';
import { parse } from 'yaml';
import { chartFolder, chartServices, valuesFile } from './chart.js';
import { helm, refusal, rendered, trialSecrets } from './helm.js';
import { everything, installations, trial } from './installations.js';
import type { Manifests, NetworkRule } from './manifests.js';

const checksums = (manifests: Manifests): ReadonlyMap<string, string | undefined> =>
  new Map(
    manifests.of('Deployment').map(({ metadata, spec }) => {
      const service = metadata.labels?.['app.kubernetes.io/component'] ?? '';
      return [service, spec?.template?.metadata.annotations?.['checksum/configuration']];
    }),
  );

/** The services whose pods start anew when these values come to the least ones. */
async function restarted(values: object): Promise<string[]> {
  const [before, after] = [
    checksums(await rendered({ values: trial })),
    checksums(await rendered({ values: { ...trial, ...values } })),
  ];
  return [...before.keys()].filter((service) => before.get(service) !== after.get(service));
}

const all = chartServices().map(({ name }) => name);

describe('pods start anew', () => {
  it.each<[string, object, string[]]>([
    ['with a setting of all', { settings: { MOOLA_LOG_LEVEL: 'debug' } }, all],
    ['with a setting of one', { services: { bridge: { settings: { MOOLA_LOG_LEVEL: 'debug' } } } }, ['bridge']],
    [
      'with a secret that they read',
      { secrets: { create: { ...trialSecrets, token: 'another-token-of-length' } } },
      all,
    ],
    ['with the registry, those that ask it', { registry: { url: 'http://mlflow:5000' } }, ['responder']],
    [
      'with a channel, those that use it',
      { channels: { create: { MOOLA_CHANNEL_A_SLACK_URL: 'https://a' } } },
      ['notifier'],
    ],
    [
      'with a Prometheus to ask, those that ask it',
      { prometheusServers: { create: { MOOLA_PROMETHEUS_MAIN_URL: 'http://a' } } },
      ['collector'],
    ],
    [
      'when a Secret of others has changed, and somebody says so',
      { secrets: { create: trialSecrets, revision: '2' } },
      all,
    ],
    [
      'not with what is none of theirs',
      { definitions: { files: { 'a.yaml': 'kind: Model\nname: a\n' } }, autoscaling: { mode: 'hpa' } },
      [],
    ],
  ])('%s', async (_, values, services) => {
    expect(await restarted(values)).toEqual(services);
  });
});

describe('settings', () => {
  it('win in this order: computed, of all, of the defaults, of the service', async () => {
    const settings = (level: string) => ({ settings: { MOOLA_LOG_LEVEL: level } });
    const values = {
      ...trial,
      ...settings('warn'),
      defaults: settings('error'),
      services: { tracker: settings('debug') },
    };
    const manifests = await rendered({ values });
    expect(manifests.for('ConfigMap', 'tracker')?.data?.['MOOLA_LOG_LEVEL']).toBe('debug');
    expect(manifests.for('ConfigMap', 'bridge')?.data?.['MOOLA_LOG_LEVEL']).toBe('error');
  });

  it('are written as numbers, not as floats', async () => {
    const manifests = await rendered({ values: { ...trial, settings: { MOOLA_MAXIMUM_BODY: 1_073_741_824 } } });
    expect(manifests.for('ConfigMap', 'collector')?.data?.['MOOLA_MAXIMUM_BODY']).toBe('1073741824');
  });

  it('let services be asked by the names of their Services, Ingress and HTTPRoute', async () => {
    const manifests = await rendered({ values: { ...everything, allowedHosts: ['proxy.example'] } });
    expect(manifests.for('ConfigMap', 'console')?.data?.['MOOLA_ALLOWED_HOSTS']?.split(',')).toEqual([
      ...['moola-console', 'moola-console.ml'],
      ...['moola-console.ml.svc', 'moola-console.ml.svc.cluster.local'],
      ...['moola.example.com', 'proxy.example'],
    ]);
  });
});

describe('autoscaling by lag', () => {
  it('asks for the lag of the groups of each service, with the topic, as docs say', async () => {
    const manifests = await rendered(installations['values/production.yaml']);
    const tracker = manifests.for('ScaledObject', 'tracker');
    expect(tracker?.spec).toMatchObject({
      minReplicaCount: 2,
      maxReplicaCount: 12,
      fallback: { failureThreshold: 3, behavior: 'currentReplicas' },
      triggers: [
        {
          type: 'kafka',
          metadata: {
            consumerGroup: 'moola.live.tracker',
            topic: 'moola.live.observations.v1',
            lagThreshold: '30000',
            activationLagThreshold: '0',
            offsetResetPolicy: 'earliest',
            excludePersistentLag: 'false',
            limitToPartitionsWithLag: 'false',
            ensureEvenDistributionOfPartitions: 'true',
            sasl: 'scram_sha512',
            tls: 'enable',
          },
          authenticationRef: { name: 'moola-kafka' },
        },
      ],
    });
    const groups = manifests
      .of('ScaledObject')
      .flatMap(({ spec }) => (spec?.triggers ?? []).map(({ metadata }) => metadata['consumerGroup']));
    expect(groups.filter((group) => group !== undefined).sort()).toEqual([
      ...['moola.live.bridge', 'moola.live.bridge.protected-value', 'moola.live.collector.join'],
      ...['moola.live.collector.receive', 'moola.live.experiment', 'moola.live.tracker'],
    ]);
    expect(
      manifests.of('ScaledObject').map(({ metadata }) => metadata.labels?.['app.kubernetes.io/component']),
    ).not.toContain('notifier');
  });

  it('covers every environment that has the time of the wall', async () => {
    const values = {
      ...trial,
      autoscaling: { mode: 'keda' },
      environments: ['live', 'staging:wall', 'example:replay'],
    };
    const triggers = (await rendered({ values })).for('ScaledObject', 'tracker')?.spec?.triggers ?? [];
    expect(triggers.map(({ metadata }) => metadata['consumerGroup'])).toEqual([
      'moola.live.tracker',
      'moola.staging.tracker',
    ]);
  });
});

describe('high availability', () => {
  it('spreads three of each over the zones, and lets one be away', async () => {
    const manifests = await rendered(installations['values/ha.yaml']);
    for (const { metadata, spec } of manifests.of('Deployment')) {
      const service = metadata.labels?.['app.kubernetes.io/component'] as string;
      const least = manifests.for('ScaledObject', service)?.spec?.minReplicaCount ?? spec?.replicas;
      expect([service, least]).toEqual([service, 3]);
      expect(spec?.template?.spec.topologySpreadConstraints).toContainEqual(
        expect.objectContaining({
          topologyKey: 'topology.kubernetes.io/zone',
          whenUnsatisfiable: 'DoNotSchedule',
          // A zone whose nodes take no pods must not hold up the others.
          nodeTaintsPolicy: 'Honor',
        }),
      );
      expect(manifests.for('PodDisruptionBudget', service)?.spec).toMatchObject({ maxUnavailable: 1 });
    }
  });
});

describe('a roll-out', () => {
  it('starts a new pod before an old one goes, unless a service says otherwise', async () => {
    const values = { ...trial, services: { console: { strategy: { maxSurge: '50%', maxUnavailable: 1 } } } };
    const manifests = await rendered({ values });
    const strategyOf = (service: string) => manifests.for('Deployment', service)?.spec?.['strategy'];
    const rolling = (rollingUpdate: object) => ({ type: 'RollingUpdate', rollingUpdate });
    expect(strategyOf('tracker')).toEqual(rolling({ maxSurge: 1, maxUnavailable: 0 }));
    expect(strategyOf('console')).toEqual(rolling({ maxSurge: '50%', maxUnavailable: 1 }));
  });
});

describe('network policies', () => {
  const policyOf = async (service: string, values: object) =>
    (await rendered({ values: { ...trial, ...values } })).for('NetworkPolicy', service)?.spec;
  const portsOf = (rules: readonly NetworkRule[] | undefined): number[] =>
    (rules ?? []).flatMap(({ ports }) => (ports ?? []).map(({ port }) => port));

  it('let names be resolved anywhere at port 53, also by what is no pod, unless values say where', async () => {
    const dns = { ports: ['UDP', 'TCP'].map((protocol) => ({ port: 53, protocol })) };
    expect((await policyOf('tracker', {}))?.egress).toContainEqual(dns);
    const jobs = (await rendered({ values: trial })).named('NetworkPolicy', 'moola-jobs');
    expect(jobs.spec?.egress).toContainEqual(dns);
    const to = [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openshift-dns' } } }];
    const openShift = await policyOf('tracker', { networkPolicy: { dns: to, dnsPorts: [53, 5353] } });
    expect(openShift?.egress).toContainEqual({
      to,
      ports: [53, 5353].flatMap((port) => ['UDP', 'TCP'].map((protocol) => ({ port, protocol }))),
    });
  });

  it('let through the ports of pods behind Services with other ones', async () => {
    const values = {
      registry: { url: 'http://mlflow.mlflow:80', ports: [5000] },
      traces: { endpoint: 'http://otel.traces', ports: [4318] },
    };
    expect(portsOf((await policyOf('responder', values))?.egress)).toEqual(expect.arrayContaining([80, 5000, 4318]));
    const tracker = portsOf((await policyOf('tracker', values))?.egress);
    expect(tracker).toContain(4318);
    expect(tracker).not.toContain(5000);
  });

  it('let the collector reach the Prometheus servers that it asks, and nobody else', async () => {
    const create = { MOOLA_PROMETHEUS_MAIN_URL: 'http://prometheus:9091', MOOLA_PROMETHEUS_MAIN_TOKEN: 'x' };
    const values = { prometheusServers: { create, ports: [10_902] } };
    const collector = portsOf((await policyOf('collector', values))?.egress);
    expect(collector).toEqual(expect.arrayContaining([9091, 10_902]));
    expect(collector).not.toContain(9090);
    expect(portsOf((await policyOf('tracker', values))?.egress)).not.toContain(9091);
    expect(portsOf((await policyOf('collector', {}))?.egress)).not.toContain(9090);
    const existing = { prometheusServers: { existing: 'servers' } };
    expect(portsOf((await policyOf('collector', existing))?.egress)).toEqual(expect.arrayContaining([443, 9090]));
  });

  it('let clients in by their address', async () => {
    const address = { ipBlock: { cidr: '10.0.0.0/16', except: ['10.0.1.0/24'] } };
    const values = { networkPolicy: { clients: [address] } };
    expect((await policyOf('collector', values))?.ingress).toContainEqual(expect.objectContaining({ from: [address] }));
  });

  it('let the notifier send mail, also without TLS and by the ports of relays', async () => {
    const ports = portsOf((await policyOf('notifier', {}))?.egress);
    expect(ports).toEqual(expect.arrayContaining([25, 443, 465, 587, 2525]));
    expect(portsOf((await policyOf('tracker', {}))?.egress)).not.toContain(25);
  });
});

describe('topics made by Strimzi', () => {
  it('are those that the services would make', async () => {
    const values = { ...everything, partitions: 12, environments: ['live', 'example:replay'] };
    const topics = (await rendered({ values })).of('KafkaTopic');
    const wanted = [
      ...installationTopicSettings(),
      ...topicSettings('live', 12, 'wall'),
      ...topicSettings('example', 12, 'replay'),
    ];
    expect(topics.map(({ metadata }) => metadata.name)).toEqual(wanted.map(({ name }) => name));
    for (const [index, { partitions, retentionMs }] of wanted.entries()) {
      expect(topics[index]).toMatchObject({
        apiVersion: 'kafka.strimzi.io/v1',
        metadata: { labels: { 'strimzi.io/cluster': 'events' }, annotations: { 'helm.sh/resource-policy': 'keep' } },
        spec: {
          partitions,
          replicas: 3,
          config: { 'retention.ms': String(retentionMs ?? -1), 'message.timestamp.type': 'LogAppendTime' },
        },
      });
    }
  });

  it('have the API version and the namespace of an older Strimzi elsewhere', async () => {
    const strimzi = { cluster: 'events', apiVersion: 'kafka.strimzi.io/v1beta2', namespace: 'kafka' };
    const values = { ...trial, kafka: { ...trial.kafka, topics: { madeBy: 'strimzi', strimzi } } };
    const topics = (await rendered({ values, apiVersions: ['kafka.strimzi.io/v1beta2'] })).of('KafkaTopic');
    expect(topics.length).toBeGreaterThan(0);
    for (const { apiVersion, metadata } of topics) {
      expect([apiVersion, metadata.namespace]).toEqual(['kafka.strimzi.io/v1beta2', 'kafka']);
    }
  });

  it('are not made by the services too', async () => {
    expect((await rendered({ values: everything })).for('ConfigMap', 'collector')?.data?.['MOOLA_CREATE_TOPICS']).toBe(
      'off',
    );
    expect(
      (await rendered({ values: trial })).for('ConfigMap', 'collector')?.data?.['MOOLA_CREATE_TOPICS'],
    ).toBeUndefined();
  });
});

describe('Ingress and HTTPRoute', () => {
  it('take bodies as large as the collector does (values/production.yaml)', async () => {
    const ingress = (await rendered(installations['values/production.yaml'])).of('Ingress')[0];
    const largest = /^(\d+)m$/.exec(
      ingress?.metadata.annotations?.['nginx.ingress.kubernetes.io/proxy-body-size'] ?? '',
    );
    expect(Number(largest?.[1]) * 1024 * 1024).toBe(Number(processSettings.maximumBodyBytes.default));
  });

  it('send events to the collector and all else to the console', async () => {
    const manifests = await rendered({ values: everything });
    const paths = [
      ['/v1/events', 'moola-collector'],
      ['/', 'moola-console'],
    ];
    const [rule] = manifests.of('Ingress')[0]?.spec?.['rules'] as [
      { http: { paths: { path: string; backend: { service: { name: string } } }[] } },
    ];
    expect(rule.http.paths.map(({ path, backend }) => [path, backend.service.name])).toEqual(paths);
    const rules = manifests.of('HTTPRoute')[0]?.spec?.['rules'] as {
      matches: [{ path: { value: string } }];
      backendRefs: [{ name: string }];
    }[];
    expect(rules.map(({ matches, backendRefs }) => [matches[0].path.value, backendRefs[0].name])).toEqual(paths);
  });
});

describe('definitions', () => {
  it('are applied by a job after install, upgrade and rollback, from files and from a ConfigMap of others', async () => {
    const job = (await rendered({ values: everything })).named('Job', 'moola-apply');
    expect(job.metadata.annotations).toMatchObject({
      'helm.sh/hook': 'post-install,post-upgrade,post-rollback',
      'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
    });
    expect(job.spec?.template?.spec.containers[0]?.args).toEqual([
      ...['apps/cli/dist/main.js', 'apply', '--environment', 'live'],
      ...['/definitions/models.yaml', '/existing-definitions/rules.yaml'],
    ]);
  });

  it('need no job where there are none', async () => {
    const jobs = (await rendered({ values: trial })).of('Job');
    expect(jobs.map(({ metadata }) => metadata.annotations?.['helm.sh/hook'])).toEqual(['test']);
  });
});

describe('jobs', () => {
  it('run where the services may run, with the token as a file', async () => {
    const tolerations = [{ key: 'dedicated', operator: 'Equal', value: 'ml', effect: 'NoSchedule' }];
    const defaults = { nodeSelector: { pool: 'ml' }, tolerations };
    const files = { 'a.yaml': 'kind: Model\nname: a\n' };
    const jobs = (await rendered({ values: { ...trial, defaults, definitions: { files } } })).of('Job');
    expect(jobs).toHaveLength(2);
    for (const { spec } of jobs) {
      expect(spec?.template?.spec).toMatchObject(defaults);
      const [container] = spec?.template?.spec.containers ?? [];
      expect(container?.env).toContainEqual({ name: 'MOOLA_TOKEN_FILE', value: '/etc/moola/secrets/token' });
    }
  });
});

describe('secrets', () => {
  it('are read from a Secret of others, and none is made', async () => {
    const manifests = await rendered({ files: [valuesFile('production')] });
    expect(manifests.of('Secret')).toEqual([]);
    const pod = manifests.for('Deployment', 'notifier')?.spec?.template?.spec;
    expect(pod?.volumes?.[0]?.secret?.secretName).toBe('moola');
    // As files: what is in the environment of a process is in its crash dumps and in those of what it starts.
    expect(pod?.volumes?.find(({ name }) => name === 'channels')?.secret?.secretName).toBe('moola-channels');
    for (const { spec, metadata } of manifests.workloads()) {
      const [container] = spec.template.spec.containers;
      const named = container?.envFrom?.some(({ secretRef }) => secretRef !== undefined);
      const valued = container?.env?.some(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined);
      expect([metadata.name, named ?? false, valued ?? false]).toEqual([metadata.name, false, false]);
      const mounts = spec.template.spec.volumes?.some(({ name }) => name === 'channels');
      expect([metadata.name, mounts]).toEqual([metadata.name, metadata.name === 'moola-notifier']);
    }
  });

  const scram = { brokers: ['kafka:9092'], sasl: { mechanism: 'scram-sha-512', username: 'moola' } };
  const own = (name: string) => ({ kafka: { username: `moola-${name}`, existingSecret: `${name}-kafka` } });

  it('of a Kafka principal of its own come from a Secret of its own, with all else from that of the release', async () => {
    const create = { ...trialSecrets, 'kafka-password': 'shared' };
    const manifests = await rendered({
      values: { ...trial, kafka: scram, secrets: { create }, services: { tracker: own('tracker') } },
    });
    const sources = manifests
      .for('Deployment', 'tracker')
      ?.spec?.template?.spec.volumes?.find(({ name }) => name === 'secrets')?.projected?.sources;
    expect(sources?.map(({ secret }) => [secret.name, secret.items?.map(({ key }) => key)])).toEqual([
      ['moola-secrets', ['token', 'installation-key', 'redis-url']],
      ['tracker-kafka', ['kafka-password']],
    ]);
    const userOf = (service: string) => manifests.named('ConfigMap', `moola-${service}`).data?.['MOOLA_KAFKA_USERNAME'];
    expect([userOf('tracker'), userOf('bridge')]).toEqual(['moola-tracker', 'moola']);
    const file = manifests.named('ConfigMap', 'moola-tracker').data?.['MOOLA_KAFKA_PASSWORD_FILE'];
    expect(file).toBe('/etc/moola/secrets/kafka-password');
  });

  it('of Kafka need not be in the Secret of the release when every service has its own, unless KEDA asks with them', async () => {
    const services = Object.fromEntries(all.map((name) => [name, own(name)]));
    const values = { ...trial, kafka: { ...scram, sasl: { mechanism: 'scram-sha-512' } }, services };
    const manifests = await rendered({ values });
    expect(Object.keys(manifests.named('Secret', 'moola-secrets').stringData ?? {})).toEqual(Object.keys(trialSecrets));
    const keda = { ...values, kafka: scram, autoscaling: { mode: 'keda' } };
    expect(await refusal({ values: keda })).toContain('secrets.create.kafka-password: is missing');
    const secrets = { create: { ...trialSecrets, 'kafka-password': 'of KEDA' } };
    const scaled = await rendered({ values: { ...keda, secrets } });
    expect(scaled.named('ConfigMap', 'moola-kafka').data).toEqual({ username: 'moola' });
    expect(scaled.named('TriggerAuthentication', 'moola-kafka').spec).toMatchObject({
      configMapTargetRef: [{ parameter: 'username', name: 'moola-kafka', key: 'username' }],
      secretTargetRef: [{ parameter: 'password', name: 'moola-secrets', key: 'kafka-password' }],
    });
  });

  it('come from a store by the External Secrets Operator', async () => {
    const external = { enabled: true, store: { kind: 'ClusterSecretStore', name: 'vault' }, path: 'ml/moola' };
    const manifests = await rendered({ values: { ...trial, secrets: { external } } });
    expect(manifests.of('Secret')).toEqual([]);
    expect(manifests.of('ExternalSecret')[0]?.spec).toMatchObject({
      target: { name: 'moola-secrets' },
      data: ['token', 'installation-key', 'redis-url'].map((key) => ({
        secretKey: key,
        remoteRef: { key: 'ml/moola', property: key },
      })),
    });
  });
});

describe('monitoring', () => {
  it('finds every service by a ServiceMonitor that Prometheus selects, and calls the job by the service', async () => {
    const monitor = (await rendered({ values: everything })).of('ServiceMonitor')[0];
    expect(monitor?.metadata.labels).toMatchObject({ release: 'prometheus' });
    expect(monitor?.spec).toMatchObject({
      jobLabel: 'app.kubernetes.io/component',
      endpoints: [
        {
          port: 'http',
          path: '/metrics',
          authorization: { credentials: { name: 'moola-secrets', key: 'token' } },
        },
      ],
    });
  });

  it('shows Prometheus a token that may read only, where one is named', async () => {
    const credentials = { name: 'moola-prometheus', key: 'viewer' };
    const values = { ...trial, monitoring: { serviceMonitor: { enabled: true, credentials } } };
    const monitors = (await rendered({ values })).of('ServiceMonitor');
    expect(monitors).toHaveLength(2);
    for (const { spec } of monitors) {
      expect(spec?.['endpoints']).toEqual([
        expect.objectContaining({ authorization: { type: 'Bearer', credentials } }),
      ]);
    }
  });

  it('finds the metrics of the models at the console, or where everything is one process', async () => {
    for (const values of [everything, { ...everything, mode: 'standalone' }]) {
      const manifests = await rendered({ values });
      const monitor = manifests.of('ServiceMonitor').find(({ metadata }) => metadata.name.endsWith('-models'));
      expect(monitor?.spec).toMatchObject({
        selector: {
          matchExpressions: [{ key: 'app.kubernetes.io/component', operator: 'In', values: ['console', 'standalone'] }],
        },
        endpoints: [
          {
            path: '/metrics/models',
            relabelings: [{ targetLabel: 'job', replacement: 'moola-models' }],
            authorization: { credentials: { name: 'moola-secrets', key: 'token' } },
          },
        ],
      });
      const found = manifests
        .of('Service')
        .filter(({ metadata }) =>
          ['console', 'standalone'].includes(metadata.labels?.['app.kubernetes.io/component'] ?? ''),
        );
      expect(found).toHaveLength(1);
    }
  });

  it('has every alert rule and dashboard of the chart', async () => {
    const manifests = await rendered({ values: everything });
    const files = (folder: string): number => readdirSync(join(chartFolder, 'files', folder)).length;
    expect(manifests.of('PrometheusRule')).toHaveLength(files('rules'));
    for (const { spec } of manifests.of('PrometheusRule'))
      expect(spec?.['groups']).toEqual([expect.anything(), ...((spec?.['groups'] as unknown[]) ?? []).slice(1)]);
    const dashboards = manifests
      .of('ConfigMap')
      .filter(({ metadata }) => metadata.labels?.['grafana_dashboard'] === '1');
    expect(dashboards).toHaveLength(files('dashboards'));
    for (const { data } of dashboards) for (const text of Object.values(data ?? {})) JSON.parse(text);
  });
});

describe('alert rules', () => {
  interface Rule {
    readonly alert?: string;
    readonly expr: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  }
  interface Rules {
    readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
  }
  const rulesOf = ({ groups }: Rules): Rule[] => groups.flatMap(({ rules }) => rules);
  const original = readdirSync(join(chartFolder, 'files/rules'))
    .sort()
    .flatMap((name) => rulesOf(parse(readFileSync(join(chartFolder, 'files/rules', name), 'utf8')) as Rules));
  const renderedRules = async (values: object): Promise<Rule[]> =>
    (await rendered({ values }))
      .of('PrometheusRule')
      .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name))
      .flatMap(({ spec }) => rulesOf(spec as unknown as Rules));
  const prometheusRule = { enabled: true };
  const ofLive = ({ expr }: Rule): boolean => expr.includes('environment="live"');

  it.each<[string, object, string[]]>([
    ['another one', { environments: ['prod'] }, ['prod']],
    ['several, without replays', { environments: ['prod', 'staging:wall', 'example:replay'] }, ['prod', 'staging']],
    ['one process', { mode: 'standalone', environments: ['prod'] }, ['live']],
  ])('that name an environment name that of the installation: %s', async (_, values, environments) => {
    const expected = original.flatMap((rule) =>
      ofLive(rule)
        ? environments.map((environment) => ({
            ...rule,
            expr: rule.expr.replaceAll('environment="live"', `environment="${environment}"`),
            labels: { ...rule.labels, environment },
          }))
        : [rule],
    );
    expect(await renderedRules({ ...trial, ...values, monitoring: { prometheusRule } })).toEqual(expected);
  });

  it('name the address of their runbook', async () => {
    const runbookBaseUrl = 'https://git.example.com/ml/moola/blob/v1.2.0/';
    const values = { ...trial, monitoring: { prometheusRule: { ...prometheusRule, runbookBaseUrl } } };
    const alerts = (await renderedRules(values)).filter(({ alert }) => alert !== undefined);
    expect(alerts.length).toBeGreaterThan(10);
    for (const { alert, annotations } of alerts) {
      expect(annotations?.['runbook_url']).toBe(`${runbookBaseUrl}docs/runbooks/${alert}.md`);
    }
  });
});

describe('what is said after an installation', () => {
  const notes = async (values: object): Promise<string> => {
    const folder = mkdtempSync(join(tmpdir(), 'moola-notes-'));
    try {
      const file = join(folder, 'values.json');
      writeFileSync(file, JSON.stringify({ ...trial, ...values }));
      const { code, stdout, stderr } = await helm(4, [
        ...['install', 'moola', chartFolder, '--namespace', 'ml', '--dry-run=client', '--values', file],
      ]);
      expect([code, stderr]).toEqual([0, expect.any(String)]);
      return stdout.slice(stdout.indexOf('NOTES:'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it('warns that rollbacks fail without a registry, where the services are processes of their own', async () => {
    const warning = 'registry.url is empty: no rollback can be carried out';
    expect(await notes({})).toContain(warning);
    expect(await notes({ registry: { url: 'http://mlflow.ml:5000' } })).not.toContain(warning);
    expect(await notes({ mode: 'standalone' })).not.toContain(warning);
  });
});
