// Measures the pipeline on a real Kafka and a real Redis, which it starts. Figures go to standard output as JSON,
// progress to standard error. What they mean: tools/bench/README.md.
import { rmSync } from 'node:fs';
import { measureClients } from './pipeline/clients.mjs';
import { measureCompression } from './pipeline/compression.mjs';
import { measureLatency } from './pipeline/latency.mjs';
import { measureProfile } from './pipeline/profile.mjs';
import { startServers } from './pipeline/servers.mjs';
import { measureThroughput } from './pipeline/throughput.mjs';
import { measureTakeover } from './pipeline/takeover.mjs';
import { runParts } from './run-parts.mjs';
import { temporaryFolder } from './standalone/machine.mjs';

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

const folder = temporaryFolder();
try {
  await runParts({
    ...{ help, parts },
    options: {
      events: { type: 'string' },
      rounds: { type: 'string' },
      block: { type: 'string', multiple: true, default: [] },
      profiles: { type: 'string' },
    },
    async measure(part, _name, { quick, events, rounds, block, profiles }, progress) {
      const servers = await startServers();
      try {
        return await part({
          ...{ servers, progress, blocks: block, perSecond: 10_000, folder: profiles ?? folder },
          events: Number(events ?? (quick ? 50_000 : 1_000_000)),
          rounds: Number(rounds ?? (quick ? 2 : 4)),
          alerts: quick ? 10 : 200,
          kills: quick ? 2 : 7,
        });
      } finally {
        await servers.stop();
      }
    },
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
