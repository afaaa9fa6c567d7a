import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand, type CommandEnd } from '@moola/testbed/command';
import { freePorts } from '@moola/testbed/free-ports';
import { guardedFolder, type GuardedFolder } from '@moola/testbed/guard';
import { ServerProcess } from '@moola/testbed/server-process';
import { repository } from '../chart.js';
import { filesOf, variablesOf, type Manifests, type PodTemplate, type Probe } from '../manifests.js';

/** A pod's container as a process of this machine: arguments, variables, files and probes as the manifest says. */
export interface LocalPod {
  readonly name: string;
  /** `http://127.0.0.1:41234` */
  readonly address: string;
  /** Status of the answer to a probe. @throws Error when there is none. */
  probe(probe: Probe | undefined): Promise<number>;
  readonly server: ServerProcess;
  readonly template: PodTemplate;
}

/**
 * Starts the pods of a release as processes of this machine. What a cluster would do is done by hand, and nothing else: each
 * pod has the port 8080 of its own address (here: a port of its own), names of Services lead to the pods, and mounted volumes
 * lie where the manifest mounts them (here: below a folder).
 */
export class LocalPods {
  readonly pods: LocalPod[] = [];
  private readonly folders: GuardedFolder[] = [];

  constructor(private readonly manifests: Manifests) {}

  /** Starts what a Deployment or a StatefulSet would start; resolves when it listens. */
  async start(kind: 'Deployment' | 'StatefulSet', service: string): Promise<LocalPod> {
    const template = this.manifests.for(kind, service)?.spec?.template;
    const [container] = template?.spec.containers ?? [];
    if (template === undefined || container === undefined) throw new Error(`there is no ${kind} of ${service}`);
    const folder = this.folder(service);
    const [port] = (await freePorts(1)) as [number];
    const server = new ServerProcess({
      ...{ name: service, program: process.execPath, folder: folder.path, ready: /"msg":"listening"|Moola is at/ },
      args: this.args(container.args),
      environment: { ...this.mounted(template, folder), MOOLA_PORT: String(port) },
    });
    await server.start();
    const address = `http://127.0.0.1:${port}`;
    const pod = {
      ...{ name: service, address, server, template },
      async probe(probe: Probe | undefined) {
        const named = container.ports?.find(({ name }) => name === probe?.httpGet.port);
        if (named?.containerPort !== 8080) throw new Error(`${service} is not asked at the port where it listens`);
        return (await fetch(`${address}${probe?.httpGet.path}`)).status;
      },
    };
    this.pods.push(pod);
    return pod;
  }

  /** Runs the container of a job to its end. */
  async runJob(name: string, variables: Readonly<Record<string, string>> = {}): Promise<CommandEnd> {
    const template = this.manifests.named('Job', name).spec?.template;
    const [container] = template?.spec.containers ?? [];
    if (template === undefined || container === undefined) throw new Error(`Job ${name} has no container`);
    const folder = this.folder(name);
    const mounted = this.mounted(template, folder);
    const args = this.args(container.args).map((arg) => this.localised(arg, template, folder));
    return runCommand(process.execPath, args, { ...mounted, ...variables });
  }

  async stop(): Promise<void> {
    for (const { server } of this.pods.reverse()) await server.end('SIGTERM');
    for (const folder of this.folders) await folder.remove();
  }

  private folder(name: string): GuardedFolder {
    const folder = guardedFolder(name);
    this.folders.push(folder);
    return folder;
  }

  /** Programs lie in the image's working folder: here, the repository. */
  private args(args: readonly string[]): string[] {
    return args.map((arg) => (/^(apps|deploy)\//.test(arg) ? join(repository, arg) : arg));
  }

  /** Puts the files of a pod's volumes below a folder. @returns its variables, leading there */
  private mounted(template: PodTemplate, folder: GuardedFolder): Record<string, string> {
    const [container] = template.spec.containers;
    if (container === undefined) throw new Error('a pod without a container');
    for (const [path, text] of filesOf(template.spec, this.manifests)) {
      const file = join(folder.path, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text, { mode: 0o440 });
    }
    const variables = variablesOf(container, this.manifests);
    return Object.fromEntries(
      Object.entries(variables).map(([name, text]) => [name, this.localised(text, template, folder)]),
    );
  }

  /** Paths below a mount lead into the folder, and addresses of Services to the pods. */
  private localised(text: string, template: PodTemplate, folder: GuardedFolder): string {
    const mounts = template.spec.containers.flatMap(({ volumeMounts }) => volumeMounts ?? []);
    if (mounts.some(({ mountPath }) => text === mountPath || text.startsWith(`${mountPath}/`)))
      return join(folder.path, text);
    const service = /^http:\/\/([a-z0-9-]+):8080$/.exec(text)?.[1];
    if (service === undefined) return text;
    const name = this.manifests.named('Service', service).metadata.labels?.['app.kubernetes.io/component'];
    const pod = this.pods.find((each) => each.name === name);
    if (pod === undefined) throw new Error(`nothing is behind Service ${service}`);
    return pod.address;
  }
}
