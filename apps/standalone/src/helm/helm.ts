import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { helmProgram, type HelmMajor } from '@moola/testbed/helm-program';
import { chartFolder } from './chart.js';
import { Manifests } from './manifests.js';

const run = promisify(execFile);

export interface HelmRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Helm; it never asks a cluster unless the arguments or variables name one. */
export async function helm(
  major: HelmMajor,
  args: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<HelmRun> {
  const environment = { ...process.env, KUBECONFIG: '/dev/null', ...variables };
  try {
    const { stdout, stderr } = await run(await helmProgram(major), args, { env: environment, maxBuffer: 64 << 20 });
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as Partial<HelmRun>;
    if (typeof code !== 'number') throw error;
    return { code, stdout: stdout ?? '', stderr: stderr ?? '' };
  }
}

export interface RenderOptions {
  readonly major?: HelmMajor;
  /** Paths of values files, the later one wins. */
  readonly files?: readonly string[];
  /** Values over those of the files. */
  readonly values?: object;
  readonly release?: string;
  /** @default ml */
  readonly namespace?: string;
  /** @default 1.34 */
  readonly kubeVersion?: string;
  /** API versions that the cluster knows beside its own. */
  readonly apiVersions?: readonly string[];
  /** @default the chart */
  readonly chart?: string;
  /** Where the image lies; `null`: the values say it. @default registry.example */
  readonly registry?: null;
}

/** The API versions of everything that the chart can make and Kubernetes does not bring. */
export const optionalApis = [
  'keda.sh/v1alpha1',
  'monitoring.coreos.com/v1',
  'gateway.networking.k8s.io/v1',
  'kafka.strimzi.io/v1',
  'external-secrets.io/v1',
];

/** Secrets with which every mode of the chart can be rendered. */
export const trialSecrets = {
  token: 'a-token-of-enough-length',
  'installation-key': Buffer.alloc(32, 7).toString('base64'),
  'redis-url': 'redis://redis:6379/0',
};

/** `helm template`, whatever comes of it. */
export async function template(options: RenderOptions = {}): Promise<HelmRun> {
  const folder = mkdtempSync(join(tmpdir(), 'moola-values-'));
  try {
    const values = join(folder, 'values.json');
    writeFileSync(values, JSON.stringify(options.values ?? {}));
    return await helm(options.major ?? 3, [
      ...[
        'template',
        options.release ?? 'moola',
        options.chart ?? chartFolder,
        '--namespace',
        options.namespace ?? 'ml',
      ],
      ...['--kube-version', options.kubeVersion ?? '1.34.0'],
      ...(options.registry === null ? [] : ['--set', 'image.registry=registry.example']),
      ...[...(options.files ?? []), values].flatMap((file) => ['--values', file]),
      ...(options.apiVersions ?? optionalApis).flatMap((version) => ['--api-versions', version]),
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The objects that `helm template` prints. @throws Error with what it says when it fails. */
export async function rendered(options: RenderOptions = {}): Promise<Manifests> {
  const { code, stdout, stderr } = await template(options);
  if (code !== 0) throw new Error(stderr);
  return Manifests.parse(stdout);
}

/** What Helm complains of; the test fails where it does not. */
export async function refusal(options: RenderOptions): Promise<string> {
  const { code, stderr } = await template(options);
  if (code === 0) throw new Error('Helm accepted it');
  return stderr;
}
