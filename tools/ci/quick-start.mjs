// Runs docs/quick-start.md as a new user would, block by block, and says how long the first alert took.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { blockRunner, freePort, runnableBlocks } from './blocks.mjs';

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
let firstAlert = null;
const runner = blockRunner({
  ...{ folder, env, up: `Moola is at ${address}` },
  onOutput(output, { background }) {
    if (background && firstAlert === null && output.includes('CRITICAL churn')) firstAlert = seconds();
  },
});

try {
  const outputs = [];
  const steps = new Set();
  for (const block of runnableBlocks(readFileSync(join(folder, 'docs/quick-start.md'), 'utf8'))) {
    if (!steps.has(block.heading)) say(`step ${block.heading}`);
    steps.add(block.heading);
    outputs.push(await runner.run(block));
  }
  const shown = outputs.join('');
  if (steps.size === 0 || steps.size > 5) throw new Error(`there are ${steps.size} steps: one to five were promised`);
  if (firstAlert === null) throw new Error('no alert came');
  if (!/churn~budget\.accuracy~1 +critical +open/.test(shown)) throw new Error('the incident is not listed');
  say(`quick start: ${steps.size} steps; the first alert came after ${firstAlert} s`);
  if (options.within !== undefined && firstAlert > Number(options.within))
    throw new Error(`the first alert took longer than ${options.within} s`);
} catch (error) {
  console.error(`quick start: ${error.message}`);
  process.exitCode = 1;
} finally {
  await runner.stop();
  if (options.here) rmSync(join(root, 'churn.yaml'), { force: true });
  rmSync(scratch, { recursive: true, force: true });
}
