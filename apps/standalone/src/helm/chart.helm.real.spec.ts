import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { notifierSettings } from '@moola/notifier/notifier-settings';
import { prometheusVariables, readPrometheusServers } from '@moola/collector/infrastructure/prometheus-servers';
import { channelVariables, readChannels } from '@moola/notifier/send/channel-settings';
import { distributedSettings } from '@moola/platform/service/distributed-settings';
import { readServiceSettings } from '@moola/platform/service/read-service-settings';
import { processSettings } from '@moola/platform/settings/process-settings';
import { readSettings } from '@moola/platform/settings/settings';
import { serviceNames } from '@moola/testbed/fleet';
import { repository } from './chart.js';
import { rendered } from './helm.js';
import { installations } from './installations.js';
import { filesOf, variablesOf, type Manifests, type NetworkRule, type PodSpec } from './manifests.js';

const names = Object.keys(installations);

describe('every installation', () => {
  const manifests = new Map<string, Manifests>();

  beforeAll(async () => {
    for (const [name, options] of Object.entries(installations)) manifests.set(name, await rendered(options));
  });

  const of = (name: string): Manifests => manifests.get(name) as Manifests;
  const services = (name: string) =>
    of(name)
      .workloads()
      .filter(({ kind }) => kind !== 'Job');

  it.each(names)('%s: runs every service, one process each', (name) => {
    const expected = services(name)[0]?.kind === 'StatefulSet' ? ['standalone'] : serviceNames;
    expect(services(name).map(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'])).toEqual(expected);
    for (const { spec } of services(name)) {
      const [program = ''] = spec.template.spec.containers[0]?.args ?? [];
      expect(existsSync(join(repository, program.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
    }
  });

  it.each(names)('%s: gives each object a name of its own, and every label once', (name) => {
    const seen = of(name).all.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`);
    expect(new Set(seen).size).toBe(seen.length);
    for (const { kind, metadata } of of(name).all) {
      expect([metadata.name, metadata.name.length <= 63 || kind === 'KafkaTopic']).toEqual([metadata.name, true]);
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/instance': 'moola',
        'app.kubernetes.io/managed-by': 'Helm',
        'app.kubernetes.io/part-of': 'moola',
        'helm.sh/chart': expect.stringMatching(/^moola-monitoring-/),
      });
    }
  });

  it.each(names)(
    '%s: gives each service settings that it can read, all that it needs and none that it does not know',
    (name) => {
      for (const { spec } of services(name)) {
        const pod = spec.template.spec;
        const [container] = pod.containers;
        if (container === undefined) throw new Error('a pod without a container');
        const { MOOLA_SECRETS_FOLDER: folder, ...variables } = variablesOf(container, of(name));
        const files = filesOf(pod, of(name));
        const readFile = (path: string): string => {
          const text = files.get(path);
          if (text === undefined) throw new Error(`no such file: ${path}`);
          return text;
        };
        const isStandalone = container.name === 'standalone';
        const notifies = isStandalone || container.name === 'notifier';
        const own = notifies ? notifierSettings : {};
        const read = isStandalone
          ? readSettings({ ...processSettings, ...own }, variables, readFile)
          : readServiceSettings({ settings: own }, variables, readFile);
        if (!read.ok) throw new Error(`${container.name}: ${read.problems.join('\n')}`);
        expect(read.settings).toMatchObject({ host: '0.0.0.0', port: 8080 });
        const folders = folder?.split(':') ?? [];
        const inFolder = [...files.keys()].filter((path) => folders.some((each) => path.startsWith(`${each}/`)));
        const named = inFolder.map((path) => [`${basename(path)}_FILE`, path] as const);
        const channels = readChannels({ environment: { ...variables, ...Object.fromEntries(named) }, readFile });
        expect(channels.ok).toBe(true);
        const hasChannels = of(name).all.some(({ metadata }) => metadata.name === 'moola-channels');
        const holds = (these: RegExp) => inFolder.some((path) => these.test(basename(path)));
        expect(holds(channelVariables)).toBe(notifies && hasChannels);
        const asks = isStandalone || container.name === 'collector';
        const servers = readPrometheusServers({
          ...{ environment: { ...variables, ...Object.fromEntries(named) }, readFile },
        });
        expect(servers.ok).toBe(true);
        const hasServers = of(name).all.some(({ metadata }) => metadata.name === 'moola-prometheus');
        expect(holds(prometheusVariables)).toBe(asks && hasServers);
        const known = new Set(knownTo(isStandalone, notifies));
        for (const variable of Object.keys(variables)) {
          const isKnown =
            known.has(variable) ||
            known.has(variable.replace(/_FILE$/, '')) ||
            (notifies && channelVariables.test(variable));
          expect([container.name, variable, isKnown]).toEqual([container.name, variable, true]);
        }
        // Nobody holds a secret that it does not read.
        for (const path of files.keys()) {
          if (path.startsWith('/etc/moola/secrets/')) expect(Object.values(variables)).toContain(path);
        }
      }
    },
  );

  it.each(names)('%s: runs as nobody in particular, on a file system that it cannot write, without rights', (name) => {
    for (const { spec } of of(name).workloads()) {
      const pod = spec.template.spec;
      expect(pod.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(refusedByRestrictedV2(pod)).toEqual(
        name.includes('openshift') ? [] : ['runAsUser', 'runAsGroup', 'fsGroup'],
      );
      expect(pod.automountServiceAccountToken).toBe(false);
      for (const { securityContext, resources } of pod.containers) {
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'] },
          privileged: false,
          readOnlyRootFilesystem: true,
        });
        expect(resources).toMatchObject({
          requests: { cpu: expect.anything(), memory: expect.anything() },
          limits: { memory: expect.anything() },
        });
      }
    }
    expect(of(name).of('Role')).toEqual([]);
    const accounts = of(name).of('ServiceAccount');
    expect(accounts).toHaveLength(services(name).length);
    for (const { automountServiceAccountToken } of accounts) expect(automountServiceAccountToken).toBe(false);
    const used = services(name).map(({ spec }) => spec.template.spec.serviceAccountName);
    expect(used.sort()).toEqual(accounts.map(({ metadata }) => metadata.name).sort());
  });

  it.each(names)('%s: is asked whether it lives and is ready, and has the time to end', (name) => {
    for (const { spec } of services(name)) {
      const pod = spec.template.spec;
      const [container] = pod.containers;
      expect(container?.ports).toEqual([{ name: 'http', containerPort: 8080, protocol: 'TCP' }]);
      expect(container?.startupProbe?.httpGet).toEqual({ path: '/healthz', port: 'http' });
      expect(container?.livenessProbe?.httpGet).toEqual({ path: '/healthz', port: 'http' });
      expect(container?.readinessProbe?.httpGet).toEqual({ path: '/readyz', port: 'http' });
      // The pause before it, what a service takes at most, and a little.
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(5 + 25);
    }
  });

  it.each(names)('%s: has a Service, a budget and a policy for each, by the labels that its pods have', (name) => {
    for (const { spec, metadata } of services(name)) {
      const service = metadata.labels?.['app.kubernetes.io/component'] as string;
      const labels = Object.entries(spec.template.metadata.labels);
      const selects = (selector: object | undefined): boolean =>
        Object.entries(selector ?? { nothing: '' }).every(([key, value]) =>
          labels.some(([its, text]) => its === key && text === value),
        );
      expect(selects(of(name).for('Service', service)?.spec?.selector)).toBe(true);
      expect(selects(of(name).for('PodDisruptionBudget', service)?.spec?.selector?.['matchLabels'] as object)).toBe(
        true,
      );
      expect(selects(of(name).for('NetworkPolicy', service)?.spec?.podSelector?.matchLabels)).toBe(true);
      expect(selects(spec.selector?.['matchLabels'] as object)).toBe(true);
    }
  });

  it.each(names)('%s: denies what it does not need, and lets through every port that its settings name', (name) => {
    const deny = of(name)
      .of('NetworkPolicy')
      .find(({ metadata }) => metadata.name.endsWith('default-deny'));
    expect(deny?.spec).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
    expect([deny?.spec?.ingress, deny?.spec?.egress]).toEqual([undefined, undefined]);
    for (const { metadata, spec } of services(name)) {
      const service = metadata.labels?.['app.kubernetes.io/component'] as string;
      const policy = of(name).for('NetworkPolicy', service)?.spec;
      expect(policy?.policyTypes).toEqual(['Ingress', 'Egress']);
      const open = (rules: readonly NetworkRule[] | undefined): number[] =>
        (rules ?? []).flatMap(({ ports }) => (ports ?? []).map(({ port }) => port));
      expect(open(policy?.ingress)).toContain(8080);
      const [container] = spec.template.spec.containers;
      if (container === undefined) throw new Error('a pod without a container');
      const variables = { ...variablesOf(container, of(name)) };
      for (const [path, text] of filesOf(spec.template.spec, of(name))) variables[path] = text;
      const allowed = new Set(open(policy?.egress));
      for (const port of portsIn(variables)) expect([service, port, allowed.has(port)]).toEqual([service, port, true]);
      expect(allowed.has(53)).toBe(true);
    }
  });

  it.each(names)('%s: leaves the number of pods to one owner', (name) => {
    for (const { metadata, spec } of of(name).of('Deployment')) {
      const service = metadata.labels?.['app.kubernetes.io/component'] as string;
      const owners = ['HorizontalPodAutoscaler', 'ScaledObject'].filter(
        (kind) => of(name).for(kind, service) !== undefined,
      );
      expect([service, owners.length + (spec?.replicas === undefined ? 0 : 1)]).toEqual([service, 1]);
    }
    for (const { spec } of of(name).of('ScaledObject')) {
      expect(spec?.minReplicaCount).toBeGreaterThanOrEqual(1);
      expect(spec?.maxReplicaCount).toBeGreaterThanOrEqual(spec?.minReplicaCount as number);
      for (const { type, metadata } of spec?.triggers ?? []) {
        if (type === 'kafka') expect(metadata['topic']).toMatch(/^moola\..+\.v1$/);
      }
    }
  });

  it.each(names)('%s: is the same from Helm 4', async (name) => {
    const fromFour = await rendered({ ...installations[name], major: 4 });
    const key = ({ kind, metadata }: { kind: string; metadata: { name: string } }): string =>
      `${kind} ${metadata.name}`;
    const sorted = (from: Manifests) => [...from.all].sort((a, b) => key(a).localeCompare(key(b)));
    expect(sorted(fromFour)).toEqual(sorted(of(name)));
  });
});

/**
 * What of a pod does not go with the security context constraint `restricted-v2` of OpenShift, which chooses user and groups by
 * itself, from a range of each namespace, and takes volumes of these kinds.
 */
function refusedByRestrictedV2({ securityContext, volumes, containers }: PodSpec): string[] {
  const kinds = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected'];
  const ids = ['runAsUser', 'runAsGroup', 'fsGroup'];
  return [
    ...ids.filter((id) =>
      [securityContext, ...containers.map((each) => each.securityContext)].some((its) => id in its),
    ),
    ...(volumes ?? []).filter((volume) => ![...kinds, 'secret'].some((kind) => kind in volume)).map(({ name }) => name),
  ];
}

/** What a service reads. */
function knownTo(isStandalone: boolean, notifies: boolean): string[] {
  const specs = {
    ...processSettings,
    ...(isStandalone ? {} : distributedSettings),
    ...(notifies ? notifierSettings : {}),
  };
  return Object.values(specs).map(({ variable }) => variable);
}

/** The ports of the addresses that settings and secrets name: of brokers, of nodes of Redis, of URLs. */
function portsIn(variables: Readonly<Record<string, string>>): number[] {
  const own = /^MOOLA_(PUBLIC_URL|ALLOWED_HOSTS|HOST|PORT)$/;
  const schemes: Readonly<Record<string, number>> = { http: 80, https: 443, redis: 6379, rediss: 6379 };
  return Object.entries(variables).flatMap(([name, text]) => {
    if (own.test(name) || name.endsWith('_FILE')) return [];
    const url = /^(https?|rediss?):\/\/[^/]*?(?::(\d+))?(?:\/|$)/.exec(text);
    if (url !== null) return [Number(url[2] ?? schemes[url[1] ?? ''])];
    return /^[^\s:,]+:\d+(,|$)/.test(text) ? text.split(',').map((each) => Number(each.split(':').at(-1))) : [];
  });
}
