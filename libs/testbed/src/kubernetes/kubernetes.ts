import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from '../free-ports.js';
import { guardedFolder, type GuardedFolder } from '../guard.js';
import { ServerProcess, type ServerCommand } from '../server-process.js';
import { commandsInPods } from './custom-resources.js';
import { kubernetesPrograms } from './programs.js';

const run = promisify(execFile);
const readyWithinMs = 180_000;

export interface KubernetesOptions {
  /** Zones, each with a node. @default one zone */
  readonly zones?: readonly string[];
}

/** What a process must know to use a control plane that runs: JSON can carry it. */
export interface KubernetesAddress {
  /** As KUBECONFIG takes it: an administrator's. */
  readonly kubeconfig: string;
  /** The program kubectl. */
  readonly kubectlProgram: string;
  /** Of the API server: `https://127.0.0.1:6443`. */
  readonly server: string;
  /** The administrator's. */
  readonly token: string;
  /** Where the API server asks for commands in pods (`kubectl exec`), of nodes that say so: kwok's port. */
  readonly execPort: number;
  /** A folder: commands in pods find the programs in it. */
  readonly commands: string;
}

/** A control plane with nodes that run no code. */
export interface Kubernetes extends KubernetesAddress {
  /**
   * Runs kubectl. @returns what it prints
   * @throws Error with what it says when it fails.
   */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Applies objects, and waits for definitions among them to be served. */
  define(paths: readonly string[]): Promise<void>;
}

/** One that was started here. */
export interface StartedKubernetes extends Kubernetes {
  stop(): Promise<void>;
}

/** A control plane that runs. */
export function kubernetesAt(address: KubernetesAddress): Kubernetes {
  const { kubeconfig, kubectlProgram } = address;
  const kubectl = async (args: readonly string[], input?: string): Promise<string> => {
    const running = run(kubectlProgram, args, {
      env: { ...process.env, ...clientVariables(kubeconfig) },
      maxBuffer: 64 << 20,
    });
    running.child.stdin?.end(input ?? '');
    try {
      return (await running).stdout;
    } catch (error) {
      const { stderr, stdout } = error as { stderr?: string; stdout?: string };
      throw new Error(`kubectl ${args.join(' ')}\n${stdout ?? ''}${stderr ?? String(error)}`);
    }
  };
  return {
    ...address,
    kubectl,
    async define(paths) {
      await kubectl(['apply', '--server-side', ...paths.flatMap((path) => ['--filename', path])]);
      // A definition that has no status yet would end the wait for a condition.
      await kubectl(['wait', '--for=jsonpath={.status.conditions}', 'crd', '--all', '--timeout=120s']);
      await kubectl(['wait', '--for=condition=Established', 'crd', '--all', '--timeout=120s']);
    },
  };
}

/** Its folder is the home of what asks, so that caches do not outlive it. */
const clientVariables = (kubeconfig: string): Readonly<Record<string, string>> => ({
  ...{ KUBECONFIG: kubeconfig, HOME: dirname(kubeconfig), KUBE_FEATURE_WatchListClient: 'false' },
});

/** The administrator's. */
const token = 'an-administrator';

/** The label of nodes whose pods kwok lets become ready. */
const runsNothing = 'moola.testbed/runs=nothing';

/**
 * Starts etcd, the API server, the controller manager, the scheduler and kwok on free ports of the loopback interface. All
 * of Kubernetes is real but the kubelets: Pods are scheduled, become ready at once, and complete when a job made them.
 *
 * @throws MissingPart when a program cannot be had on this machine.
 */
