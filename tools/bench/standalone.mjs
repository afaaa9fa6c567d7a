// Measures the built `moola up` from outside: a process of its own on one core, and this one beside it. Figures go to
// standard output as JSON, progress to standard error. What they mean: tools/bench/README.md.
import { rmSync } from 'node:fs';
import { measureIdle } from './standalone/idle.mjs';
import { measureLatency } from './standalone/latency.mjs';
import { runParts } from './run-parts.mjs';
import { alone, temporaryFolder } from './standalone/machine.mjs';
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

await runParts({
  ...{ help, parts, begin: alone },
  async measure(part, name, { quick }, progress) {
    const folder = temporaryFolder();
    try {
      return await part({ folder, progress, ...sizes[quick ? 'quick' : 'full'][name] });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
});
