// `npm run test:chaos [-- --seed <n>]`: the long form of the chaos test, some twenty minutes of faults on real servers.
import { parseArgs } from 'node:util';

const help = `Kills, pauses, adds and removes service processes, restarts the broker and Redis, sets Redis back, while telemetry flows and
the example's story is played; then holds every count to the oracle's.

Usage: npm run test:chaos -- [--seed <n>]

  --seed <n>   repeats the faults and the load of an earlier run (it prints its seed)
  --short      the form that npm test runs, a few minutes
`;
let values;
try {
  ({ values } = parseArgs({
    options: { seed: { type: 'string' }, short: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  }));
} catch (error) {
  console.error(`test:chaos: ${error.message}; add --help to see what there is`);
  process.exit(2);
}
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}
if (values.seed !== undefined && !/^\d+$/.test(values.seed)) {
  console.error(`test:chaos: --seed must be a whole number, not "${values.seed}"`);
  process.exit(2);
}
if (!values.short) process.env.MOOLA_CHAOS = 'long';
if (values.seed !== undefined) process.env.MOOLA_CHAOS_SEED = values.seed;
process.argv = [...process.argv.slice(0, 2), '--every-suite', 'apps/standalone/src/chaos'];
await import('./test.mjs');
