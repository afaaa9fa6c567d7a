import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { arch, cpus, loadavg, platform, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';

const cores = cpus().length;

/** Whether programs can be held to a core here. */
export const pins = cores > 1 && has('taskset');

function has(program) {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Runs a program on the first core, where cores can be given. */
export const onFirstCore = (program, args) =>
  pins ? ['taskset', ['--cpu-list', '0', program, ...args]] : [program, args];

/** Keeps this process off the first core. */
export function alone() {
  if (pins)
    execFileSync('taskset', ['--all-tasks', '--pid', '--cpu-list', `1-${cores - 1}`, String(process.pid)], {
      stdio: 'ignore',
    });
}

/** Where the figures come from. Load is of one minute, before the bench began. */
export const machine = () => ({
  ...{ node: process.version, platform: platform(), arch: arch(), cores, cpu: cpus()[0]?.model ?? '' },
  ...{ memoryBytes: totalmem(), pinned: pins, loadBefore: round(loadavg()[0]) },
});

export const temporaryFolder = () => mkdtempSync(join(tmpdir(), 'moola-bench-'));

const round = (value) => Number(value.toPrecision(4));

/** Median and extremes of what was measured several times. */
export function spread(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
  return { median: round(middle), least: round(sorted[0]), most: round(sorted.at(-1)), rounds: sorted.length };
}

/** Nearest-rank percentiles. */
export function percentiles(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part) => round(sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]);
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), most: round(sorted.at(-1)), samples: sorted.length };
}

/** Ratio of two spreads' medians. */
export const ratio = (a, b) => round(a.median / b.median);
