// Measures `moola replay`: what a step and a row costs beyond the start, rows a CPU second, memory. JSON on standard output.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, runMoola } from './process/measured.mjs';

const help = `Replays made-up logs with the built command (npm run build), and solves for what a step and a row cost.

Usage: node tools/bench/replay.mjs [--rows <n>] [--rounds <n>] [--sizes <n>,<n>] [--against <folder>]

Three logs: one row; <n> rows, three a step of a minute; the same rows in steps of an hour. CPU and wall clock are those of
the whole process, the median of the rounds. Then logs of the two sizes (20000,200000), in steps of an hour and of a minute:
rows a CPU second, with the start and beyond it, and the most memory that was resident. --against measures another build of
the project in turns with this one. Run it on a machine that does nothing else.
`;
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '8000' },
    rounds: { type: 'string', default: '3' },
    sizes: { type: 'string', default: '20000,200000' },
    against: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const rows = Number(values.rows);
const sizes = values.sizes.split(',').filter(Boolean).map(Number);
const here = fileURLToPath(new URL('../..', import.meta.url));
const builds = values.against === undefined ? { here } : { here, against: resolve(values.against) };
const folder = mkdtempSync(join(tmpdir(), 'moola-bench-replay-'));
const path = (name) => join(folder, name);
const iso = (second) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

function writeLog(name, count) {
  const line = (i) => `${iso(20 * i)},i${i},v1,primary,${i % 7 === 0 ? 0 : 1},12,0.001,1,${iso(20 * i + 1800)}`;
  const lines = Array.from({ length: count }, (_, i) => line(i));
  writeFileSync(path(name), ['time,input,version,role,class,latency_ms,cost_usd,truth,known_at', ...lines].join('\n'));
}

/** What one replay takes: seconds, and resident megabytes at the most. */
function replay(build, log, step) {
  const words = ['replay', path(log), '--definitions', path('m.yaml'), '--step', step, '--json', '--output', folder];
  return runMoola(build, folder, words);
}

/** Of each build, the medians of what a replay takes; build after build, round after round. */
function measure(log, step) {
  const taken = Object.fromEntries(Object.keys(builds).map((name) => [name, []]));
  for (let round = 0; round < Number(values.rounds); round++) {
    const names = round % 2 === 0 ? Object.keys(builds) : Object.keys(builds).reverse();
    for (const name of names) taken[name].push(replay(builds[name], log, step));
  }
  return Object.fromEntries(
    Object.entries(taken).map(([name, rounds]) => [
      name,
      Object.fromEntries(
        ['wall', 'cpu', 'peakMb'].map((figure) => [figure, median(rounds.map((each) => each[figure]))]),
      ),
    ]),
  );
}

try {
  writeFileSync(
    path('m.yaml'),
    `kind: Model
name: churn
labelHorizon: 1h
bucket: 1m
budget: { window: 30m, lines: [{ metric: accuracy, below: 0.8, severity: critical, gate: true, minimumSamples: 10 }] }
`,
  );
  writeLog('one.csv', 1);
  writeLog('rows.csv', rows);
  const [start, minutes, hours] = [measure('one.csv', '1m'), measure('rows.csv', '1m'), measure('rows.csv', '1h')];
  const [inMinutes, inHours] = [60, 3600].map((length) => Math.ceil((20 * rows) / length));
  const figures = (build, figure) => {
    const step = (minutes[build][figure] - hours[build][figure]) / (inMinutes - inHours);
    const row = (hours[build][figure] - start[build][figure] - step * inHours) / rows;
    return { startSeconds: start[build][figure], stepMs: 1000 * step, rowMicroseconds: 1e6 * row };
  };
  const bySize = [];
  for (const size of sizes) {
    writeLog('size.csv', size);
    for (const step of ['1h', '1m']) {
      for (const [build, { cpu, wall, peakMb }] of Object.entries(measure('size.csv', step))) {
        bySize.push({
          ...{ build, rows: size, step, wallSeconds: wall, cpuSeconds: cpu, peakMb },
          rowsPerCpuSecond: size / cpu,
          rowsPerCpuSecondBeyondStart: size / (cpu - start[build].cpu),
        });
      }
    }
  }
  const ofBuilds = Object.fromEntries(
    Object.keys(builds).map((build) => [build, { wall: figures(build, 'wall'), cpu: figures(build, 'cpu') }]),
  );
  console.log(JSON.stringify({ rows, steps: inMinutes, ...ofBuilds, sizes: bySize }, null, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
