// Runs whole programs, the command of a build or Python beside it, and says what each took.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const usageModule = new URL('usage.mjs', import.meta.url).href;
const pythonUsage = `import resource, runpy, sys
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0])
usage = resource.getrusage(resource.RUSAGE_SELF)
print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)`;

/**
 * Runs `moola` of a build, in a process that measures itself.
 * @param folder for files of the measurement
 * @returns what it printed, and what it took: seconds of CPU and of the wall clock, and resident megabytes at the most
 */
export function runMoola(build, folder, words) {
  const usage = join(folder, 'usage');
  const command = ['--import', usageModule, join(build, 'apps/cli/dist/main.js'), ...words];
  const { stdout, wall } = run(process.execPath, command, { ...process.env, BENCH_USAGE: usage });
  return { stdout, wall, ...JSON.parse(readFileSync(usage, 'utf8')) };
}

/** The same of a program in Python. */
export function runPython(python, words) {
  const { stdout, wall } = run(python, ['-c', pythonUsage, ...words], process.env);
  const lines = stdout.trimEnd().split('\n');
  const [cpu, peakMb] = lines.pop().split(' ').map(Number);
  return { stdout: lines.join('\n'), wall, cpu, peakMb };
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

function run(program, words, env) {
  const startMs = performance.now();
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', maxBuffer: 1 << 30, env });
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return { stdout, wall: (performance.now() - startMs) / 1000 };
}
