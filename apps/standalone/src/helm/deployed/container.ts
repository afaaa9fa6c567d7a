import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '../chart.js';
import { filesOf, variablesOf, type Manifests, type PodTemplate } from '../manifests.js';

/** What a pod's container runs, as a process of this machine. */
export interface ContainerRun {
  /** Of Node. */
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Makes ready what a pod's container runs: its arguments and variables are the manifest's, the files of its volumes lie below a
 * folder, where paths and variables lead, and names of Services lead to addresses.
 *
 * @param manifests with the ConfigMaps and Secrets that the pod reads
 * @param addressOf where a Service leads. @throws Error when nothing is behind it
 */
export function containerRun(
  template: PodTemplate,
  manifests: Manifests,
  folder: string,
  addressOf: (service: string) => string,
): ContainerRun {
  const [container] = template.spec.containers;
  if (container === undefined) throw new Error('a pod without a container');
  for (const [path, text] of filesOf(template.spec, manifests)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    rmSync(file, { force: true });
    writeFileSync(file, text, { mode: 0o440 });
  }
  const mounts = template.spec.containers.flatMap(({ volumeMounts }) => volumeMounts ?? []);
  const localised = (text: string): string => {
    if (mounts.some(({ mountPath }) => text === mountPath || text.startsWith(`${mountPath}/`)))
      return join(folder, text);
    const service = /^http:\/\/([a-z0-9-]+):8080$/.exec(text)?.[1];
    return service === undefined ? text : addressOf(service);
  };
  const variables = Object.entries(variablesOf(container, manifests));
  return {
    // Programs lie in the image's working folder: here, the repository.
    args: container.args.map((arg) => (/^(apps|deploy)\//.test(arg) ? join(repository, arg) : localised(arg))),
    variables: Object.fromEntries(variables.map(([name, text]) => [name, localised(text)])),
  };
}
