import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@moola/streams/testing/eventually';
import { busybox } from '@moola/testbed/busybox';
import { checkerProgram } from '@moola/testbed/checkers';
import { runCommand } from '@moola/testbed/command';
import { startEngine, type Engine } from '@moola/testbed/engine';
import { serviceNames } from '@moola/testbed/fleet';
import { freePorts } from '@moola/testbed/free-ports';
import { repository } from '../compose/compose-file.js';

const base = 'node:24-bookworm-slim';
const tag = 'moola:test';

interface Inspected {
  readonly State: { readonly Status: string; readonly ExitCode: number; readonly Health?: { readonly Status: string } };
  readonly Config: {
    readonly User: string;
    readonly Entrypoint: readonly string[];
    readonly Labels: Readonly<Record<string, string>>;
  };
}

/** What the script of deploy/Dockerfile puts into the image is in a folder, and is started on the image's Node as the image's user. */
describe('what the image holds, on Node 24', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moola-image-'));
  const image = join(folder, 'image');
  const data = join(folder, 'data');
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? { uid: 1000, gid: 1000 } : {};
  const started: ChildProcess[] = [];
  let node: string;

  const environment = (more: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
    // The image's own, and nothing of this machine's.
    PATH: `${join(image, 'bin')}:${join(node, '..')}:/usr/bin:/bin`,
    NODE_ENV: 'production',
    MOOLA_DATA: data,
    ...more,
  });

  const run = (program: string, args: readonly string[], more: Readonly<Record<string, string>> = {}) => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      ...{ cwd: image, env: environment(more), encoding: 'utf8', timeout: 120_000 },
      ...user,
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

  it('is the command too, as jobs and tests of a deployment call it', () => {
    const checked = run('moola', ['check', 'examples/index-volatility/definitions.yaml']);
    expect([checked.status, checked.output]).toEqual([0, expect.stringContaining('no problems')]);
    // Loads what sends, also the parts of every channel.
    expect(run('moola', ['notify', 'test', '--json'])).toEqual({ status: 0, output: '[]\n' });
  });

  /**
   * The image as an engine makes it of that folder, and runs it. No registry of images can be reached: what stands for the base image is its Node with
   * the libraries that it names, and a shell; and what the first stage builds in a container is built here, by the same script.
   */
  describe('the image, built and run by an engine', () => {
    let engine: Engine;

    beforeAll(async () => {
      engine = await startEngine();
      await makeBase();
      const [, last] = readFileSync(join(repository, 'deploy/Dockerfile'), 'utf8')
        .split(/^(?=FROM )/m)
        .slice(1);
      writeFileSync(join(folder, '.dockerignore'), '*\n!image\n');
      writeFileSync(join(folder, 'Dockerfile'), `FROM ${base} AS build\nCOPY image /image\n${last}`);
      await engine.docker(['build', '--network', 'host', '--build-arg', 'VERSION=9.8.7', '--tag', tag, folder]);
    }, 600_000);

    afterAll(async () => {
      await engine?.stop();
    }, 120_000);

    /** What stands for the base image. */
    const makeBase = async (): Promise<void> => {
      const root = join(folder, 'root');
      const put = (from: string, to: string): void => {
        mkdirSync(dirname(join(root, to)), { recursive: true });
        copyFileSync(from, join(root, to));
      };
      put(node, 'usr/local/bin/node');
      const { output } = await runCommand('ldd', [node]);
      for (const [library] of output.matchAll(/\/\S+\.so\S*/g)) put(library, library);
      put(await busybox(), 'bin/busybox');
      for (const name of ['sh', 'mkdir', 'chown', 'dirname']) symlinkSync('busybox', join(root, 'bin', name));
      mkdirSync(join(root, 'tmp'));
      const packed = join(folder, 'root.tar');
      expect(await runCommand('tar', ['-C', root, '-cf', packed, '.'])).toMatchObject({ code: 0 });
      const path = 'ENV PATH=/usr/local/bin:/usr/bin:/bin';
      await engine.docker(['import', '--change', path, packed, base]);
    };

    /** As Compose and Kubernetes run it. */
    const hardened = [
      ...['--network', 'host', '--read-only', '--tmpfs', '/tmp', '--cap-drop', 'ALL'],
      ...['--security-opt', 'no-new-privileges'],
    ];

    const inspect = async (name: string): Promise<Inspected> =>
      (JSON.parse(await engine.docker(['inspect', name])) as [Inspected])[0];

    it('says what it is, and as whom it runs', async () => {
      const { Config } = await inspect(tag);
      expect(Config).toMatchObject({ User: '1000:1000', Entrypoint: ['node'] });
      expect(Config.Labels).toMatchObject({ 'org.opencontainers.image.version': '9.8.7' });
    });

    it('is healthy by its own check, on a file system that it cannot write, and ends in order', async () => {
      const [port = 0] = await freePorts(1);
      const settings = ['--env', `MOOLA_PORT=${port}`, '--env', 'MOOLA_HOST=127.0.0.1', '--volume', 'data:/data'];
      const run = ['run', '--detach', '--name', 'moola', ...hardened, ...settings, tag];
      await engine.docker([...run, 'apps/cli/dist/main.js', 'up', '--headless']);
      await eventually('it is healthy', async () => (await inspect('moola')).State.Health?.Status === 'healthy');
      const server = `http://127.0.0.1:${port}`;
      const page = await fetch(`${server}/`);
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<!doctype html>')]);
      const incidents = ['exec', '--env', `MOOLA_SERVER=${server}`, 'moola', 'moola', 'incidents', 'list', '--json'];
      expect(JSON.parse(await engine.docker(incidents))).toEqual([]);
      await engine.docker(['stop', '-t', '60', 'moola']);
      expect((await inspect('moola')).State).toMatchObject({ Status: 'exited', ExitCode: 0 });
    });

    it('runs as any user of the group root too, as OpenShift starts it', async () => {
      const run = ['run', '--rm', ...hardened, '--user', '1000650000:0', '--entrypoint', 'moola', tag];
      const said = await engine.docker([...run, 'check', 'examples/index-volatility/definitions.yaml']);
      expect(said).toContain('no problems');
    });
  });
});
