import { join } from 'node:path';
import { goModule } from '../go-program.js';
import { kwokModule, kwokVersion } from './programs.js';

/** Definitions of custom resources inside the Go modules of those who define them. */
const sources = [
  {
    module: 'github.com/kedacore/keda/v2',
    version: 'v2.21.0',
    folder: 'config/crd/bases',
    files: ['keda.sh_scaledobjects.yaml', 'keda.sh_triggerauthentications.yaml'],
  },
  {
    module: 'sigs.k8s.io/gateway-api',
    version: 'v1.6.3',
    folder: 'config/crd/standard',
    files: ['gateway.networking.k8s.io_httproutes.yaml'],
  },
  {
    module: 'github.com/prometheus-operator/prometheus-operator',
    version: 'v0.85.0',
    folder: 'example/prometheus-operator-crd',
    files: ['monitoring.coreos.com_servicemonitors.yaml', 'monitoring.coreos.com_prometheusrules.yaml'],
  },
  {
    module: 'github.com/external-secrets/external-secrets',
    version: 'v1.3.2',
    folder: 'config/crds/bases',
    files: ['external-secrets.io_externalsecrets.yaml'],
  },
] as const;

/**
 * Paths of the definitions of KEDA, the Gateway API, the Prometheus operator and External Secrets.
 *
 * @throws MissingPart when a module cannot be had.
 */
export async function customResources(): Promise<string[]> {
  const paths: string[] = [];
  for (const { module, version, folder, files } of sources) {
    const root = await goModule('Kubernetes', module, version);
    paths.push(...files.map((file) => join(root, folder, file)));
  }
  return paths;
}

/**
 * Path of the definition by which kwok is told what runs in which pod when it is asked to run a command there.
 *
 * @throws MissingPart when its module cannot be had.
 */
export async function commandsInPods(): Promise<string> {
  const root = await goModule('kwok', kwokModule, kwokVersion);
  return join(root, 'kustomize/crd/bases/kwok.x-k8s.io_execs.yaml');
}
