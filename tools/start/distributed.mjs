// `npm run start:distributed`: the example as separate processes, on a real Kafka and a real Redis.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build, checkNode, install, root } from './prepare.mjs';

const help = `Runs the example as it runs in production: every service a process of its own, on Kafka and Redis.

Usage: npm run start:distributed -- [options]

  --instances <n>    processes of each service (default 1)
  --partitions <n>   partitions of the topics keyed by model (default 1)
  --port <n>         where the console listens (default 8080; 0: any)
  --exit-when-done   end with the replay; the last line is the story's final line, as JSON
  --json             nothing but the final line on standard output
  --log, --releases, --definitions <file>, --until <time>   as in "moola up"

Kafka and Redis are started on free ports and gone with it, unless MOOLA_KAFKA_BROKERS and REDIS_URL name others.
`;

const whole = (name, text, least) => {
  if (/^\d+$/.test(text) && Number(text) >= least) return Number(text);
  process.stderr.write(`start:distributed: --${name} must be a whole number from ${least}, not "${text}"\n`);
  process.exit(2);
};

function optionsOf(words) {
  const text = (fallback) => ({ type: 'string', ...(fallback === undefined ? {} : { default: fallback }) });
  try {
    const { values } = parseArgs({
      args: words,
      options: {
        instances: text('1'),
        partitions: text('1'),
        port: text('8080'),
        'exit-when-done': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        log: text('examples/index-volatility/log/seed-1.csv.gz'),
        releases: text('examples/index-volatility/releases/story.csv'),
        definitions: text('examples/index-volatility/definitions.yaml'),
        until: text(),
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values;
  } catch (error) {
    process.stderr.write(`start:distributed: ${error.message}; add --help to see what there is\n`);
    process.exit(2);
  }
}

const options = optionsOf(process.argv.slice(2));
if (options.help) {
  process.stdout.write(help);
  process.exit(0);
}
const instances = whole('instances', options.instances, 1);
const partitions = whole('partitions', options.partitions, 1);
whole('port', options.port, 0);

checkNode();
await install();
await build();
const [{ Fleet, serviceNames }, { startKafka }, { startRedis }, { freePorts }] = await Promise.all(
  ['fleet', 'kafka', 'redis', 'free-ports'].map((name) => import(`@moola/testbed/${name}`)),
);
const say = (line) => process.stderr.write(`${line}\n`);
const closers = [];
const stop = async () => {
  for (const close of closers.splice(0).reverse()) await close();
};
let ending = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    if (ending) return;
    ending = true;
    say('ending …');
    await stop();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  });
}

let brokers = process.env.MOOLA_KAFKA_BROKERS;
if (!brokers) {
  const kafka = await startKafka();
  closers.push(() => kafka.stop());
  brokers = kafka.brokers;
}
let redisUrl = process.env.REDIS_URL;
if (!redisUrl) {
  const redis = await startRedis();
  closers.push(() => redis.stop());
  redisUrl = redis.url;
}
say(`Kafka at ${brokers}, Redis at ${redisUrl}`);

const [registryPort] = await freePorts(1);
const fleet = new Fleet({
  ...{ brokers, redisUrl, partitions, environments: 'live,example:replay' },
  variables: { MOOLA_REGISTRY_URL: `http://127.0.0.1:${registryPort}/registry/example` },
});
closers.push(() => fleet.stop());
try {
  // One by one at first: the first makes the topics.
  for (const service of serviceNames) {
    const count = service === 'console' ? 1 : instances;
    const variables = service === 'console' ? { MOOLA_PORT: options.port } : {};
    for (let instance = 0; instance < count; instance++) {
      const { pid, address } = await fleet.add(service, variables);
      say(`${service} runs: process ${pid}, ${address}`);
    }
  }
  const data = mkdtempSync(join(tmpdir(), 'moola-distributed-'));
  closers.push(async () => rmSync(data, { recursive: true, force: true }));
  const files = ['--definitions', options.definitions, '--releases', options.releases, '--step', '1m'];
  const more = [...(options.until ? ['--until', options.until] : []), ...(options.json ? ['--json'] : [])];
  const replay = spawn(
    process.execPath,
    [join(root, 'apps/cli/dist/main.js'), 'replay', options.log, ...files, ...more],
    {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: {
        ...process.env,
        ...fleet.variablesWith({ MOOLA_PORT: String(registryPort), MOOLA_DATA: data, MOOLA_LOG_LEVEL: 'warn' }),
      },
    },
  );
  closers.push(async () => replay.kill());
  const [code] = await once(replay, 'exit');
  if (code !== 0 || options['exit-when-done']) {
    process.exitCode = code ?? 1;
  } else if (!ending) {
    say(`the replay has ended; the console stays at ${fleet.of('console')[0].address}. Ctrl-C ends it.`);
    await new Promise(() => undefined);
  }
} finally {
  if (!ending) await stop();
}
