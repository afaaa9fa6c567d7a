// Starts a real Kafka and a real Redis for people, and prints how to use them.
import { register } from 'node:module';

register('../typescript/hooks.mjs', import.meta.url);

const help = `Usage: npm run testbed [-- --help]

Starts a real Kafka (one node, KRaft) and a real Redis on free ports of this machine, prints their addresses and
keeps them until Ctrl-C. What they stored is then removed. What is missing is got: Debian packages as root, the jars
of Kafka by Maven (kept in ~/.cache/moola-testbed, or where MOOLA_TESTBED_CACHE says).

A part whose address is in the environment (MOOLA_KAFKA_BROKERS, REDIS_URL) is used as it is and not started.
`;

const args = process.argv.slice(2);
if (args.length > 0) {
  const asked = args.every((argument) => argument === '--help' || argument === '-h');
  if (!asked) console.error(`npm run testbed takes no argument but --help; it was given: ${args.join(' ')}\n`);
  (asked ? console.log : console.error)(help);
  process.exit(asked ? 0 : 2);
}

const { startTestbed } = await import('../../libs/testbed/src/testbed.ts');
const ended = new Promise((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
});
try {
  const testbed = await startTestbed();
  const alive = setInterval(() => undefined, 60_000);
  console.log(`export MOOLA_KAFKA_BROKERS=${testbed.brokers} REDIS_URL=${testbed.redisUrl}`);
  console.error(`
Kafka and Redis run. In another terminal, enter the line above, and then for example
  npm test                      to run the tests on these two
  npx jest real.spec            to run only the tests that need them
Ctrl-C here ends them and removes what they stored.`);
  await ended;
  clearInterval(alive);
  await testbed.stop();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
