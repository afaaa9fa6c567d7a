// Runs Jest with the arguments given. Suites named `*.real.spec.ts` need a real Kafka and a real Redis; where these
// cannot be had, the rest runs and the end says what was left out and how to get it. With --every-suite (`npm run
// test:all`, CI) that is a failure.
import { spawnSync } from 'node:child_process';
import { join, relative } from 'node:path';
import { root } from '../start/prepare.mjs';
import { leavingOut, suitesLeftOut } from './left-out.mjs';

const everySuite = '--every-suite';
const given = process.argv.slice(2).filter((argument) => argument !== everySuite);

const leftOut = await suitesLeftOut(jest([...given, '--listTests'], ['ignore', 'pipe', 'inherit']).stdout);
const { status } = jest([...given, ...leavingOut(leftOut)], 'inherit');
process.exitCode = status ?? 1;
if (leftOut.suites.length > 0) {
  const suites = leftOut.suites.map((path) => `  ${relative(root, path)}\n`).join('');
  const parts = leftOut.parts.map((part) => `${part.message}\n`).join('');
  console.error(`\nLeft out, because they need a real part that is not here:\n${suites}${parts}`);
  if (process.argv.includes(everySuite)) process.exitCode ||= 1;
}

function jest(jestArguments, stdio) {
  const program = join(root, 'node_modules/jest/bin/jest.js');
  const nodeArguments = ['--experimental-vm-modules', '--no-warnings', program, ...jestArguments];
  return spawnSync(process.execPath, nodeArguments, { cwd: root, stdio, encoding: 'utf8' });
}
