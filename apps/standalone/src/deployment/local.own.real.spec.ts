import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { repository } from '../compose/compose-file.js';
import { isRunning, LocalFiles } from './local/state.js';

/** deploy/deploy_monitoring.sh as a person calls it, one command after the other, on a Kafka and a Redis of its own. */
describe('a deployment on this machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moola-local-'));
  const files = new LocalFiles(join(folder, 'deployment'));
  const call = async (...words: string[]) => {
    const args = [join(repository, 'deploy/deploy_monitoring.sh'), ...words, '--report', join(folder, 'report.md')];
    const { MOOLA_KAFKA_BROKERS: _, REDIS_URL: __, NODE_OPTIONS: ___, ...variables } = process.env;
    const child = spawn('bash', args, {
      ...{ cwd: repository, stdio: ['ignore', 'pipe', 'pipe'] },
      env: { ...variables, MOOLA_LOCAL_DEPLOYMENT: files.folder },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    const [code] = (await once(child, 'close')) as [number];
    return { code, output, report: readFileSync(join(folder, 'report.md'), 'utf8') };
  };

  afterAll(async () => {
    const pid = files.state()?.pid;
    if (pid !== undefined) process.kill(pid, 'SIGTERM');
    while (pid !== undefined && isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 200));
    rmSync(folder, { recursive: true, force: true });
  });

  const definitions = 'examples/index-volatility/definitions.yaml';

  it('is brought about with its definitions, and ends with a report', async () => {
    const deployed = await call('--port', '0', '--definitions', definitions);
    expect([deployed.code, deployed.output]).toEqual([0, expect.stringContaining('7 services run')]);
    expect(deployed.output).toContain(deployed.report);
    expect(deployed.report).toMatch(/^# Deployment of Moola: status report\n/);
    expect(deployed.report).toContain('| Result | **as it should be** |');
    expect(deployed.report).toMatch(/\| tracker \| ready at http:\/\/127\.0\.0\.1:\d+ \|/);
    const console = /\| Console: page and API \| (\S+) \|/.exec(deployed.report)?.[1];
    // The console sees what was applied a moment later.
    const applied = async (): Promise<string> =>
      (await fetch(`${console}/api/v1/environments/live/definitions`)).text();
    for (let i = 0; i < 300 && !(await applied()).includes('SimpleLSTMAccuracyDrop'); i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await applied()).toContain('SimpleLSTMAccuracyDrop');
  }, 600_000);

  it('stays as it is when it is deployed again; what had ended is started', async () => {
    const before = files.state()?.services;
    const again = await call('--port', '0');
    expect([again.code, again.output]).toEqual([0, expect.stringContaining('run already: nothing to do')]);
    expect(files.state()?.services).toEqual(before);
    const tracker = before?.find(({ service }) => service === 'tracker')?.pid as number;
    process.kill(tracker, 'SIGKILL');
    while (isRunning(tracker)) await new Promise((resolve) => setTimeout(resolve, 50));
    const mended = await call('--port', '0');
    expect([mended.code, mended.output]).toEqual([0, expect.stringContaining('what had ended was started again')]);
    expect(files.state()?.services.find(({ service }) => service === 'tracker')?.pid).not.toBe(tracker);
  }, 600_000);

  it('is validated: its Kafka and Redis are asked', async () => {
    const { code, report } = await call('validate', '--definitions', definitions);
    expect(code).toBe(0);
    expect(report).toContain('| Kafka, Redis and the topics | ok | 13 topics |');
    expect(report).toMatch(/\| Definitions \| ok \| \d+ in examples/);
  }, 600_000);

  it('is tested by telemetry that goes through it, and nothing of the test stays', async () => {
    const { code, output, report } = await call('test');
    expect([code, output]).toEqual([0, expect.stringContaining('a snapshot counts')]);
    expect(report).toContain('alert SimpleLSTMLatencySpike fires');
    expect(report).toContain('its notification went to terminal/deployment-test');
    expect(report).toMatch(/removed 13 topics, \d+ consumer groups and \d+ checkpoints/);
    expect(files.state()?.environments).toEqual(['live']);
  }, 900_000);

  it('is removed, and so is what is not there', async () => {
    const pids = (files.state()?.services ?? []).map(({ pid }) => pid);
    const cleaned = await call('clean');
    expect([cleaned.code, cleaned.output]).toEqual([0, expect.stringContaining('ended; their data is removed')]);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(files.state()).toBeNull();
    expect((await call('clean')).output).toContain('nothing is deployed here');
  }, 600_000);
});
