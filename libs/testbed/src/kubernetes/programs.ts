import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { programOfPackage } from '../debian.js';
import { goProgram, installed, linked } from '../go-program.js';
import { MissingPart } from '../missing-part.js';

/** As go.mod beside says it. */
const version = 'v1.34.2';
export const kwokModule = 'sigs.k8s.io/kwok';
export const kwokVersion = 'v0.7.0';
const sources = fileURLToPath(new URL('../../kubernetes', import.meta.url));
/** Built together, into one folder. */
const names = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'] as const;

const packages = names.map((name) => `k8s.io/kubernetes/cmd/${name}`);

/** What a control plane is started with: paths of programs. */
export interface KubernetesPrograms {
  readonly etcd: string;
  readonly apiServer: string;
  readonly controllerManager: string;
  readonly scheduler: string;
  readonly kubectl: string;
  /** Stands in for the kubelets of all nodes: their pods become ready, and those of jobs complete. No code runs. */
  readonly kwok: string;
}

/**
 * Finds the programs of a control plane; builds those of Kubernetes and kwok when they are not in the cache.
 *
 * @throws MissingPart when one cannot be had.
 */
export async function kubernetesPrograms(): Promise<KubernetesPrograms> {
  const etcd = await programOfPackage('etcd', 'etcd-server');
  if ('reason' in etcd) throw new MissingPart('etcd', etcd.reason, 'apt-get install etcd-server');
  const kwok = await goProgram({
    ...{ part: 'kwok', name: 'kwok', version: kwokVersion },
    build: () => installed(`${kwokModule}/cmd/kwok`, kwokVersion),
  });
  // kubectl refuses a server that does not say its version.
  const flags = linked(`-X k8s.io/component-base/version.gitVersion=${version}`);
  const kubectl = await goProgram({
    ...{ part: 'Kubernetes', name: 'kubernetes', version, file: 'kubectl' },
    build: (folder) => ['build', '-C', sources, flags, '-o', `${folder}/`, ...packages],
  });
  const beside = (name: (typeof names)[number]): string => join(dirname(kubectl), name);
  return {
    ...{ etcd: etcd.path, kwok, kubectl, apiServer: beside('kube-apiserver') },
    ...{ controllerManager: beside('kube-controller-manager'), scheduler: beside('kube-scheduler') },
  };
}
