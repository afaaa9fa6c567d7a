// Measures the built tracker by itself, without log and store. Figures go to standard output as JSON, progress to standard
// error. What they mean: tools/bench/README.md.
import { runParts } from './run-parts.mjs';
import { measureMemory } from './tracker/memory.mjs';
import { measureSpeed } from './tracker/measure-speed.mjs';

const help = `npm run bench:tracker -- [options]

Measures the built tracker (npm run build), without log and store. JSON on standard output, progress on standard error.

  --quick          shorter: to see that it works, not to quote
  --only <part>    speed: rows a CPU second; memory: bytes a series, by task and rate; may be given several times
  --task <name>    of memory: only these tasks; may be given several times
  --rate <number>  of memory: only these rates, predictions a second; may be given several times
  --help
`;

await runParts({
  help,
  parts: { speed: measureSpeed, memory: measureMemory },
  options: {
    task: { type: 'string', multiple: true, default: [] },
    rate: { type: 'string', multiple: true, default: [] },
  },
  measure: async (part, _name, { quick, task, rate }, progress) => part({ quick, tasks: task, rates: rate, progress }),
});
