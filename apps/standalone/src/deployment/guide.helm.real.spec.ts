import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { helmMajors, helmProgram } from '@moola/testbed/helm-program';
import { runCommand } from '@moola/testbed/command';
import { repository } from '../compose/compose-file.js';
import { rendered as renderedChart } from '../helm/helm.js';
import { parseOptions } from './options.js';
import { Programs } from './programs.js';
import { KubernetesTarget } from './targets/kubernetes.js';

describe.each([...helmMajors])('with Helm %s', (major) => {
  const folder = mkdtempSync(join(tmpdir(), 'moola-guide-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** @param knows API versions of operators, beside Kubernetes' own */
  const chartStep = async (values: string, knows: readonly string[] = []): Promise<string> => {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, values);
    const kubectl = join(folder, 'kubectl');
    const versions = ['apps/v1', 'batch/v1', ...knows, 'v1'].join('\\n');
    const server = '{"serverVersion":{"major":"1","minor":"34","gitVersion":"v1.34.2"}}';
    writeFileSync(
      kubectl,
      `#!/bin/sh\ncase "$*" in *api-versions) printf '${versions}\\n';; *version*) echo '${server}';; esac\n`,
    );
    chmodSync(kubectl, 0o755);
    const parsed = parseOptions(['validate', '--target', 'kubernetes', '--values', file]);
    if (!parsed.ok) throw new Error(parsed.problem);
    const helm = { MOOLA_HELM: await helmProgram(major) };
    const path = process.env['PATH'];
    process.env['PATH'] = `${folder}${delimiter}${path}`;
    try {
      const target = new KubernetesTarget(parsed.options, new Programs(() => undefined, false), helm);
      await target.prerequisites.find(({ title }) => title === 'kubectl and the cluster')?.run();
      const outcome = await target.configuration.find(({ title }) => title === 'Chart and values')?.run();
      return typeof outcome === 'string' ? outcome : '';
    } finally {
      process.env['PATH'] = path;
    }
  };

  const rendered = 'the schema accepts the values, and the chart is rendered';

  it('the values of docs/deployment.md are what the chart takes, where the cluster knows the Prometheus operator', async () => {
    const guide = readFileSync(join(repository, 'docs/deployment.md'), 'utf8');
    const values = (/```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? '').replace(/^ {3}/gm, '');
    expect(values).toContain('existing: moola-secrets');
    expect(await chartStep(values, ['monitoring.coreos.com/v1'])).toBe(rendered);
    await expect(chartStep(values)).rejects.toThrow(/the cluster does not know monitoring\.coreos\.com\/v1/);
  });

  it('production.yaml is what the chart takes, where the cluster knows KEDA too', async () => {
    const file = readFileSync(join(repository, 'helm/moola-monitoring/values/production.yaml'), 'utf8');
    const values = `${file}image: { registry: registry.example }\n`;
    expect(await chartStep(values, ['keda.sh/v1alpha1', 'monitoring.coreos.com/v1'])).toBe(rendered);
    await expect(chartStep(values, ['monitoring.coreos.com/v1'])).rejects.toThrow(/does not know keda\.sh\/v1alpha1/);
  });

  it('clean selects the volume of a standalone release, status and console what else the chart makes, by these labels', async () => {
    const files = [join(repository, 'helm/moola-monitoring/values/small.yaml')];
    const small = await renderedChart({ major, files });
    const [volume] = small
      .of('StatefulSet')
      .flatMap(({ spec }) => (spec?.['volumeClaimTemplates'] ?? []) as { metadata: { labels: object } }[]);
    expect(volume?.metadata.labels).toMatchObject({
      'app.kubernetes.io/name': 'moola-monitoring',
      'app.kubernetes.io/instance': 'moola',
      'app.kubernetes.io/component': 'standalone',
    });
    for (const kind of ['StatefulSet', 'Service'])
      expect(small.of(kind).map(({ metadata }) => metadata.labels)).toEqual([
        expect.objectContaining({
          'app.kubernetes.io/part-of': 'moola',
          'app.kubernetes.io/instance': 'moola',
          'app.kubernetes.io/component': 'standalone',
        }),
      ]);
  });

  it('unknown and missing values are named', async () => {
    await expect(chartStep('replicas: 3\nkafka: { brokers: [a:9092] }\nsecrets: { existing: s }\n')).rejects.toThrow(
      /replicas/,
    );
    await expect(chartStep('secrets: { existing: s }\n')).rejects.toThrow(/kafka.brokers: is empty/);
  });

  it('the chart is packed as a release packs it', async () => {
    const { code, output } = await runCommand('bash', [join(repository, 'tools/release/chart.sh'), '9.8.7', folder], {
      MOOLA_HELM: await helmProgram(major),
    });
    expect([code, output]).toEqual([0, expect.stringContaining('moola-monitoring-9.8.7.tgz')]);
    const packed = join(folder, 'moola-monitoring-9.8.7.tgz');
    const readme = await runCommand(await helmProgram(major), ['show', 'readme', packed]);
    expect([readme.code, readme.output]).toEqual([0, expect.stringContaining('| `security.fixedIds` | boolean |')]);
  });

  it('the chart that a release packs names the image that it pushed', async () => {
    const script = join(repository, 'tools/release/chart.sh');
    const program = await helmProgram(major);
    const image = 'registry.example.com/ml/moola-monitoring';
    const packed = await runCommand('bash', [script, '9.8.8', folder, image], { MOOLA_HELM: program });
    expect([packed.code, packed.output]).toEqual([0, expect.stringContaining('moola-monitoring-9.8.8.tgz')]);
    const { code, output } = await runCommand(program, [
      ...['template', 'moola', join(folder, 'moola-monitoring-9.8.8.tgz'), '--set', 'kafka.brokers={kafka:9092}'],
      ...['--set', 'secrets.existing=moola', '--kube-version', '1.34.0'],
    ]);
    const images = new Set(output.match(/(?<=^ +image: ).+$/gm));
    expect([code, [...images]]).toEqual([0, [`${image}:9.8.8`]]);

    const refused = await runCommand('bash', [script, '9.8.8', folder, `https://${image}`], { MOOLA_HELM: program });
    expect([refused.code, refused.output]).toEqual([2, expect.stringContaining('an image is named by its registry')]);
  });
});
