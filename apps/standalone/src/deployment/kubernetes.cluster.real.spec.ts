import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@moola/testbed/fleet';
import { helmProgram, type HelmMajor } from '@moola/testbed/helm-program';
import type { Kubernetes } from '@moola/testbed/kubernetes/kubernetes';
import { sharedKafka, sharedKubernetes, sharedRedis } from '@moola/testbed/shared';
import { Kafka, logLevel } from 'kafkajs';
import { repository } from '../compose/compose-file.js';
import { LocalKubelet } from '../helm/deployed/kubelet.js';
import { trialSecrets } from '../helm/helm.js';
import { objectsIn } from '../helm/objects.js';

const minutes = 60_000;

/**
 * deploy/deploy_monitoring.sh as a person calls it, one command after the other, on a real API server with its controllers and
 * scheduler. What its pods run are processes of this machine, on a real Kafka and Redis.
 */
describe('a deployment on Kubernetes', () => {
  const unique = randomBytes(4).toString('hex');
  const namespace = `deployment-${unique}`;
  /** Kafka and Redis are shared with other suites. */
  const environment = `cluster${unique}`;
  const folder = mkdtempSync(join(tmpdir(), 'moola-deployment-'));
  const posted: string[] = [];
  let cluster: Kubernetes;
  let kubelet: LocalKubelet;
  let channel: Server;
  let brokers: string;

  beforeAll(async () => {
    cluster = await sharedKubernetes();
    kubelet = await LocalKubelet.start(cluster, namespace);
    brokers = await sharedKafka();
    channel = createServer((request, response) => {
      void text(request).then((body) => posted.push(body));
      response.end();
    }).listen(0, '127.0.0.1');
    await once(channel, 'listening');
    symlinkSync(cluster.kubectlProgram, join(folder, 'kubectl'));
    const values = {
      ...{ environments: [environment], partitions: 1, image: { registry: 'registry.example' } },
      kafka: { brokers: brokers.split(','), replication: 1 },
      secrets: { create: { ...trialSecrets, 'redis-url': await sharedRedis() } },
      channels: { create: channels() },
      definitions: { environment },
      defaults: kubelet.wanted,
    };
    writeFileSync(join(folder, 'values.yaml'), JSON.stringify(values));
  }, 30 * minutes);

  afterAll(async () => {
    channel?.close();
    await kubelet?.stop();
    await cluster?.kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
    rmSync(folder, { recursive: true });
  }, 5 * minutes);

  const webhook = (): string => `http://127.0.0.1:${(channel.address() as AddressInfo).port}/`;

  const channels = () => ({
    MOOLA_CHANNEL_TEAM_WEBHOOK_URL: webhook(),
    MOOLA_CHANNEL_TEAM_WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 1).toString('base64')}`,
  });

  const call = async (major: HelmMajor, ...words: string[]) => {
    const report = join(folder, 'report.md');
    const args = [
      join(repository, 'deploy/deploy_monitoring.sh'),
      ...words,
      '--target',
      'kubernetes',
      '--report',
      report,
    ];
    const { NODE_OPTIONS: _, REDIS_URL: __, ...variables } = process.env;
    const child = spawn('bash', [...args, '--namespace', namespace], {
      ...{ cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] },
      env: {
        ...{ ...variables, KUBECONFIG: cluster.kubeconfig, MOOLA_HELM: await helmProgram(major) },
        ...{ HELM_CACHE_HOME: folder, HELM_CONFIG_HOME: folder, HELM_DATA_HOME: folder },
        PATH: [folder, process.env['PATH']].join(delimiter),
        ...channels(),
      },
    });
    const closed = once(child, 'close') as Promise<[number]>;
    const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    // Why a pod did not become ready is what the kubelet knows.
    const why =
      code === 0 ? '' : `${kubelet.problems.join('\n')}\n${kubelet.jobs.map(({ output }) => output).join('\n')}`;
    return { code, output: output + errors + why, report: readFileSync(report, 'utf8') };
  };

  /** By the name of its service, which pod runs: what was started anew is another one. */
  const pods = async (): Promise<Record<string, string>> => {
    const output = await cluster.kubectl(['get', 'pods', '--namespace', namespace, '--output=json']);
    const { items } = JSON.parse(output) as {
      items: readonly { metadata: { uid: string; labels: Record<string, string> }; status: { phase: string } }[];
    };
    const running = items.filter(({ status }) => status.phase === 'Running');
    return Object.fromEntries(
      running.map(({ metadata: { uid, labels } }) => [labels['app.kubernetes.io/component'] ?? '', uid]),
    );
  };

  const values = ['--values', join(folder, 'values.yaml')];
  const full = [...values, '--definitions', 'examples/index-volatility/definitions.yaml'];

  it(
    'is brought about with its definitions, and ends with a report',
    async () => {
      const deployed = await call(3, ...full);
      expect([deployed.code, deployed.output]).toEqual([0, expect.stringContaining(deployed.report)]);
      expect(deployed.report).toContain('| Result | **as it should be** |');
      for (const service of serviceNames) expect(deployed.report).toContain(`| ${service} | 1 of 1 ready |`);
      expect(deployed.report).toContain(
        `kubectl --namespace ${namespace} port-forward service/moola-console 8080:8080`,
      );
      expect(kubelet.jobs).toEqual([
        { component: 'apply', code: 0, output: expect.stringContaining('SimpleLSTMAccuracyDrop') },
      ]);
    },
    15 * minutes,
  );

  it(
    'stays as it is when it is deployed again',
    async () => {
      const before = await pods();
      expect(Object.keys(before).sort()).toEqual([...serviceNames].sort());
      const again = await call(4, ...full);
      expect([again.code, again.output]).toEqual([0, expect.stringContaining('**as it should be**')]);
      expect(await pods()).toEqual(before);
    },
    10 * minutes,
  );

  it(
    'is validated: the cluster, the rights, the chart, Kafka and the channels are asked',
    async () => {
      const { code, output, report } = await call(4, 'validate', ...full);
      expect([code, output]).toEqual([0, expect.stringContaining('the schema accepts the values')]);
      expect(report).toMatch(/\| kubectl and the cluster \| ok \| Kubernetes v1\.\d+\.\d+ \|/);
      expect(report).toMatch(/\| Helm \| ok \| Helm v4/);
      expect(report).toContain(`| Rights | ok | what the chart makes may be made in namespace ${namespace} |`);
      expect(report).toContain(`| Notification channels | ok | 127.0.0.1:${new URL(webhook()).port} |`);
    },
    10 * minutes,
  );

  it(
    'is tested by telemetry that goes through it, and nothing of the test stays',
    async () => {
      const before = await pods();
      const { code, output, report } = await call(3, 'test');
      // All of it, when it failed: which step did is what one wants to know.
      if (code !== 0) expect(output).toBe('a test that succeeds');
      expect(output).toContain('a snapshot counts');
      expect(report).toContain('| helm test | ok |');
      expect(kubelet.jobs.filter(({ component }) => component === 'test')).toEqual([
        { component: 'test', code: 0, output: expect.stringContaining('ready') },
      ]);
      expect(report).toContain('alert SimpleLSTMLatencySpike fires');
      expect(report).toContain('its notification went to terminal/deployment-test');
      expect(report).toContain('| Test notification | ok | delivered to webhook/team |');
      expect(posted).toHaveLength(1);
      expect(report).toMatch(/removed 13 topics, \d+ consumer groups and \d+ checkpoints/);
      const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      const topics = await admin.listTopics();
      await admin.disconnect();
      const [tested] = /deployment-test-[0-9a-f]{8}/.exec(report) ?? [];
      expect(topics.filter((name) => name.startsWith(`moola.${tested}.`))).toEqual([]);
      expect(topics.filter((name) => name.startsWith(`moola.${environment}.`))).toHaveLength(13);
      // Each service was started anew to serve the environment of the test, and serves what it served before.
      const after = await pods();
      for (const service of serviceNames) expect([service, after[service]]).not.toEqual([service, before[service]]);
      const settings = ['get', 'configmap', 'moola-tracker', '--namespace', namespace];
      expect(await cluster.kubectl([...settings, '--output=jsonpath={.data.MOOLA_ENVIRONMENTS}'])).toBe(environment);
    },
    20 * minutes,
  );

  it(
    'is removed, and so is what is not there',
    async () => {
      const { code, output } = await call(4, 'clean');
      expect([code, output]).toEqual([
        0,
        expect.stringContaining('moola is removed; Kafka and Redis keep what they hold'),
      ]);
      await cluster.kubectl(['wait', 'pods', '--all', '--for=delete', '--namespace', namespace, '--timeout=120s']);
      expect(await objectsIn(cluster, namespace)).toEqual([]);
      const again = await call(3, 'clean');
      expect([again.code, again.output]).toEqual([0, expect.stringContaining('there is no release moola')]);
    },
    10 * minutes,
  );
});
