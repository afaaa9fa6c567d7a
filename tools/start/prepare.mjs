// Installs and builds what is missing or stale, and says so. Plain Node, no packages: it runs before they are there.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const builtMark = join(root, 'apps', 'standalone', 'dist', '.moola-built');
const sourceFolders = ['apps', 'libs', 'proto'];
const sourceFiles = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json', 'buf.gen.yaml'];

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  console.error(`Moola needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

/** How often a step says that it is still at it, where its line cannot be rewritten. */
const sayEveryMs = 15_000;

/** Runs a command whose output is shown only when it fails; the seconds go by in sight. */
async function run(what, command, args) {
  const began = Date.now();
  const seconds = () => `${Math.round((Date.now() - began) / 1000)} s`;
  const isTerminal = process.stderr.isTTY === true;
  process.stderr.write(`${what} …${isTerminal ? '' : '\n'}`);
  const clock = setInterval(
    () => process.stderr.write(isTerminal ? `\r${what} … ${seconds()}` : `${what} … ${seconds()}\n`),
    isTerminal ? 1000 : sayEveryMs,
  );
  const child = spawn(command, args, { cwd: root, shell: process.platform === 'win32' });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  const status = await new Promise((resolve) => {
    child.on('error', (error) => {
      output += error.message;
      resolve(1);
    });
    child.on('close', (code) => resolve(code ?? 1));
  });
  clearInterval(clock);
  const end = (word) => process.stderr.write(`${isTerminal ? '\r' : ''}${what} … ${word} ${seconds()}\n`);
  if (status === 0) return end('done in');
  end('failed after');
  process.stderr.write(`\n${output}\n`);
  process.exit(status);
}

/** A hash over the names and contents of all that a build reads. */
function sourcesHash() {
  const hash = createHash('sha256');
  const add = (path) =>
    hash
      .update(`${path.slice(root.length)}\0`)
      .update(readFileSync(path))
      .update('\0');
  const walk = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (['dist', 'node_modules', 'gen'].includes(entry.name) || entry.name.endsWith('.spec.ts')) continue;
      const path = join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile() && !entry.name.endsWith('.tsbuildinfo')) add(path);
    }
  };
  for (const folder of sourceFolders) walk(join(root, folder));
  for (const file of sourceFiles) add(join(root, file));
  return hash.digest('hex');
}

const packagesIn = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

/** Whether the packages that lie there are those of the lock file, whoever has installed them. */
function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const [locked, found] = [packagesIn(join(root, 'package-lock.json')), packagesIn(installed)];
  const isSame = (path) =>
    locked[path]?.version === found[path].version && locked[path]?.integrity === found[path].integrity;
  // Packages for other machines are not installed.
  const mayLack = (path) => path === '' || locked[path].optional === true || locked[path].devOptional === true;
  return Object.keys(found).every(isSame) && Object.keys(locked).every((path) => path in found || mayLack(path));
}

export async function install() {
  if (isInstalled()) return;
  const count = Object.keys(packagesIn(join(root, 'package-lock.json'))).length;
  await run(`Installing ${count} packages (once)`, 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

const isBuilt = () => existsSync(builtMark) && readFileSync(builtMark, 'utf8') === sourcesHash();

/** `npm run build`, a step at a time. */
export async function build() {
  if (isBuilt()) return;
  for (const [what, script] of [
    ['Building 1/4: contracts', 'generate'],
    ['Building 2/4: services', 'build:services'],
    ['Building 3/4: types of the page', 'build:page-types'],
    ['Building 4/4: page', 'build:page'],
  ])
    await run(what, 'npm', ['run', script, '--silent']);
  markBuilt();
}

/** Remembers of which sources this build is. */
export function markBuilt() {
  mkdirSync(dirname(builtMark), { recursive: true });
  writeFileSync(builtMark, sourcesHash());
}
