import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '@moola/testbed/command';
import { freePorts } from '@moola/testbed/free-ports';
import { guardedFolder, type GuardedFolder } from '@moola/testbed/guard';
import { ApiError, KubernetesApi } from '@moola/testbed/kubernetes/api';
import type { Kubernetes } from '@moola/testbed/kubernetes/kubernetes';
import { ServerProcess } from '@moola/testbed/server-process';
import { repository } from '../chart.js';
import { Manifests, type Manifest, type PodSpec, type PodTemplate } from '../manifests.js';
import { containerRun, type ContainerRun } from './container.js';
import { listens } from './pods.js';

/** What the kubelet reads of a pod. */
export interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: PodSpec & { readonly restartPolicy: 'Always' | 'Never' };
  readonly status: { readonly phase?: string };
}

/** A pod as processes of this machine. */
interface LocalPod {
  readonly pod: Pod;
  readonly folder: GuardedFolder;
  readonly ending: AbortController;
  server?: ServerProcess;
  /** `http://127.0.0.1:41234`, once it has a port. */
  address?: string;
  isReady: boolean;
}

/** How a pod of a job has ended. */
export interface EndedJob {
  readonly component: string;
  readonly code: number | undefined;
  readonly output: string;
}

const componentLabel = 'app.kubernetes.io/component';
const instanceLabel = 'app.kubernetes.io/instance';
const probedEveryMs = 500;
const againMs = 1000;

/**
 * The kubelet of a node whose pods run: what their containers run becomes processes of this machine, which are ready when their
 * readiness probes say so, are told to end when they are deleted, and in which `kubectl exec` runs commands. As a kubelet does
 * it, but for what containers are: each pod has the port 8080 of its own address (here: a port of its own), names of Services
 * lead to pods, volumes lie where the manifest mounts them (here: below a folder). Pauses before the end (`preStop`) are left out.
 */
export class LocalKubelet {
  /** Pods of jobs, in the order in which they have ended. */
  readonly jobs: EndedJob[] = [];
  /** What went wrong with pods, for whoever asks why one is not ready. */
  readonly problems: string[] = [];
  private readonly pods = new Map<string, LocalPod>();
  private readonly api: KubernetesApi;
  private readonly stopping = new AbortController();
  private watching: Promise<void> = Promise.resolve();

  private constructor(
    private readonly cluster: Kubernetes,
    /** Its name, and the value of the label and the taint that lead pods to it. */
    readonly node: string,
  ) {
    this.api = new KubernetesApi(cluster);
  }

  /** Joins a node to the cluster that takes only pods which ask for it. */
  static async start(cluster: Kubernetes, node: string): Promise<LocalKubelet> {
    const kubelet = new LocalKubelet(cluster, node);
    // As in the image.
    const command = join(cluster.commands, 'moola');
    const program = join(repository, 'apps/cli/dist/main.js');
    writeFileSync(command, `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`);
    chmodSync(command, 0o755);
    await kubelet.join();
    kubelet.watching = kubelet.watch();
    return kubelet;
  }

  /** What a pod asks for to run here: values of the chart's `defaults`. */
  get wanted(): object {
    return {
      nodeSelector: { 'moola.testbed/node': this.node },
      tolerations: [{ key: 'moola.testbed/node', value: this.node, effect: 'NoSchedule' }],
    };
  }

  /** Where a pod of a service that is ready answers. @throws Error when there is none */
  addressOf(service: string, namespace: string): string {
    const its = [...this.pods.values()].filter(
      ({ pod: { metadata } }) => metadata.namespace === namespace && metadata.labels[componentLabel] === service,
    );
    const pod = its.findLast(({ isReady }) => isReady) ?? its.at(-1);
    if (pod?.address === undefined) throw new Error(`no pod of ${service} runs in namespace ${namespace}`);
    return pod.address;
  }

  /** What a pod's process has written. */
  outputOf(service: string, namespace: string): string {
    return [...this.pods.values()]
      .filter(
        ({ pod: { metadata } }) => metadata.namespace === namespace && metadata.labels[componentLabel] === service,
      )
      .map(({ server }) => server?.output() ?? '')
      .join('\n');
  }

