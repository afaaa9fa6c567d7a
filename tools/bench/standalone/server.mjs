import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { onFirstCore } from './machine.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = join(root, 'apps/cli/dist/main.js');

/** Starts `moola up` on the first core; resolves when its address is known. */
export async function startServer(folder, env = {}, options = []) {
  const startedMs = performance.now();
  const args = [main, 'up', '--headless', '--port', '0', '--data', folder, ...options];
  const child = spawn(...onFirstCore(process.execPath, args), {
    cwd: root,
    env: { ...process.env, MOOLA_LOG_LEVEL: 'warn', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
  const address = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      text += chunk;
      const found = /Moola is at (\S+)/.exec(text);
      if (found) resolve(found[1]);
    });
    child.once('exit', (code) => reject(new Error(`moola up ended with ${code}: ${errors.slice(-2000)}`)));
    child.once('error', reject);
  });
  return new Server(child, address, folder, startedMs);
}

/** A running `moola up`, seen from outside. */
export class Server {
  constructor(child, address, folder, startedMs) {
    Object.assign(this, { child, address, folder, startedMs });
  }

  async get(path) {
    const response = await fetch(`${this.address}${path}`);
    const text = await response.text();
    return { status: response.status, text };
  }

  async json(path) {
    const { status, text } = await this.get(path);
    return status === 200 ? JSON.parse(text) : null;
  }

  /** Sends a body of events, again while it is told to wait. @returns how often it was told to wait */
  async send(contentType, body) {
    for (let refusals = 0; ; refusals++) {
      const response = await fetch(`${this.address}/v1/events?answers=refused`, {
        method: 'POST',
        headers: { 'content-type': contentType },
        body,
      });
      const text = await response.text();
      if (response.status === 200) return refusals;
      if (response.status !== 429) throw new Error(`POST /v1/events gave ${response.status}: ${text.slice(0, 500)}`);
      await sleep(Number(response.headers.get('retry-after') ?? 1) * 1000);
    }
  }

  /** What the process has used so far, all of its threads together, by its own metrics. */
  async usage() {
    const { text } = await this.get('/metrics');
    const value = (name) => Number(new RegExp(`^${name}(?:{[^}]*})? (\\S+)`, 'm').exec(text)?.[1]);
    return {
      cpuSeconds: value('process_cpu_seconds_total'),
      residentBytes: value('process_resident_memory_bytes'),
      heapBytes: value('nodejs_heap_size_used_bytes'),
      writtenBytes: this.writtenBytes(),
    };
  }

  /** What it has sent to disks (Linux), or `null`. */
  writtenBytes() {
    try {
      return Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${this.child.pid}/io`, 'utf8'))?.[1] ?? NaN);
    } catch {
      return null;
    }
  }

  diskBytes() {
    return diskBytes(this.folder);
  }

  /** Ends it as Ctrl-C does. */
  async stop() {
    this.child.kill('SIGINT');
    if (this.child.exitCode === null) await once(this.child, 'exit');
  }
}

/** Bytes that files take on the disk, where the system says so; their length elsewhere. */
export function diskBytes(folder) {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const { blocks, size } = statSync(join(entry.parentPath ?? entry.path, entry.name));
    bytes += blocks === undefined ? size : blocks * 512;
  }
  return bytes;
}
