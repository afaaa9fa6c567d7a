// Installs and builds what is missing or stale, and says so. Plain Node, no packages: it runs before they are there.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const installedMark = join(root, 'node_modules', '.moola-installed');
const builtMark = join(root, 'apps', 'standalone', 'dist', '.moola-built');
const sourceFolders = ['apps', 'libs', 'proto'];

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Moola needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

function run(what, command, args) {
  const began = Date.now();
  process.stderr.write(`${what} … `);
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
  if (result.status !== 0) {
    process.stderr.write(`failed\n\n${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`);
    process.exit(result.status ?? 1);
  }
  process.stderr.write(`done in ${Math.round((Date.now() - began) / 1000)} s\n`);
}

/** A hash over names, sizes and times of all sources: cheap, and changes when any of them does. */
function fingerprint() {
  const hash = createHash('sha256');
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (['dist', 'node_modules', 'gen'].includes(entry.name) || entry.name.endsWith('.spec.ts')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else {
        const { size, mtimeMs } = statSync(path);
        hash.update(`${path.slice(root.length)}\0${size}\0${mtimeMs}\n`);
      }
    }
  };
  for (const folder of sourceFolders) walk(join(root, folder));
  return hash.digest('hex');
}

const holds = (mark, text) => existsSync(mark) && readFileSync(mark, 'utf8') === text;

export function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (holds(installedMark, lock)) return;
  run('Installing packages (once)', 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  writeFileSync(installedMark, lock);
}

export function build() {
  const sources = fingerprint();
  if (holds(builtMark, sources)) return;
  run('Building', 'npm', ['run', 'build', '--silent']);
  writeFileSync(builtMark, sources);
}