  /** Ends all processes, and takes the node away. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.watching;
    await Promise.all([...this.pods.values()].map((pod) => this.end(pod, 'SIGKILL')));
    await this.api.send('DELETE', `/api/v1/nodes/${this.node}`);
  }

  private async join(): Promise<void> {
    const key = 'moola.testbed/node';
    const labels = { 'kubernetes.io/hostname': this.node, 'topology.kubernetes.io/zone': this.node, [key]: this.node };
    const taints = [{ key, value: this.node, effect: 'NoSchedule' }];
    const object = { apiVersion: 'v1', kind: 'Node', metadata: { name: this.node, labels }, spec: { taints } };
    await this.api.send('POST', '/api/v1/nodes', object);
    const capacity = { cpu: '64', memory: '64Gi', pods: '100' };
    const condition = (type: string, status: string) => ({
      ...{ type, status, reason: 'Testbed', message: '' },
      ...{ lastHeartbeatTime: now(), lastTransitionTime: now() },
    });
    await this.api.send('PATCH', `/api/v1/nodes/${this.node}/status`, {
      status: {
        ...{ capacity, allocatable: capacity, addresses: [{ type: 'InternalIP', address: '127.0.0.1' }] },
        daemonEndpoints: { kubeletEndpoint: { Port: this.cluster.execPort } },
        conditions: [
          condition('Ready', 'True'),
          ...['MemoryPressure', 'DiskPressure', 'PIDPressure'].map((type) => condition(type, 'False')),
        ],
      },
    });
  }

  /** Until it is stopped; a watch that the server ends begins anew. */
  private async watch(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const told = ({ type, object }: { type: string; object: Pod }): void => {
        if (type === 'ADDED' || type === 'MODIFIED') this.look(object);
      };
      await this.api
        .watch<Pod>(`/api/v1/pods?fieldSelector=spec.nodeName%3D${this.node}`, told, signal)
        .catch((error: Error) => signal.aborted || this.problems.push(`the watch: ${error.message}`));
      await delay(againMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private look(pod: Pod): void {
    const { uid, name, deletionTimestamp } = pod.metadata;
    const known = this.pods.get(uid);
    if (deletionTimestamp !== undefined) {
      if (known?.ending.signal.aborted === false) void this.end(known, 'SIGTERM');
      if (known === undefined) void this.gone(pod);
      return;
    }
    if (known !== undefined || pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed') return;
    const local = { pod, folder: guardedFolder(name), ending: new AbortController(), isReady: false };
    this.pods.set(uid, local);
    void this.run(local);
  }

  /** Runs a pod until it is ended; what fails is tried again, as the kubelet does. */
  private async run(local: LocalPod): Promise<void> {
    const { pod, ending } = local;
    while (!ending.signal.aborted) {
      try {
        const run = await this.prepare(pod, local.folder);
        const [port] = (await freePorts(1)) as [number];
        if (ending.signal.aborted) return;
        if (pod.spec.restartPolicy === 'Never') return await this.runJob(local, run);
        await this.runService(local, port, run);
      } catch (error) {
        if (ending.signal.aborted) return;
        this.problems.push(`${pod.metadata.name}: ${(error as Error).message}`);
      }
      await delay(againMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
  }

  private async runJob({ pod, ending }: LocalPod, { args, variables }: ContainerRun): Promise<void> {
    const { code, output } = await runCommand(process.execPath, args, variables);
    if (ending.signal.aborted) return;
    this.jobs.push({ component: pod.metadata.labels[componentLabel] ?? '', code, output });
    const terminated = { exitCode: code ?? 255, reason: code === 0 ? 'Completed' : 'Error', finishedAt: now() };
    await this.tell(pod, code === 0 ? 'Succeeded' : 'Failed', false, { terminated });
  }

  /** Resolves when its process has ended by itself. */
  private async runService(local: LocalPod, port: number, { args, variables }: ContainerRun): Promise<void> {
    const { pod, folder, ending } = local;
    const environment = { ...variables, MOOLA_PORT: String(port) };
    const { name } = pod.metadata;
    const server = new ServerProcess({
      ...{ name, program: process.execPath, args, folder: folder.path, environment, ready: listens },
    });
    local.server = server;
    await server.start();
    local.address = `http://127.0.0.1:${port}`;
    await this.allowCommands(pod, { ...environment, MOOLA_SERVER: local.address });
    const running = { running: { startedAt: now() } };
    await this.tell(pod, 'Running', false, running);
    const probe = pod.spec.containers[0]?.readinessProbe?.httpGet.path ?? '/';
    while (!ending.signal.aborted && server.isRunning) {
      const isReady = await fetch(`${local.address}${probe}`, { signal: ending.signal }).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isReady !== local.isReady && !ending.signal.aborted) await this.tell(pod, 'Running', isReady, running);
      local.isReady = isReady;
      await delay(probedEveryMs, undefined, { signal: ending.signal }).catch(() => undefined);
    }
    local.isReady = false;
  }

  /** From what the cluster has, not from what Helm has rendered. */
  private async prepare(pod: Pod, folder: GuardedFolder): Promise<ContainerRun> {
    const { namespace, labels } = pod.metadata;
    const list = async (kind: string, path: string): Promise<Manifest[]> => {
      const { items } = await this.api.get<{ items: Manifest[] }>(`/api/v1/namespaces/${namespace}/${path}`);
      return items.map((item) => ({ ...item, kind }));
    };
    const secrets = (await list('Secret', 'secrets')).map((secret) => ({
      ...secret,
      stringData: decoded(secret.data),
    }));
    const services = await list('Service', 'services');
    const manifests = new Manifests([...secrets, ...services, ...(await list('ConfigMap', 'configmaps'))]);
    const template: PodTemplate = { metadata: { labels }, spec: pod.spec };
    return containerRun(template, manifests, folder.path, (service) => {
      const of = manifests.named('Service', service).metadata.labels ?? {};
      if (of[instanceLabel] !== labels[instanceLabel]) throw new Error(`Service ${service} is of another release`);
      return this.addressOf(of[componentLabel] ?? '', namespace);
    });
  }

  /** Says to kwok, which answers for this node, with what a command in the pod runs. */
  private async allowCommands({ metadata }: Pod, variables: Readonly<Record<string, string>>): Promise<void> {
    const { name, namespace } = metadata;
    const envs = Object.entries(variables).map(([variable, value]) => ({ name: variable, value }));
    const spec = { execs: [{ local: { workDir: repository, envs } }] };
    const object = { apiVersion: 'kwok.x-k8s.io/v1alpha1', kind: 'Exec', metadata: { name, namespace }, spec };
    const path = `/apis/kwok.x-k8s.io/v1alpha1/namespaces/${namespace}/execs`;
    // A process that has started anew has another port.
    await this.api.send('DELETE', `${path}/${name}`).catch(unlessGone);
    await this.api.send('POST', path, object);
  }

  private async tell(pod: Pod, phase: string, isReady: boolean, state: object): Promise<void> {
    const { name, namespace } = pod.metadata;
    const condition = (type: string, holds: boolean) => ({
      ...{ type, status: holds ? 'True' : 'False', lastTransitionTime: now() },
    });
    const containerStatuses = pod.spec.containers.map((container) => ({
      ...{ name: container.name, image: container.image, imageID: '', containerID: '', restartCount: 0 },
      ...{ ready: isReady, started: true, state },
    }));
    const status = {
      ...{ phase, containerStatuses, startTime: now(), podIP: '10.0.0.1', podIPs: [{ ip: '10.0.0.1' }] },
      conditions: [
        ...[condition('PodScheduled', true), condition('Initialized', true)],
        ...[condition('ContainersReady', isReady), condition('Ready', isReady)],
      ],
    };
    await this.api.send('PATCH', `/api/v1/namespaces/${namespace}/pods/${name}/status`, { status }).catch(unlessGone);
  }

  private async end(local: LocalPod, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    local.ending.abort();
    await local.server
      ?.end(signal)
      .catch((error: Error) => this.problems.push(`${local.pod.metadata.name}: ${error.message}`));
    await this.gone(local.pod);
    await local.folder.remove();
    this.pods.delete(local.pod.metadata.uid);
  }

  /** The pod may be forgotten: nothing of it runs. */
  private async gone({ metadata: { name, namespace, uid } }: Pod): Promise<void> {
    const exec = `/apis/kwok.x-k8s.io/v1alpha1/namespaces/${namespace}/execs/${name}`;
    const options = { gracePeriodSeconds: 0, preconditions: { uid } };
    for (let attempt = 1; attempt <= 10; attempt++) {
      try {
        await this.api.send('DELETE', exec).catch(unlessGone);
        await this.api.send('DELETE', `/api/v1/namespaces/${namespace}/pods/${name}`, options).catch(unlessGone);
        return;
      } catch (error) {
        this.problems.push(`${name} cannot be taken away: ${(error as Error).message}`);
        await delay(againMs);
      }
    }
  }
}

const now = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');

function decoded(data: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64').toString()]));
}

function unlessGone(error: unknown): void {
  if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 409)) throw error;
}
