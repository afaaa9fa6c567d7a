// Measures the pipeline on a real Kafka and a real Redis, which it starts. Figures go to standard output as JSON,
// progress to standard error. What they mean: tools/bench/README.md.
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureClients } from './pipeline/clients.mjs';
import { measureCompression } from './pipeline/compression.mjs';
import { measureLatency } from './pipeline/latency.mjs';
import { measureProfile } from './pipeline/profile.mjs';
import { startServers } from './pipeline/servers.mjs';
import { measureThroughput } from './pipeline/throughput.mjs';
import { measureTakeover } from './pipeline/takeover.mjs';
import { machine, temporaryFolder } from './standalone/machine.mjs';

const help = `npm run bench:pipeline -- [options]

Measures the built services (npm run build) on a Kafka and a Redis that it starts on the first core; what is measured
runs on the second. JSON on standard output, progress on standard error.

  --quick             50,000 predictions and two rounds: to see that it works, not to quote
  --events <count>    predictions of the throughput's load (default 1,000,000)
  --rounds <count>    blocks of each kind (default 4)
  --only <part>       one of throughput, profile, latency, takeover, clients, compression; may be given several times
  --block <name>      of throughput and profile, only these blocks; may be given several times
  --profiles <folder> where the profiles are kept (default: nowhere, only their sums are told)
  --help
`;
const parts = {
  throughput: measureThroughput,
  profile: measureProfile,
  latency: measureLatency,
  takeover: measureTakeover,
  clients: measureClients,
  compression: measureCompression,
};

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    events: { type: 'string' },
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true, default: Object.keys(parts) },
    block: { type: 'string', multiple: true, default: [] },
    profiles: { type: 'string' },
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
  const result = { machine: machine(), size: flags.quick ? 'quick' : 'full' };
  const folder = temporaryFolder();
  try {
    for (const name of Object.keys(parts).filter((part) => flags.only.includes(part))) {
      const servers = await startServers();
      try {
        result[name] = await parts[name]({
          servers,
          progress: (text) => process.stderr.write(`${name}: ${text}\n`),
          events: Number(flags.events ?? (flags.quick ? 50_000 : 1_000_000)),
          rounds: Number(flags.rounds ?? (flags.quick ? 2 : 4)),
          blocks: flags.block,
          alerts: flags.quick ? 10 : 200,
          kills: flags.quick ? 2 : 7,
          perSecond: 10_000,
          folder: flags.profiles ?? folder,
        });
      } finally {
        await servers.stop();
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
