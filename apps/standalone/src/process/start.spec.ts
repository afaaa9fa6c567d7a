import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

/** The built command as a real process, at the edges of its life. */

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'moola-start-'));
  folders.push(folder);
  return folder;
}

class Process {
  private readonly child;
  private out = '';
  errors = '';
  readonly ended: Promise<number | null>;

  constructor(options: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const env = { ...process.env, ...environment };
    this.child = spawn(process.execPath, ['apps/cli/dist/main.js', 'up', '--port', '0', ...options], { env });
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => (this.errors += text));
    this.ended = once(this.child, 'close').then(([code]) => code as number | null);
  }

  /** Resolves with its address when it is ready; rejects when it has ended before. */
  async ready(): Promise<string> {
    for (;;) {
      const address = /Moola is at (\S+)/.exec(this.out)?.[1];
      if (address !== undefined) return address;
      if (this.child.exitCode !== null) throw new Error(`it ended: ${this.errors}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  stop(signal: NodeJS.Signals): Promise<number | null> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** The lines that a person reads: not the log's. */
const words = (errors: string) => errors.split('\n').filter((line) => line.startsWith('moola: '));

const prediction = (input: string) => ({
  prediction: { model: 'm', version: 'v1', input, time: new Date().toISOString(), class: '1', latencyMs: 3 },
});

async function post(address: string, events: unknown): Promise<{ accepted: number; refused: number }> {
  const body = JSON.stringify(events);
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${address}/v1/events?answers=refused`, { method: 'POST', headers, body });
  return (await response.json()) as { accepted: number; refused: number };
}

async function predictionsOf(address: string, expected: number): Promise<number> {
  for (;;) {
    const response = await fetch(`${address}/api/v1/environments/live/models/m`);
    const seen = response.ok ? ((await response.json()) as { counts: { predictions: number } }).counts.predictions : 0;
    if (seen >= expected) return seen;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('moola up', () => {
  it('goes on where it stopped: by a signal, and by kill -9', async () => {
    const data = newFolder();
    let sent = 0;
    for (const signal of ['SIGINT', 'SIGKILL', 'SIGTERM'] as const) {
      const running = new Process(['--headless', '--data', data]);
      const address = await running.ready();
      expect(await predictionsOf(address, sent)).toBe(sent);
      const events = Array.from({ length: 100 }, (_, i) => prediction(`${signal}-${i}`));
      expect(await post(address, events)).toMatchObject({ accepted: 100, refused: 0 });
      sent += 100;
      expect(await predictionsOf(address, sent)).toBe(sent);
      expect(await running.stop(signal)).toBe(signal === 'SIGKILL' ? null : 0);
    }
    const running = new Process(['--headless', '--data', data]);
    const address = await running.ready();
    expect(await predictionsOf(address, sent)).toBe(sent);
    const fresh = new Process(['--headless', '--fresh', '--data', data]);
    expect(await fresh.ended).toBe(1);
    expect(words(fresh.errors)[0]).toMatch(/is in use by process \d+, since .*: stop that process, or choose another/);
    await running.stop('SIGINT');
    const begunAnew = new Process(['--headless', '--fresh', '--data', data]);
    const other = await begunAnew.ready();
    expect((await fetch(`${other}/api/v1/environments/live/models/m`)).status).toBe(404);
    await begunAnew.stop('SIGINT');
  }, 300_000);

  it('says which port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const refused = new Process(['--headless', '--data', newFolder(), '--port', String(port)]);
    expect(await refused.ended).toBe(1);
    // Nothing beside it: neither a line of the log nor a stack.
    expect(refused.errors.trim().split('\n')).toEqual([
      `moola: port ${port} on 127.0.0.1 is in use: stop what listens there, or choose another (--port, MOOLA_PORT; 0 takes a free one)`,
    ]);
    server.close();
  }, 300_000);

  it('says all that is wrong with its settings at once, and shows no secret', async () => {
    const environment = { MOOLA_TICK_MS: 'often', MOOLA_TOKEN: 'short', MOOLA_CHANNEL_TEAM_SLACK_URL: 'nowhere' };
    const refused = new Process(['--headless', '--data', newFolder()], environment);
    expect(await refused.ended).toBe(1);
    expect(words(refused.errors).map((line) => line.split(':')[1]?.trim())).toEqual([
      'MOOLA_TOKEN',
      'MOOLA_TICK_MS',
      'MOOLA_CHANNEL_TEAM_SLACK_URL',
    ]);
    expect(refused.errors).not.toContain('short');
  }, 300_000);

  it('does not listen to other machines without a token, and asks for it with one', async () => {
    const open = new Process(['--headless', '--data', newFolder()], { MOOLA_HOST: '0.0.0.0' });
    expect(await open.ended).toBe(1);
    expect(words(open.errors)[0]).toContain('there is no MOOLA_TOKEN');
    const token = 'a-token-of-enough-length';
    const guarded = new Process(['--headless', '--data', newFolder()], { MOOLA_TOKEN: token });
    const address = await guarded.ready();
    const models = `${address}/api/v1/environments/live/models`;
    expect((await fetch(models)).status).toBe(401);
    expect((await fetch(models, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200);
    expect((await fetch(`${address}/healthz`)).status).toBe(200);
    expect((await fetch(`${address}/v1/events`, { method: 'POST', body: '{}' })).status).toBe(401);
    await guarded.stop('SIGINT');
  }, 300_000);

  it('takes no folder that holds something else', async () => {
    const data = newFolder();
    const foreign = join(data, 'store');
    const { mkdirSync } = await import('node:fs');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'thesis.txt'), 'precious');
    const refused = new Process(['--headless', '--fresh', '--data', data]);
    expect(await refused.ended).toBe(1);
    expect(words(refused.errors)[0]).toContain('is no data folder of ours');
  }, 300_000);
});
