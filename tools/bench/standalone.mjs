// Measures the built `moola up` from outside: a process of its own on one core, and this one beside it. Figures go to
// standard output as JSON, progress to standard error. What they mean: tools/bench/README.md.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureIdle } from './standalone/idle.mjs';
import { measureLatency } from './standalone/latency.mjs';
import { alone, machine, temporaryFolder } from './standalone/machine.mjs';
import { measureReplay } from './standalone/replay.mjs';
import { measureStarts } from './standalone/starts.mjs';
import { measureThroughput } from './standalone/throughput.mjs';

const help = `npm run bench:standalone -- [options]

Starts the built moola (npm run build) and measures it. JSON on standard output, progress on standard error.

  --quick          fewer and smaller rounds: to see that it works, not to quote
  --only <part>    one of throughput, latency, idle, starts, replay; may be given several times
  --help
`;
/** What each part is run with. */
const sizes = {
  full: {
    throughput: { rounds: 6, batches: 60 },
    latency: { rounds: 200, backgroundPerSecond: 1000 },
    idle: { seconds: 20 },
    starts: { rounds: 7, predictions: 300_000 },
    replay: { rounds: 3 },
  },
  quick: {
    throughput: { rounds: 2, batches: 20 },
    latency: { rounds: 12, backgroundPerSecond: 1000 },
    idle: { seconds: 5 },
    starts: { rounds: 2, predictions: 40_000 },
    replay: { rounds: 1 },
  },
};
const parts = {
  throughput: measureThroughput,
  latency: measureLatency,
  idle: measureIdle,
  starts: measureStarts,
  replay: measureReplay,
};

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: Object.keys(parts) },
    help: { type: 'boolean', default: false },
  },
});
const unknown = flags.only.filter((name) => !(name in parts));
if (flags.help) process.stdout.write(help);
else if (unknown.length > 0) {
  process.stderr.write(`--only ${unknown.join(', ')}: there are ${Object.keys(parts).join(', ')}\n`);
  process.exitCode = 1;
} else await run();

async function run() {
  alone();
  const size = flags.quick ? 'quick' : 'full';
  const result = { machine: machine(), size };
  for (const name of Object.keys(parts).filter((part) => flags.only.includes(part))) {
    const folder = temporaryFolder();
    const progress = (text) => process.stderr.write(`${name}: ${text}\n`);
    try {
      result[name] = await parts[name]({ folder, progress, ...sizes[size][name] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
