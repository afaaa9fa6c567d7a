import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { helmMajors, helmProgram } from '@moola/testbed/helm-program';
import { runCommand } from '@moola/testbed/command';
import { repository } from '../compose/compose-file.js';
import { parseOptions } from './options.js';
import { Programs } from './programs.js';
import { KubernetesTarget } from './targets/kubernetes.js';

describe.each([...helmMajors])('with Helm %s', (major) => {
  const folder = mkdtempSync(join(tmpdir(), 'moola-guide-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const chartStep = async (values: string, ...more: string[]): Promise<string> => {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, values);
    const parsed = parseOptions(['validate', '--target', 'kubernetes', '--values', file, ...more]);
    if (!parsed.ok) throw new Error(parsed.problem);
    const helm = { MOOLA_HELM: await helmProgram(major) };
    const target = new KubernetesTarget(parsed.options, new Programs(() => undefined, false), helm);
    const step = target.configuration.find(({ title }) => title === 'Chart and values');
    const outcome = await step?.run();
    return typeof outcome === 'string' ? outcome : '';
  };

  it('the values of docs/deployment.md are what the chart takes', async () => {
    const guide = readFileSync(join(repository, 'docs/deployment.md'), 'utf8');
    const values = (/```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? '').replace(/^ {3}/gm, '');
    // Without a cluster nobody can say whether the operators' resources are known there.
    const known = values.replace(/Monitor: \{ enabled: true \}|Rule: \{ enabled: true \}/g, (text) =>
      text.replace('true', 'false'),
    );
    expect(values).toContain('existing: moola-secrets');
    expect(await chartStep(known)).toBe('the schema accepts the values, and the chart is rendered');
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
  });
});
