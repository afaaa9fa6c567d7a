// Runs docs/quick-start.md as a new user would, block by block, and says how long the first alert took.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const help = `Runs the blocks of docs/quick-start.md as they stand, and fails where one fails or no alert comes.

Usage: node tools/ci/quick-start.mjs [--here] [--within <seconds>]

  --here              in this checkout, installed and built as it is; else in a fresh clone of it
  --within <seconds>  fail when the first alert takes longer
`;
const { values: options } = parseArgs({
  options: { here: { type: 'boolean' }, within: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
});
if (options.help) {
  process.stdout.write(help);
  process.exit(0);
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'moola-quick-start-'));
const began = Date.now();
const seconds = () => Math.round((Date.now() - began) / 1000);
const say = (line) => process.stdout.write(`[${seconds()} s] ${line}\n`);

/** Steps with their blocks of shell, in order. */
function stepsOf(markdown) {
  return markdown
    .split(/^## (?=\d+\. )/m)
    .slice(1)
    .map((section) => ({
      title: section.slice(0, section.indexOf('\n')),
      blocks: [...section.matchAll(/^```sh( background)?\n(.*?)^```$/gms)].map(([, background, script]) => ({
        background: background !== undefined,
        script,
      })),
    }));
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

function clone() {
  const folder = join(scratch, 'moola');
  const { status, stderr } = spawnSync('git', ['clone', '--quiet', root, folder], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`git clone failed: ${stderr}`);
  return folder;
}

const folder = options.here ? root : clone();
const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const env = {
  ...process.env,
  ...{ MOOLA_PORT: String(port), MOOLA_SERVER: address, MOOLA_DATA: join(scratch, 'data') },
};
const running = [];
let firstAlert = null;

/** Runs a block; one that stays in the background is up when the document says that it is. */
async function run({ background, script }) {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder, env, detached: true });
  let output = '';
  let tell = () => undefined;
  const up = new Promise((resolve) => (tell = resolve));
  const take = (text) => {
    output += text;
    process.stdout.write(text);
    if (output.includes(`Moola is at ${address}`)) tell();
    if (background && firstAlert === null && output.includes('CRITICAL churn')) firstAlert = seconds();
  };
  child.stdout.setEncoding('utf8').on('data', take);
  child.stderr.setEncoding('utf8').on('data', take);
  running.push(child);
  const ended = once(child, 'close').then(([code]) => code);
  const code = await (background ? Promise.race([up, ended]) : ended);
  if (code !== undefined && code !== 0) throw new Error(`a block ended with ${code}:\n${script}`);
  return output;
}

try {
  const steps = stepsOf(readFileSync(join(folder, 'docs/quick-start.md'), 'utf8'));
  const outputs = [];
  for (const { title, blocks } of steps) {
    say(`step ${title}`);
    for (const block of blocks) outputs.push(await run(block));
  }
  const shown = outputs.join('');
  if (steps.length === 0 || steps.length > 5)
    throw new Error(`there are ${steps.length} steps: one to five were promised`);
  if (firstAlert === null) throw new Error('no alert came');
  if (!/churn~budget\.accuracy~1 +critical +open/.test(shown)) throw new Error('the incident is not listed');
  say(`quick start: ${steps.length} steps; the first alert came after ${firstAlert} s`);
  if (options.within !== undefined && firstAlert > Number(options.within))
    throw new Error(`the first alert took longer than ${options.within} s`);
} catch (error) {
  console.error(`quick start: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const child of running) {
    if (child.exitCode !== null) continue;
    process.kill(-child.pid, 'SIGINT');
    await once(child, 'close');
  }
  if (options.here) rmSync(join(root, 'churn.yaml'), { force: true });
  rmSync(scratch, { recursive: true, force: true });
}
