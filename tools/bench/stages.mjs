// How many events a CPU second `collector/join` and the tracker take in, each with the tasks' runtime around it: a record
// of the log is decoded, its rows are applied, what they give is encoded, a checkpoint's changes are collected. Without
// log and store. Needs a build.
//   node tools/bench/stages.mjs [--series 1000] [--predictions 1000000] [--rate 100000] [--rows 500] [--rounds 1]
//     [--stage join|tracker] [--build <folder>] [--against <folder of another build>] [--profile <folder>]
// One in ten predictions gets its outcome two seconds later; a tick every 100 ms of stream time, a checkpoint every
// second of it. Blocks run alternately (A B B A), each in a process of its own. Equal `digest`s: equal outputs, byte for
// byte; with --verify: equal rows with equal positions, however they are packed.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    series: { type: 'string', default: '1000' },
    predictions: { type: 'string', default: '1000000' },
    rate: { type: 'string', default: '100000' },
    rows: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '1' },
    stage: { type: 'string' },
    build: { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
    against: { type: 'string' },
    profile: { type: 'string' },
    verify: { type: 'boolean', default: false },
  },
});
const script = fileURLToPath(new URL('stages/run.mjs', import.meta.url));
const builds = { ours: values.build, ...(values.against ? { against: values.against } : {}) };
const stages = values.stage ? [values.stage] : ['join', 'tracker'];
const blocks = [];
for (let round = 0; round < Number(values.rounds); round++) {
  for (const stage of stages) {
    const names = Object.keys(builds);
    for (const name of round % 2 === 0 ? names : names.reverse()) {
      const options = {
        build: builds[name],
        stage,
        series: Number(values.series),
        predictions: Number(values.predictions),
        rate: Number(values.rate),
        rowsPerRecord: Number(values.rows),
        partitions: 6,
        verify: values.verify,
        tickMs: 100,
        checkpointMs: 1000,
      };
      const profiled = values.profile ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [];
      const flags = ['--expose-gc', '--max-old-space-size=8192', ...profiled];
      const out = execFileSync(process.execPath, [...flags, script, JSON.stringify(options)], { encoding: 'utf8' });
      const block = { stage, build: name, series: options.series, ...JSON.parse(out) };
      blocks.push(block);
      console.error(JSON.stringify(block));
    }
  }
}
console.log(JSON.stringify(blocks, null, 2));
