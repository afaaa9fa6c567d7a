// Runs the example on Node's current LTS (npm packages ship its binary) and holds its last line to the oracle's.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

const lts = '24';
const binary = `node-${process.platform}-${process.arch}`;
const folder = mkdtempSync(join(tmpdir(), 'moola-lts-'));
try {
  const install = spawnSync('npm', ['install', '--prefix', folder, '--no-audit', '--no-fund', binary + '@' + lts], {
    encoding: 'utf8',
  });
  if (install.status !== 0) throw new Error(`cannot install ${binary}@${lts}: ${install.stderr}`);
  const node = join(folder, 'node_modules', binary, 'bin', 'node');
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' });
  const run = spawnSync(
    node,
    [
      'apps/cli/dist/main.js',
      'up',
      '--example',
      '--headless',
      '--exit-when-done',
      '--port',
      '0',
      '--data',
      join(folder, 'data'),
    ],
    { encoding: 'utf8', maxBuffer: 1 << 28 },
  );
  if (run.status !== 0) throw new Error(`exit ${run.status}\n${run.stderr.slice(-4000)}`);
  const line = JSON.parse(run.stdout.trim().split('\n').at(-1));
  const expected = JSON.parse(readFileSync('tools/oracle/expected/story-seed-1.json', 'utf8'));
  if (!isDeepStrictEqual(line, expected))
    throw new Error(`the last line differs:\n${JSON.stringify(line)}\n${JSON.stringify(expected)}`);
  console.log(`Node ${version.stdout.trim()}: the story is the oracle's`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
