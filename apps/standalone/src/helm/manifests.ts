import { parseAllDocuments } from 'yaml';

/** What tests read of an object of Kubernetes. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec?: ManifestSpec;
  /** ConfigMap */
  readonly data?: Readonly<Record<string, string>>;
  /** Secret */
  readonly stringData?: Readonly<Record<string, string>>;
  readonly automountServiceAccountToken?: boolean;
}

/** The fields of all kinds that tests read, in one: each object has those of its kind. */
export interface ManifestSpec {
  readonly replicas?: number;
  readonly template?: PodTemplate;
  readonly selector?: Readonly<Record<string, unknown>>;
  readonly podSelector?: { readonly matchLabels?: Readonly<Record<string, string>> };
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly NetworkRule[];
  readonly egress?: readonly NetworkRule[];
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly minReplicaCount?: number;
  readonly maxReplicaCount?: number;
  readonly triggers?: readonly { readonly type: string; readonly metadata: Readonly<Record<string, string>> }[];
  readonly [field: string]: unknown;
}

export interface NetworkRule {
  readonly ports?: readonly { readonly port: number; readonly protocol: string }[];
  readonly to?: readonly unknown[];
  readonly from?: readonly unknown[];
}

export interface PodTemplate {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: PodSpec;
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly containers: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly topologySpreadConstraints?: readonly Readonly<Record<string, unknown>>[];
  readonly priorityClassName?: string;
}

interface SecretFiles {
  /** Without them all its keys are files. */
  readonly items?: readonly { readonly key: string; readonly path: string }[];
}

export interface Volume {
  readonly name: string;
  readonly secret?: SecretFiles & { readonly secretName: string };
  /** Several Secrets in one folder. */
  readonly projected?: { readonly sources: readonly { readonly secret: SecretFiles & { readonly name: string } }[] };
  readonly configMap?: { readonly name: string };
  readonly emptyDir?: unknown;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly name: string; readonly key: string } };
  }[];
  readonly envFrom?: readonly {
    readonly configMapRef?: { readonly name: string };
    readonly secretRef?: { readonly name: string };
  }[];
  readonly startupProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly resources: { readonly requests?: unknown; readonly limits?: { readonly memory?: string } };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
}

export interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
  readonly failureThreshold: number;
  readonly periodSeconds: number;
}

/** Objects as Helm prints them. */
export class Manifests {
  constructor(readonly all: readonly Manifest[]) {}

  /** @throws Error when the text is no YAML, or a mapping has a key twice. */
  static parse(text: string): Manifests {
    const documents = parseAllDocuments(text, { uniqueKeys: true });
    if (!Array.isArray(documents)) return new Manifests([]);
    return new Manifests(
      documents.flatMap((document) => {
        if (document.errors.length > 0) throw new Error(document.errors.map(({ message }) => message).join('\n'));
        const object = document.toJS() as Manifest | null;
        return object === null ? [] : [object];
      }),
    );
  }

  of(kind: string): Manifest[] {
    return this.all.filter((object) => object.kind === kind);
  }

  /** The object of a kind that belongs to a service. */
  for(kind: string, service: string): Manifest | undefined {
    return this.of(kind).find(({ metadata }) => metadata.labels?.['app.kubernetes.io/component'] === service);
  }

  /** @throws Error when there is none. */
  named(kind: string, name: string): Manifest {
    const found = this.of(kind).find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`there is no ${kind} ${name}`);
    return found;
  }

  /** What runs pods: services and jobs. */
  workloads(): (Manifest & { readonly spec: { readonly template: PodTemplate } })[] {
    return this.all.filter((object): object is Manifest & { spec: { template: PodTemplate } } =>
      ['Deployment', 'StatefulSet', 'Job'].includes(object.kind),
    );
  }
}

/** The variables of a container, as the kubelet would set them; a variable that is set twice is an error. */
export function variablesOf(container: Container, manifests: Manifests): Record<string, string> {
  const variables: Record<string, string> = {};
  const put = (name: string, value: string): void => {
    if (name in variables) throw new Error(`${container.name}: ${name} is set twice`);
    variables[name] = value;
  };
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    const source =
      configMapRef === undefined
        ? manifests.named('Secret', secretRef?.name ?? '').stringData
        : manifests.named('ConfigMap', configMapRef.name).data;
    for (const [name, value] of Object.entries(source ?? {})) put(name, value);
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    put(name, value ?? secretValue(manifests, valueFrom?.secretKeyRef));
  }
  return variables;
}

function secretValue(
  manifests: Manifests,
  reference: { readonly name: string; readonly key: string } | undefined,
): string {
  const value = manifests.named('Secret', reference?.name ?? '').stringData?.[reference?.key ?? ''];
  if (value === undefined) throw new Error(`Secret ${reference?.name} has no key ${reference?.key}`);
  return value;
}

/** The files that a pod's Secrets and ConfigMaps give it, by path. */
export function filesOf(pod: PodSpec, manifests: Manifests): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { name, mountPath } of pod.containers.flatMap(({ volumeMounts }) => volumeMounts ?? [])) {
    const volume = pod.volumes?.find((each) => each.name === name);
    for (const { secretName, items } of secretsOf(volume)) {
      const keys = Object.keys(manifests.named('Secret', secretName).stringData ?? {});
      for (const { key, path } of items ?? keys.map((each) => ({ key: each, path: each }))) {
        files.set(`${mountPath}/${path}`, secretValue(manifests, { name: secretName, key }));
      }
    }
    if (volume?.configMap !== undefined) {
      const { data } = manifests.named('ConfigMap', volume.configMap.name);
      for (const [key, text] of Object.entries(data ?? {})) files.set(`${mountPath}/${key}`, text);
    }
  }
  return files;
}

function secretsOf(volume: Volume | undefined): readonly (SecretFiles & { readonly secretName: string })[] {
  const { secret, projected } = volume ?? {};
  const several = (projected?.sources ?? []).map(({ secret: { name, ...files } }) => ({ ...files, secretName: name }));
  return secret === undefined ? several : [secret, ...several];
}
