import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkerProgram } from '@moola/testbed/checkers';
import { runCommand } from '@moola/testbed/command';
import { serviceNames } from '@moola/testbed/fleet';
import { freePorts } from '@moola/testbed/free-ports';
import { repository } from '../compose/compose-file.js';

/**
 * What deploy/Dockerfile does, without an engine: its script puts the image's files into a folder, and they are started on
 * the image's Node. As root (CI) it runs as the image's user, who can write nowhere but into the folder of data.
 */
describe('what the image holds, on Node 24', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moola-image-'));
  const image = join(folder, 'image');
  const data = join(folder, 'data');
  const isRoot = process.getuid?.() === 0;
  const user: { uid?: number; gid?: number } = isRoot ? { uid: 1000, gid: 1000 } : {};
  const started: ChildProcess[] = [];
  let node: string;

  const environment = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
    // The image's own, and nothing of this machine's.
    PATH: `${join(image, 'bin')}:${join(node, '..')}:/usr/bin:/bin`,
    NODE_ENV: 'production',
    MOOLA_DATA: data,
    ...more,
  });

  const run = (program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}, as = user) => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      ...{ cwd: image, env: environment(more), encoding: 'utf8', timeout: 120_000 },
      ...as,
    });
    return { status, output: `${stdout}${stderr}` };
  };

  const start = (args: readonly string[], more: Readonly<Record<string, string>>): ChildProcess => {
    const child = spawn(node, args, { ...{ cwd: image, env: environment(more), stdio: 'ignore' }, ...user });
    started.push(child);
    return child;
  };

  /** As Docker asks: until it is alive. */
  const isAlive = async (port: number): Promise<boolean> => {
    for (let attempt = 0; attempt < 60; attempt++) {
      if (run(node, ['deploy/healthy.mjs'], { MOOLA_PORT: String(port) }).status === 0) return true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    return false;
  };

  beforeAll(async () => {
    chmodSync(folder, 0o755);
    // The cache may be in a folder that the user may not enter.
    node = join(folder, 'node');
    copyFileSync(await checkerProgram('node24'), node);
    mkdirSync(data);
    if (isRoot) chownSync(data, 1000, 1000);
    const assembled = await runCommand(process.execPath, [join(repository, 'tools/image/assemble.mjs'), image]);
    expect(assembled).toMatchObject({ code: 0 });
  });

  afterAll(() => {
    for (const child of started) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('is no test and nothing that only builds need', () => {
    const packages = readdirSync(join(image, 'node_modules'));
    for (const name of ['jest', 'typescript', 'nx', 'eslint', 'vite', 'prettier', 'playwright-core'])
      expect(packages).not.toContain(name);
    expect(existsSync(join(image, 'libs/testbed'))).toBe(false);
    const files = readdirSync(join(image, 'apps'), { recursive: true, encoding: 'utf8' });
    expect(files.filter((path) => path.endsWith('.spec.js'))).toEqual([]);
  });

  it('is put into no folder that has something already', async () => {
    const again = await runCommand(process.execPath, [join(repository, 'tools/image/assemble.mjs'), image]);
    expect(again).toMatchObject({ code: 1, output: expect.stringContaining('is not empty: name a new folder') });
  });

  it.each(serviceNames)('%s loads, and says which settings it takes', (service) => {
    const { status, output } = run(node, [`apps/${service}/dist/main.js`, '--help']);
    expect([status, output]).toEqual([0, expect.stringContaining('MOOLA_KAFKA_BROKERS')]);
  });

  it('answers /healthz as a service before Kafka and Redis have answered, and ends in order', async () => {
    const [port = 0] = await freePorts(1);
    const collector = start(['apps/collector/dist/main.js'], {
      MOOLA_MODE: 'distributed',
      MOOLA_KAFKA_BROKERS: '127.0.0.1:1',
      REDIS_URL: 'redis://127.0.0.1:1',
      MOOLA_INSTALLATION_KEY: Buffer.alloc(32, 1).toString('base64'),
      MOOLA_PORT: String(port),
    });
    expect(await isAlive(port)).toBe(true);
    const ended = once(collector, 'exit');
    collector.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  });

  it('runs everything in one process as a user who can write into the data folder only', async () => {
    const [port = 0] = await freePorts(1);
    const standalone = start(['apps/cli/dist/main.js', 'up', '--headless'], { MOOLA_PORT: String(port) });
    expect(await isAlive(port)).toBe(true);
    const page = await fetch(`http://127.0.0.1:${port}/`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<!doctype html>')]);
    const ended = once(standalone, 'exit');
    standalone.kill('SIGTERM');
    expect((await ended)[0]).toBe(0);
  });

  it('runs as any user of the group root too, as OpenShift starts it', () => {
    const chosen = isRoot ? { uid: 1_000_650_000, gid: 0 } : {};
    const checked = run('moola', ['check', 'examples/index-volatility/definitions.yaml'], {}, chosen);
    expect([checked.status, checked.output]).toEqual([0, expect.stringContaining('no problems')]);
    const service = run(node, ['apps/tracker/dist/main.js', '--help'], {}, chosen);
    expect([service.status, service.output]).toEqual([0, expect.stringContaining('MOOLA_KAFKA_BROKERS')]);
  });

  it('is the command too, as jobs and tests of a deployment call it', () => {
    const checked = run('moola', ['check', 'examples/index-volatility/definitions.yaml']);
    expect([checked.status, checked.output]).toEqual([0, expect.stringContaining('no problems')]);
    // Loads what sends, also the parts of every channel.
    expect(run('moola', ['notify', 'test', '--json'])).toEqual({ status: 0, output: '[]\n' });
  });
});