export async function startKubernetes(options: KubernetesOptions = {}): Promise<StartedKubernetes> {
  const programs = await kubernetesPrograms();
  const ports = await freePorts(6);
  const [etcdPort, peerPort, apiPort, managerPort, schedulerPort, kwokPort] = ports as [
    ...[number, number, number, number, number, number],
  ];
  const files = guardedFolder('kubernetes');
  const started: { readonly server: ServerProcess; readonly folder: GuardedFolder }[] = [];
  const start = async (command: Omit<ServerCommand, 'folder'>): Promise<void> => {
    const folder = guardedFolder(command.name);
    const server = new ServerProcess({ ...command, folder: folder.path });
    started.push({ server, folder });
    await server.start();
  };
  const stop = async (): Promise<void> => {
    for (const { server, folder } of started.reverse()) {
      await server.end('SIGKILL');
      await folder.remove();
    }
    await files.remove();
  };
  const kubeconfig = join(files.path, 'kubeconfig');
  const environment = clientVariables(kubeconfig);
  const commands = join(files.path, 'commands');
  mkdirSync(commands);
  const cluster = kubernetesAt({
    ...{ kubeconfig, kubectlProgram: programs.kubectl, server: `https://127.0.0.1:${apiPort}`, token },
    ...{ execPort: kwokPort, commands },
  });
  const { kubectl } = cluster;
  try {
    const keys = writeKeys(files.path, cluster.server, kubeconfig);
    const etcdUrl = `http://127.0.0.1:${etcdPort}`;
    const peerUrl = `http://127.0.0.1:${peerPort}`;
    await start({
      ...{
        name: 'etcd',
        program: programs.etcd,
        ready: /ready to serve client requests|serving insecure client requests/,
      },
      args: [
        ...['--data-dir', join(files.path, 'etcd'), '--unsafe-no-fsync'],
        ...['--listen-client-urls', etcdUrl, '--advertise-client-urls', etcdUrl],
        ...['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl],
        ...['--initial-cluster', `default=${peerUrl}`],
      ],
    });
    await start({
      ...{ name: 'kube-apiserver', program: programs.apiServer, ready: /Serving securely/ },
      args: [
        `--etcd-servers=${etcdUrl}`,
        ...[`--secure-port=${apiPort}`, '--bind-address=127.0.0.1', '--advertise-address=127.0.0.1'],
        ...[`--cert-dir=${join(files.path, 'certificates')}`, `--token-auth-file=${keys.tokens}`],
        ...[`--service-account-key-file=${keys.accounts}`, `--service-account-signing-key-file=${keys.accounts}`],
        ...['--service-account-issuer=https://kubernetes.default.svc', '--authorization-mode=RBAC'],
        ...['--service-cluster-ip-range=10.96.0.0/16', '--endpoint-reconciler-type=none'],
        // The etcd of Debian is too old for it, and clients that were promised it wait for half a minute.
        '--feature-gates=WatchList=false',
      ],
    });
    await eventually('the API server is ready', async () => (await kubectl(['get', '--raw', '/readyz'])) === 'ok');
    const asAdministrator = [`--kubeconfig=${kubeconfig}`, '--bind-address=127.0.0.1'];
    await start({
      ...{
        name: 'kube-controller-manager',
        program: programs.controllerManager,
        ready: /Serving securely/,
        environment,
      },
      args: [
        ...[...asAdministrator, `--secure-port=${managerPort}`, '--leader-elect=false'],
        ...[`--service-account-private-key-file=${keys.accounts}`, '--node-monitor-grace-period=1h'],
      ],
    });
    await start({
      ...{ name: 'kube-scheduler', program: programs.scheduler, ready: /Serving securely/, environment },
      args: [...asAdministrator, `--secure-port=${schedulerPort}`, '--leader-elect=false'],
    });
    await cluster.define([await commandsInPods()]);
    const path = [commands, process.env['PATH']].join(delimiter);
    await start({
      ...{ name: 'kwok', program: programs.kwok, ready: /./, environment: { ...environment, PATH: path } },
      args: [
        ...[`--kubeconfig=${kubeconfig}`, `--manage-nodes-with-label-selector=${runsNothing}`, '--node-ip=127.0.0.1'],
        ...[`--server-address=127.0.0.1:${kwokPort}`, '--node-lease-duration-seconds=0', '--enable-crds=Exec'],
      ],
    });
    const zones = options.zones ?? ['zone-a'];
    await kubectl(
      ['apply', '--filename', '-'],
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: zones.map(node) }),
    );
    await kubectl(['wait', '--for=condition=Ready', 'nodes', '--all', '--timeout=120s']);
    await eventually('namespaces have accounts', async () => {
      await kubectl(['get', 'serviceaccount', 'default', '--namespace', 'default']);
      return true;
    });
  } catch (error) {
    const logs = started.map(({ server }) => server.output().slice(-2_000)).join('\n');
    await stop();
    throw new Error(`Kubernetes did not start: ${(error as Error).message}\n${logs}`, { cause: error });
  }
  return { ...cluster, stop };
}

function node(zone: string): object {
  const name = `node-${zone}`;
  const [key, value] = runsNothing.split('=') as [string, string];
  const labels = { 'kubernetes.io/hostname': name, 'topology.kubernetes.io/zone': zone, [key]: value };
  return { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {} };
}

/** The administrator's token and configuration, and the key that signs tokens of accounts. */
function writeKeys(folder: string, server: string, kubeconfig: string): { tokens: string; accounts: string } {
  const tokens = join(folder, 'tokens.csv');
  writeFileSync(tokens, `${token},administrator,1,system:masters\n`);
  const accounts = join(folder, 'accounts.pem');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(accounts, privateKey.export({ type: 'pkcs1', format: 'pem' }));
  const named = <T extends object>(key: string, value: T) => [{ name: 'testbed', [key]: value }];
  const configuration = {
    ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'testbed' },
    // Its certificate is its own: nobody else is on the loopback interface.
    clusters: named('cluster', { server, 'insecure-skip-tls-verify': true }),
    users: named('user', { token }),
    contexts: named('context', { cluster: 'testbed', user: 'testbed' }),
  };
  writeFileSync(kubeconfig, JSON.stringify(configuration), { mode: 0o600 });
  return { tokens, accounts };
}

async function eventually(what: string, attempt: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + readyWithinMs;
  let reason = '';
  while (performance.now() < deadline) {
    try {
      if (await attempt()) return;
    } catch (error) {
      reason = (error as Error).message;
    }
    await wait(200);
  }
  throw new Error(`not within three minutes: ${what}\n${reason}`);
}
