// Measures `moola experiment analyze` beside pandas and scipy, in turns. JSON on standard output.
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { median, runMoola, runPython } from './process/measured.mjs';

const help = `Analyses a made-up experiment with the built command (npm run build), and with pandas and scipy.

Usage: npm run bench:experiment -- --python <python with pandas and scipy> [--rows <n>] [--rounds <n>]

Two arms, a proportion and a mean. Both sides read the same CSV, in turns, and must find the same p values. CPU seconds are those of the
whole process, its start among them; wall is what somebody waits. Medians of the rounds. Then 50 arms × 50 metrics.
`;
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '5000000' },
    rounds: { type: 'string', default: '3' },
    python: { type: 'string', default: 'python3' },
    help: { type: 'boolean', short: 'h' },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
const here = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'moola-bench-experiment-'));
const path = (name) => join(folder, name);

/** @param line of a unit */
function writeUnits(name, header, count, line) {
  const file = openSync(path(name), 'w');
  let text = `${header}\n`;
  for (let i = 0; i < count; i++) {
    text += line(i);
    if (text.length > 1 << 20) {
      writeSync(file, text);
      text = '';
    }
  }
  writeSync(file, text);
  closeSync(file);
}

// Numbers that look random and are the same every time.
const mixed = (i, salt) => {
  let x = Math.imul(i ^ (salt * 0x9e3779b9), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
};
const unit = (i) => {
  const isTreated = mixed(i, 1) < 0.5;
  const converted = mixed(i, 2) < (isTreated ? 0.101 : 0.1) ? 1 : 0;
  return `u${i},${isTreated ? 'treatment' : 'control'},${converted},${(-10 * Math.log(1 - mixed(i, 3))).toFixed(2)}\n`;
};
writeFileSync(
  path('e.yaml'),
  `control: control
metrics:
  - { name: conversion, column: converted, type: proportion }
  - { name: revenue, type: mean }
`,
);
writeFileSync(
  path('analyse.py'),
  `import json, math, sys
import pandas as pd
from scipy import stats

frame = pd.read_csv(sys.argv[1], usecols=["arm", "converted", "revenue"])
groups = frame.groupby("arm").agg(n=("converted", "size"), x=("converted", "sum"), mean=("revenue", "mean"), sd=("revenue", "std"))
c, t = groups.loc["control"], groups.loc["treatment"]
pooled = (c.x + t.x) / (c.n + t.n)
z = (t.x / t.n - c.x / c.n) / math.sqrt(pooled * (1 - pooled) * (1 / c.n + 1 / t.n))
welch = stats.ttest_ind_from_stats(t["mean"], t.sd, t.n, c["mean"], c.sd, c.n, equal_var=False)
print(json.dumps([2 * stats.norm.sf(abs(z)), welch.pvalue]))
`,
);

const sides = {
  moola(file, config = 'e.yaml') {
    const words = ['experiment', 'analyze', file, '--config', path(config), '--json'];
    const { stdout, ...taken } = runMoola(here, folder, words);
    return { ...taken, p: JSON.parse(stdout).comparisons.map(({ fixed }) => fixed.p) };
  },
  pandas(file) {
    const { stdout, ...taken } = runPython(values.python, [path('analyse.py'), file]);
    return { ...taken, p: JSON.parse(stdout) };
  },
};

const rows = Number(values.rows);
try {
  process.stderr.write(`writing ${rows} units\n`);
  writeUnits('units.csv', 'unit,arm,converted,revenue', rows, unit);
  const rounds = { moola: [], pandas: [] };
  for (let round = 0; round < Number(values.rounds); round++) {
    for (const side of ['moola', 'pandas']) {
      const measured = sides[side](path('units.csv'));
      process.stderr.write(`${side}: ${JSON.stringify(measured)}\n`);
      rounds[side].push(measured);
    }
  }
  const [ours, theirs] = [rounds.moola[0].p, rounds.pandas[0].p];
  if (ours.some((p, i) => Math.abs(p / theirs[i] - 1) > 1e-6)) throw new Error(`p differs: ${ours} and ${theirs}`);
  const of = (side) =>
    Object.fromEntries(['cpu', 'wall', 'peakMb'].map((name) => [name, median(rounds[side].map((each) => each[name]))]));
  const [moola, pandas] = [of('moola'), of('pandas')];
  writeUnits('small.csv', 'unit,arm,converted,revenue', rows / 10, unit);
  const small = sides.moola(path('small.csv'));
  // 50 arms × 50 metrics.
  const names = [...Array(50).keys()];
  const wide = (i) => `a${i % 50},${names.map((m) => (mixed(i, m + 1) * 100).toFixed(1)).join(',')}\n`;
  writeUnits('wide.csv', `arm,${names.map((m) => `m${m}`).join(',')}`, 100_000, wide);
  const metrics = names.map((m) => `  - { name: m${m}, type: mean }`).join('\n');
  writeFileSync(path('wide.yaml'), `control: a0\nmetrics:\n${metrics}\n`);
  const { p, ...of50 } = sides.moola(path('wide.csv'), 'wide.yaml');
  const report = {
    rows,
    megabytes: statSync(path('units.csv')).size / 1e6,
    moola: { ...moola, rowsPerCpuSecond: rows / moola.cpu },
    pandas: { ...pandas, rowsPerCpuSecond: rows / pandas.cpu },
    timesAsFast: { cpu: pandas.cpu / moola.cpu, wall: pandas.wall / moola.wall },
    aTenthOfTheRows: { peakMb: small.peakMb, cpu: small.cpu },
    arms50Metrics50: { rows: 100_000, comparisons: p.length, ...of50 },
  };
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}
