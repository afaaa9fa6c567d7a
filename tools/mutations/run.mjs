// Tests of the tests: applies each one-line mutation of the lists beside this file to a copy of the sources, and runs the
// one test that must fail then.
//
//   node tools/mutations/run.mjs                    all lists
//   node tools/mutations/run.mjs streams            tools/mutations/streams.json
//   node tools/mutations/run.mjs streams seen       only mutations whose name contains "seen"
//   node tools/mutations/run.mjs --tests-passed     all tests have just passed: they are not run without a mutation first
//
// A list is an array of { name, file, find, replace, test, testName?, env?, hangs? }: `find` must stand exactly once in `file`;
// `test` is the path of a suite, `testName` a pattern of test names, `env` its environment (such as SCHEDULE_COUNT). With `hangs`
// the mutated code waits for what never comes: such a test costs time but no processor, and runs beside the others.
import { spawn, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { register } from 'node:module';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = dirname(fileURLToPath(import.meta.url));
const repo = resolve(here, '../..');
const timeoutMs = 60_000;
const stopAtFailure = join(here, 'stop-at-failure.mjs');
/** With which the process of a test ends at its first failure. */
const failedCode = 99;

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'tests-passed': { type: 'boolean', default: false } },
});
const [area, part] = positionals;
const queue = readMutations();
const baselines = new Map();
const rows = [];
// One Kafka and one Redis for all the tests, started when the first asks for them.
register('../typescript/hooks.mjs', import.meta.url);
const { Sharing } = await import('../../libs/testbed/src/sharing.ts');
const sharing = await Sharing.open();
try {
  const busy = queue.filter(({ hangs }) => !hangs);
  const waiting = queue.filter(({ hangs }) => hangs);
  const workers = (count, mutations) =>
    Array.from({ length: Math.min(count, mutations.length) }, () => work(mutations));
  await Promise.all([...workers(availableParallelism(), busy), ...workers(2, waiting)]);
} finally {
  await sharing.close();
}
const killed = rows.filter(({ killed }) => killed).length;
console.log(`${rows.length} mutations, ${killed} killed, ${rows.length - killed} survived`);
process.exitCode = killed === rows.length ? 0 : 1;

/** Takes mutations off a queue until none is left, and applies each to this worker's copy of the sources. */
async function work(mutations) {
  const copy = copySources();
  try {
    for (let mutation = mutations.shift(); mutation !== undefined; mutation = mutations.shift()) {
      const baseline = flags['tests-passed'] ? 'passed' : await baselineOf(copy, mutation);
      if (baseline !== 'passed') {
        report(mutation, `the test itself is not green: ${baseline}`, 0);
        continue;
      }
      const started = performance.now();
      report(mutation, await runMutated(copy, mutation), performance.now() - started);
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** What becomes of the test without the mutation: run once for all the mutations that it must notice. */
function baselineOf(copy, mutation) {
  const key = JSON.stringify([mutation.test, mutation.testName, mutation.env]);
  if (!baselines.has(key)) baselines.set(key, runTest(copy, mutation));
  return baselines.get(key);
}

function readMutations() {
  const files = readdirSync(here).filter((name) => name.endsWith('.json') && (!area || name === `${area}.json`));
  if (files.length === 0) throw new Error(`there is no list ${area}.json in ${here}`);
  return files
    .flatMap((file) => JSON.parse(readFileSync(join(here, file), 'utf8')))
    .filter(({ name }) => !part || name.includes(part));
}

/** Files as they are in the working tree but for ignored ones, and what is generated from them; packages are linked. */
function copySources() {
  const folder = mkdtempSync(join(tmpdir(), 'moola-mutations-'));
  const tracked = spawnSync(
    'git',
    [
      'ls-files',
      '-z',
      '--cached',
      '--others',
      '--exclude-standard',
      'apps',
      'libs',
      'deploy',
      'examples',
      'helm',
      'docs',
      'tools',
      '*.json',
      '*.mjs',
      '.swcrc',
    ],
    {
      cwd: repo,
      encoding: 'utf8',
    },
  );
  for (const file of tracked.stdout.split('\0')) {
    if (file !== '' && existsSync(join(repo, file))) cpSync(join(repo, file), join(folder, file));
  }
  const generated = 'libs/contracts/src/gen';
  if (!existsSync(join(folder, generated))) cpSync(join(repo, generated), join(folder, generated), { recursive: true });
  mkdirSync(join(folder, 'tools'), { recursive: true });
  // Every package but our own: those must be the copies.
  mkdirSync(join(folder, 'node_modules/@moola'), { recursive: true });
  for (const name of readdirSync(join(repo, 'node_modules'))) {
    if (name !== '@moola') symlinkSync(join(repo, 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const kind of ['apps', 'libs']) {
    for (const name of readdirSync(join(folder, kind))) {
      symlinkSync(join('../..', kind, name), join(folder, 'node_modules/@moola', name));
    }
  }
  return folder;
}

async function runMutated(copy, mutation) {
  const path = join(copy, mutation.file);
  const original = readFileSync(path, 'utf8');
  const places = original.split(mutation.find).length - 1;
  if (places !== 1) return `"find" stands ${places} times in ${mutation.file}, not once`;
  writeFileSync(
    path,
    original.replace(mutation.find, () => mutation.replace),
  );
  try {
    return await runTest(copy, mutation);
  } finally {
    writeFileSync(path, original);
  }
}

/** `passed`, `failed`, `timed out`, `crashed`, or what went wrong otherwise. */
async function runTest(copy, { test, testName, env }) {
  const output = join(copy, 'result.json');
  rmSync(output, { force: true });
  const jest = join(repo, 'node_modules/jest/bin/jest.js');
  const options = ['--json', `--outputFile=${output}`, '--silent', '--runInBand', `--reporters=${stopAtFailure}`];
  const which = ['--runTestsByPath', test, ...(testName ? ['-t', testName] : [])];
  const run = spawn(process.execPath, ['--experimental-vm-modules', '--no-warnings', jest, ...options, ...which], {
    cwd: copy,
    env: { ...process.env, ...env, MOOLA_EXIT_ON_FAILURE: String(failedCode) },
    stdio: 'ignore',
    timeout: timeoutMs,
  });
  const ended = await new Promise((done) => {
    run.once('error', (error) => done(`Jest did not run: ${error.message}`));
    run.once('exit', (code, signal) =>
      done(signal === 'SIGTERM' ? 'timed out' : code === failedCode ? 'failed' : null),
    );
  });
  if (ended !== null) return ended;
  // The mutated code took the whole test process down: a failed assertion of native code, a rejection nobody handles.
  if (!existsSync(output)) return 'crashed';
  const result = JSON.parse(readFileSync(output, 'utf8'));
  if (result.numFailedTests > 0) return 'failed';
  if (result.numRuntimeErrorTestSuites > 0)
    return `the suite does not run: ${result.testResults[0]?.message.slice(0, 500)}`;
  if (result.numPassedTests === 0) return 'no test of that name';
  return 'passed';
}

function report(mutation, outcome, ms) {
  const killed = ['failed', 'timed out', 'crashed'].includes(outcome);
  rows.push({ killed });
  const verdict = killed ? 'killed  ' : outcome === 'passed' ? 'SURVIVED' : 'BROKEN  ';
  console.log(
    `${verdict} ${(ms / 1000).toFixed(1).padStart(5)} s  ${mutation.name}${killed || outcome === 'passed' ? '' : `: ${outcome}`}`,
  );
}
