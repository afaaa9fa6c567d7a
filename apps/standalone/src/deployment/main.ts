// What deploy/deploy_monitoring.sh calls, once everything is built.
import { parseOptions } from './options.js';
import { runDeployment } from './run-deployment.js';

const parsed = parseOptions(process.argv.slice(2));
if (parsed.ok) {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  process.exitCode = await runDeployment(parsed.options, process.env, say);
  // A client of a server that never answered may still be waiting for it.
  setTimeout(() => process.exit(), 1000).unref();
} else {
  process.stderr.write(`deploy_monitoring.sh: ${parsed.problem}; add --help to see what there is\n`);
  process.exitCode = 2;
}
