import { runCommand, type CommandEnd } from '@moola/testbed/command';
import { freePorts } from '@moola/testbed/free-ports';
import { guardedFolder, type GuardedFolder } from '@moola/testbed/guard';
import { ServerProcess } from '@moola/testbed/server-process';
import type { Manifests, PodTemplate, Probe } from '../manifests.js';
import { containerRun, type ContainerRun } from './container.js';

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

/** What a service writes, in either mode, when it answers. */
export const listens = /"msg":"listening"|Moola is at/;

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
    const { args, variables } = this.run(template, folder);
    const server = new ServerProcess({
      ...{ name: service, program: process.execPath, args, folder: folder.path, ready: listens },
      environment: { ...variables, MOOLA_PORT: String(port) },
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
    const run = this.run(template, this.folder(name));
    return runCommand(process.execPath, run.args, { ...run.variables, ...variables });
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

  private run(template: PodTemplate, folder: GuardedFolder): ContainerRun {
    return containerRun(template, this.manifests, folder.path, (service) => {
      const name = this.manifests.named('Service', service).metadata.labels?.['app.kubernetes.io/component'];
      const pod = this.pods.find((each) => each.name === name);
      if (pod === undefined) throw new Error(`nothing is behind Service ${service}`);
      return pod.address;
    });
  }
}
