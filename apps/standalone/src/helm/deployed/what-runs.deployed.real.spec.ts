import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@moola/streams/testing/eventually';
import { serviceNames } from '@moola/testbed/fleet';
import { sharedKafka, sharedRedis } from '@moola/testbed/shared';
import { rendered, trialSecrets } from '../helm.js';
import { LocalPods, type LocalPod } from './pods.js';

const environment = `helm${randomBytes(4).toString('hex')}`;
const definitions = {
  'models.yaml': [
    { kind: 'Model', name: 'churn', budget: { lines: [{ metric: 'accuracy', below: 0.85, severity: 'critical' }] } },
  ],
  'rules.yaml':
    'kind: Rule\nname: ChurnSlow\nmodel: churn\nmetric: latency_p95\nwindow: 5m\nabove: 50\nseverity: warning\n',
};

/** Status of a GET with a Host header and the token. */
function statusFor(address: string, path: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { host, authorization: `Bearer ${trialSecrets.token}` };
    request(`${address}${path}`, { headers }, (answer) => resolve(answer.resume().statusCode))
      .on('error', reject)
      .end();
  });
}

async function read<T>(address: string, path: string): Promise<T> {
  const answer = await fetch(`${address}${path}`, { headers: { authorization: `Bearer ${trialSecrets.token}` } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

const defined = async (address: string, name: string): Promise<unknown> =>
  read(address, `/api/v1/environments/${name}/definitions`);

/** What holds for what runs in either mode. */
function holds(name: string, of: () => { readonly pods: LocalPods; readonly console: LocalPod }): void {
  it('answers the probes of every pod', async () => {
    for (const { name: service, probe, template } of of().pods.pods) {
      const [container] = template.spec.containers;
      expect([service, await probe(container?.startupProbe)]).toEqual([service, 200]);
      expect([service, await probe(container?.livenessProbe)]).toEqual([service, 200]);
      await eventually(`${service} is ready`, async () => (await probe(container?.readinessProbe)) === 200);
    }
  });

  it('is reached by the names of its Services, and by no others', async () => {
    const { console: page } = of();
    const service = `moola-${page.name}`;
    for (const host of [service, `${service}.ml`, `${service}.ml.svc`, `${service}.ml.svc.cluster.local:8080`]) {
      expect([host, await statusFor(page.address, '/api/v1/environments', host)]).toEqual([host, 200]);
    }
    expect(await statusFor(page.address, '/api/v1/environments', 'evil.example')).toBe(403);
  });

  it('takes the definitions that the hook applies, and the same once more', async () => {
    const { pods, console: page } = of();
    expect(await pods.runJob('moola-apply')).toMatchObject({
      code: 0,
      output: expect.stringContaining('applied model churn'),
    });
    const once = await defined(page.address, name);
    expect(JSON.stringify(once)).toContain('ChurnSlow');
    expect(await pods.runJob('moola-apply')).toMatchObject({ code: 0 });
    expect(await defined(page.address, name)).toEqual(once);
  });

  it('passes helm test, and fails it with a token that is not its own', async () => {
    const { pods } = of();
    expect(await pods.runJob('moola-test')).toMatchObject({
      code: 0,
      output: expect.not.stringMatching(/: (?!ready)\D+$/m),
    });
    const other = await pods.runJob('moola-test', {
      MOOLA_TOKEN: 'another-token-of-length',
      MOOLA_READY_WITHIN_SECONDS: '1',
    });
    expect(other).toMatchObject({ code: 1, output: expect.stringContaining('does not let this token read (401)') });
  });
}

describe('what Kubernetes would run, on a real Kafka and Redis', () => {
  let pods: LocalPods;
  const pod = (name: string): LocalPod => pods.pods.find((each) => each.name === name) as LocalPod;

  beforeAll(async () => {
    const values = {
      ...{ environments: [environment], partitions: 2, kafka: { brokers: [await sharedKafka()], replication: 1 } },
      secrets: { create: { ...trialSecrets, 'redis-url': await sharedRedis() } },
      definitions: { files: definitions, environment },
    };
    const manifests = await rendered({ values });
    pods = new LocalPods(manifests);
    for (const service of serviceNames) await pods.start('Deployment', service);
  }, 600_000);

  afterAll(() => pods.stop(), 120_000);

  holds(environment, () => ({ pods, console: pod('console') }));

  it('fails helm test when a service does not answer, and names it', async () => {
    await pod('bridge').server.end('SIGKILL');
    const { code, output } = await pods.runJob('moola-test', { MOOLA_READY_WITHIN_SECONDS: '1' });
    expect(code).toBe(1);
    expect(output).toContain(`${pod('bridge').address}: is not ready (no answer)`);
    expect(output).toContain(`${pod('tracker').address}: ready`);
    await pod('bridge').server.start();
  });

  it('ends in order when it is told to, within the time that the manifest gives', async () => {
    for (const service of ['tracker', 'collector', 'console']) {
      const { server } = pod(service);
      await server.end('SIGTERM');
      // The server process kills what takes longer than 15 s: it has ended by itself, as its last words say.
      expect([service, server.output().includes('ending: finishing what is in hand')]).toEqual([service, true]);
      await server.start();
    }
  });
});

describe('what Kubernetes would run in one pod', () => {
  let pods: LocalPods;

  beforeAll(async () => {
    const files = { files: definitions, environment: 'live' };
    const manifests = await rendered({
      values: { mode: 'standalone', secrets: { create: trialSecrets }, definitions: files },
    });
    pods = new LocalPods(manifests);
    await pods.start('StatefulSet', 'standalone');
  }, 300_000);

  afterAll(() => pods.stop(), 120_000);

  holds('live', () => ({ pods, console: pods.pods[0] as LocalPod }));
});
