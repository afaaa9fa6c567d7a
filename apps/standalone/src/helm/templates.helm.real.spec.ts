import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { installationTopicSettings, topicSettings } from '@moola/platform/topics/topic-settings';
import { chartFolder, chartServices, valuesFile } from './chart.js';
import { rendered, trialSecrets } from './helm.js';
import { everything, installations, trial } from './installations.js';
import type { Manifests } from './manifests.js';

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
        expect.objectContaining({ topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' }),
      );
      expect(manifests.for('PodDisruptionBudget', service)?.spec).toMatchObject({ maxUnavailable: 1 });
    }
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

describe('secrets', () => {
  it('are read from a Secret of others, and none is made', async () => {
    const manifests = await rendered({ files: [valuesFile('production')] });
    expect(manifests.of('Secret')).toEqual([]);
    const pod = manifests.for('Deployment', 'notifier')?.spec?.template?.spec;
    expect(pod?.volumes?.[0]?.secret?.secretName).toBe('moola');
    expect(pod?.containers[0]?.envFrom).toContainEqual({ secretRef: { name: 'moola-channels' } });
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
