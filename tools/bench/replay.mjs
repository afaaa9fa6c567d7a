// Measures `moola replay`: what a step and what a row costs, beyond the start. JSON on standard output.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const help = `Replays made-up logs with the built command (npm run build), and solves for what a step and a row cost.

Usage: node tools/bench/replay.mjs [--rows <n>] [--rounds <n>]

Three logs: one row; <n> rows, three a step of a minute; the same rows in steps of an hour. CPU and wall clock are those of
the whole process, the median of the rounds. Run it on a machine that does nothing else.
`;
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '8000' },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const rows = Number(values.rows);
const main = fileURLToPath(new URL('../../apps/cli/dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'moola-bench-replay-'));
const path = (name) => join(folder, name);
const iso = (second) => new Date(Date.UTC(2026, 0, 1) + second * 1000).toISOString();

function writeLog(name, count) {
  const line = (i) => `${iso(20 * i)},i${i},v1,primary,${i % 7 === 0 ? 0 : 1},12,0.001,1,${iso(20 * i + 1800)}`;
  const lines = Array.from({ length: count }, (_, i) => line(i));
  writeFileSync(path(name), ['time,input,version,role,class,latency_ms,cost_usd,truth,known_at', ...lines].join('\n'));
}

/** Seconds of one replay. */
function replay(log, step) {
  const began = performance.now();
  const words = [
    main,
    'replay',
    path(log),
    '--definitions',
    path('m.yaml'),
    '--step',
    step,
    '--json',
    '--output',
    folder,
  ];
  const { status, stderr } = spawnSync(process.execPath, ['--import', path('cpu.mjs'), ...words], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`moola replay ended with ${status}: ${stderr}`);
  return { wall: (performance.now() - began) / 1000, cpu: Number(readFileSync(path('cpu'), 'utf8')) };
}

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

function measure(log, step) {
  const rounds = Array.from({ length: Number(values.rounds) }, () => replay(log, step));
  return Object.fromEntries(['wall', 'cpu'].map((figure) => [figure, median(rounds.map((each) => each[figure]))]));
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
  // The process measures itself: what its threads took, in seconds.
  writeFileSync(
    path('cpu.mjs'),
    `import { writeFileSync } from 'node:fs';
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  writeFileSync(${JSON.stringify(path('cpu'))}, String((user + system) / 1e6));
});
`,
  );
  writeLog('one.csv', 1);
  writeLog('rows.csv', rows);
  const [start, minutes, hours] = [measure('one.csv', '1m'), measure('rows.csv', '1m'), measure('rows.csv', '1h')];
  const [inMinutes, inHours] = [60, 3600].map((length) => Math.ceil((20 * rows) / length));
  const figures = (figure) => {
    const step = (minutes[figure] - hours[figure]) / (inMinutes - inHours);
    const row = (hours[figure] - start[figure] - step * inHours) / rows;
    return { startSeconds: start[figure], stepMs: 1000 * step, rowMicroseconds: 1e6 * row };
  };
  console.log(JSON.stringify({ rows, steps: inMinutes, wall: figures('wall'), cpu: figures('cpu') }, null, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
