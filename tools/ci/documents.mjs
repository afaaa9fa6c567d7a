// Runs the blocks of the documents that are marked as runnable, as a reader would: in the checkout, installed and built.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { blockRunner, freePort, runnableBlocks } from './blocks.mjs';

const help = `Runs the blocks of documents that are marked as runnable (\`\`\`sh run), and fails where one fails.

Usage: node tools/ci/documents.mjs [document ...]

Without documents: all of the repository but docs/quick-start.md, which tools/ci/quick-start.mjs runs. Each document has a
data folder, a temporary folder and a port of its own: localhost:8080 in a block is that port. Blocks must leave nothing in
the checkout. A program that is to go on running is marked \`\`\`sh run background.
`;
const { values: options, positionals } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' } },
  allowPositionals: true,
});
if (options.help) {
  process.stdout.write(help);
  process.exit(0);
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const git = (...words) => execFileSync('git', words, { cwd: root, encoding: 'utf8' });
const found = git('ls-files', '--', '*.md').trim().split('\n');
const documents = positionals.length > 0 ? positionals : found.filter((path) => path !== 'docs/quick-start.md');

async function runDocument(path, blocks) {
  const scratch = mkdtempSync(join(tmpdir(), 'moola-document-'));
  const port = await freePort();
  const address = `http://127.0.0.1:${port}`;
  const places = {
    MOOLA_PORT: String(port),
    MOOLA_SERVER: address,
    MOOLA_DATA: join(scratch, 'data'),
    TMPDIR: scratch,
  };
  const runner = blockRunner({ folder: root, env: { ...process.env, ...places }, up: `Moola is at ${address}` });
  try {
    for (const block of blocks) {
      console.log(`--- ${path}:${block.line} (${block.heading})`);
      const script = block.script.replaceAll('localhost:8080', `localhost:${port}`);
      await runner.run({ ...block, script });
    }
  } finally {
    await runner.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

let count = 0;
try {
  const before = git('status', '--porcelain');
  for (const path of documents) {
    const blocks = runnableBlocks(readFileSync(join(root, path), 'utf8'));
    if (positionals.length > 0 && blocks.length === 0) throw new Error(`${path} has no block that is marked "sh run"`);
    if (blocks.length > 0) await runDocument(path, blocks);
    if (git('status', '--porcelain') !== before) throw new Error(`a block of ${path} has changed the checkout`);
    count += blocks.length;
  }
  if (count === 0) throw new Error('no document has a block that is marked "sh run"');
  console.log(`documents: ${count} blocks ran as they stand`);
} catch (error) {
  console.error(`documents: ${error.message}`);
  process.exitCode = 1;
}
