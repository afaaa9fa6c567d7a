import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { repository } from '../compose/compose-file.js';

interface Job {
  readonly needs?: string;
  readonly uses?: string;
  readonly steps?: readonly { readonly run?: string; readonly env?: Readonly<Record<string, string>> }[];
}

const workflow = (name: string): string => readFileSync(join(repository, `.github/workflows/${name}.yml`), 'utf8');

/** The scripts that the workflow of a release runs; the engine and Helm are programs that write down how they were called. */
describe('a release', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moola-release-'));
    for (const name of ['docker', 'helm']) {
      writeFileSync(join(folder, name), `#!/bin/sh\necho "${name} $*" >> "${join(folder, 'calls')}"\n`);
      chmodSync(join(folder, name), 0o755);
    }
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (script: string, ...words: string[]) => runWith({}, script, ...words);
  const runWith = (variables: Readonly<Record<string, string>>, script: string, ...words: string[]) => {
    const path = `${folder}${delimiter}${process.env['PATH']}`;
    const { status, stdout, stderr } = spawnSync('bash', [join(repository, `tools/release/${script}.sh`), ...words], {
      ...{ encoding: 'utf8', env: { ...process.env, PATH: path, NODE_OPTIONS: '', ...variables }, maxBuffer: 1 << 26 },
    });
    return { status, stdout, stderr };
  };
  const calls = (): string[] => readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');

  it('lists the packages that the image runs, of the lock file, and none that only builds need', () => {
    const { status, stdout } = run('sbom');
    expect(status).toBe(0);
    const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: { name: string }[] };
    const names = components.map(({ name }) => name);
    expect(bomFormat).toBe('CycloneDX');
    expect(names).toEqual(expect.arrayContaining(['kafkajs', 'ioredis', 'lmdb', 'zod']));
    expect(names).not.toContain('typescript');
  });

  it('builds the image for both processors, with its parts and its provenance, and pushes only when it is told to', () => {
    expect(run('image', 'registry.example/moola-monitoring', '1.2.0')).toMatchObject({ status: 0 });
    expect(run('image', 'registry.example/moola-monitoring', '1.2.0', '--push')).toMatchObject({ status: 0 });
    const [built, pushed] = calls() as [string, string];
    expect(built).toMatch(/--file deploy\/Dockerfile --platform linux\/amd64,linux\/arm64 .*VERSION=1.2.0/);
    expect(built).toMatch(/--provenance mode=max --sbom true --tag registry.example\/moola-monitoring:1.2.0/);
    expect(built).not.toContain('--push');
    expect(pushed).toContain(' --push .');
  });

  it('packs the chart with the same version and pushes it to a registry of charts', () => {
    const image = 'registry.example/moola-monitoring';
    expect(run('chart', '1.2.0', folder, image, 'oci://registry.example/charts')).toMatchObject({ status: 0 });
    const packed = expect.stringMatching(
      /^helm package \S+\/moola-monitoring --version 1\.2\.0 --app-version 1\.2\.0 /,
    );
    expect(calls()).toEqual([
      'helm lint helm/moola-monitoring',
      packed,
      `helm push ${folder}/moola-monitoring-1.2.0.tgz oci://registry.example/charts`,
    ]);
    expect(run('chart', '1.2.0', folder, image, 'https://registry.example')).toMatchObject({
      status: 2,
      stderr: 'https://registry.example: a registry of charts begins with oci://\n',
    });
    expect(run('chart', '1.2.0', folder, 'moola-monitoring')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('an image is named by its registry and repository'),
    });
  });

  it('says what it must be told', () => {
    expect(run('image')).toMatchObject({ status: 1, stderr: expect.stringContaining('Usage: tools/release/image.sh') });
    expect(run('image', 'a', 'b', 'c')).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage:') });
    expect(run('chart', '1.2.0')).toMatchObject({ status: 1, stderr: expect.stringContaining('Usage:') });
  });

  it('is made by these scripts, after the script that CI is', () => {
    const { jobs } = parse(workflow('release')) as { jobs: Record<string, Job> };
    expect([jobs['ci']?.uses, jobs['publish']?.needs]).toEqual(['./.github/workflows/ci.yml', 'ci']);
    const commands = (jobs['publish']?.steps ?? []).flatMap(({ run: command }) => command ?? []).join('\n');
    for (const script of ['sbom', 'image', 'chart']) expect(commands).toContain(`tools/release/${script}.sh`);
    expect(workflow('ci')).toContain('run: bash .ci/run');
  });

  it('is built, and not pushed, before a change lands', () => {
    const { on, jobs } = parse(workflow('ci')) as { on: object; jobs: Record<string, Job> };
    expect(Object.keys(on)).toContain('pull_request');
    const build = jobs['image']?.steps?.find(({ run: command }) => command !== undefined);
    const [script, ...words] = build?.run?.split(' ') ?? [];
    expect([script, words.includes('--push')]).toEqual(['tools/release/image.sh', false]);
    expect(runWith(build?.env ?? {}, 'image', 'moola-monitoring', '0')).toMatchObject({ status: 0 });
    expect(calls()).toEqual([expect.stringContaining('--platform linux/amd64 --build-arg')]);
    expect(calls()[0]).not.toContain('--push');
  });

  it('runs actions of others by the commit of a version, which nobody can move', () => {
    for (const name of ['ci', 'release']) {
      const used = workflow(name).match(/uses: (?!\.\/).*/g) ?? [];
      expect(used).not.toEqual([]);
      for (const line of used) expect(line).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });
});
