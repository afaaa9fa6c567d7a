// Measures `moola backtest` beside pandas that computes the same windows, in turns. JSON on standard output.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, runMoola, runPython } from './process/measured.mjs';

const help = `Backtests a made-up log with the built command (npm run build), and computes the same windows with pandas.

Usage: node tools/bench/backtest.mjs --python <python with pandas> [--rows <n>] [--rounds <n>]

A prediction a second with latency, cost and a truth 30 minutes later; rules on accuracy (1 h) and on P95 and P99 of latency
(15 min), evaluated every minute. Both sides read the same CSV and find the minutes in which each rule is broken, in turns.
CPU seconds are those of the whole process, its start among them; medians of the rounds. Then a log that is four times as long:
the most memory that was resident.
`;
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '500000' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: 'python3' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const rows = Number(values.rows);
const here = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'moola-bench-backtest-'));
const path = (name) => join(folder, name);
const startMs = Date.UTC(2026, 0, 1);
const iso = (second) => new Date(startMs + 1000 * second).toISOString();

function writeLog(name, count) {
  // Every tenth hour one answer in three is wrong and slow, else one in twenty.
  const line = (i) => {
    const isBad = Math.floor(i / 3600) % 10 === 9;
    const isWrong = i % (isBad ? 3 : 20) === 0;
    const latency = 5 + ((i * 7919) % 1000) / 50 + (isBad ? 30 : 0);
    return `${iso(i)},i${i},v1,primary,${isWrong ? 0 : 1},${latency},0.001,1,${iso(i + 1800)}`;
  };
  const lines = ['time,input,version,role,class,latency_ms,cost_usd,truth,known_at'];
  for (let i = 0; i < count; i++) lines.push(line(i));
  writeFileSync(path(name), lines.join('\n'));
}

const rule = (name, metric, window, limit) => `---
kind: Rule
name: ${name}
model: churn
metric: ${metric}
window: ${window}
compare: figure
${limit}
for: 0s
keepFiringFor: 0s
severity: warning
minimumSamples: 100
`;
writeFileSync(
  path('m.yaml'),
  `kind: Model
name: churn
labelHorizon: 1h
bucket: 1m
budget: { window: 1h, lines: [{ metric: accuracy, below: 0.8, severity: critical, gate: true, minimumSamples: 100 }] }
${rule('Accuracy', 'accuracy', '1h', 'below: 0.8')}${rule('P95', 'latency_p95', '15m', 'above: 40')}${rule('P99', 'latency_p99', '15m', 'above: 45')}`,
);
writeFileSync(
  path('windows.py'),
  `import json, resource, sys
import pandas as pd

frame = pd.read_csv(sys.argv[1], parse_dates=["time", "known_at"], dtype={"class": str, "truth": str})
end = frame["time"].max().floor("min") + pd.Timedelta(minutes=1)
known = frame[frame["known_at"] < end].set_index("known_at").sort_index()
right = (known["class"] == known["truth"]).astype(float)
accuracy = right.rolling("60min", closed="left").mean().resample("1min").last()
latency = frame.set_index("time")["latency_ms"].rolling("15min", closed="left")
p95 = latency.quantile(0.95).resample("1min").last()
p99 = latency.quantile(0.99).resample("1min").last()
broken = [int((accuracy < 0.8).sum()), int((p95 > 40).sum()), int((p99 > 45).sum())]
print(json.dumps({"brokenMinutes": broken}))
`,
);

const sides = {
  moola(log) {
    const words = ['backtest', '--json', '--log', log, '--definitions', path('m.yaml')];
    const { stdout, cpu, peakMb } = runMoola(here, folder, words);
    const report = JSON.parse(stdout);
    const brokenMinutes = ['Accuracy', 'P95', 'P99'].map(
      (name) => report.rules.find(({ rule }) => rule === name).firingSeconds / 60,
    );
    return { cpu, peakMb, brokenMinutes };
  },
  pandas(log) {
    const { stdout, cpu, peakMb } = runPython(values.python, [path('windows.py'), log]);
    return { cpu, peakMb, ...JSON.parse(stdout) };
  },
};

try {
  writeLog('log.csv', rows);
  const taken = { moola: [], pandas: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    const order = round % 2 === 0 ? ['moola', 'pandas'] : ['pandas', 'moola'];
    for (const side of order) taken[side].push(sides[side](path('log.csv')));
  }
  const figures = Object.fromEntries(
    Object.entries(taken).map(([side, rounds]) => {
      const cpuSeconds = median(rounds.map(({ cpu }) => cpu));
      const peakMb = median(rounds.map((each) => each.peakMb));
      return [
        side,
        { cpuSeconds, rowsPerCpuSecond: rows / cpuSeconds, peakMb, brokenMinutes: rounds[0].brokenMinutes },
      ];
    }),
  );
  writeLog('long.csv', 4 * rows);
  const long = sides.moola(path('long.csv'));
  const fourTimes = { cpuSeconds: long.cpu, rowsPerCpuSecond: (4 * rows) / long.cpu, peakMb: long.peakMb };
  const ratio = figures.moola.rowsPerCpuSecond / figures.pandas.rowsPerCpuSecond;
  console.log(JSON.stringify({ rows, ...figures, moolaToPandas: ratio, fourTimesAsLong: fourTimes }, null, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
