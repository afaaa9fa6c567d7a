import { parseArgs } from 'node:util';
import { machine } from './standalone/machine.mjs';

/**
 * The command line of a bench that measures in parts: figures to standard output as JSON, progress to standard error.
 * @param options beside `--quick`, `--only` and `--help`, as `parseArgs` takes them
 * @param begin called once, before the first part
 * @param measure one part, given its function, its name, the flags, and where to tell of its progress
 */
export async function runParts({ help, parts, options = {}, begin = () => undefined, measure }) {
  const names = Object.keys(parts);
  const { values: flags } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: names },
      help: { type: 'boolean', default: false },
      ...options,
    },
  });
  const unknown = flags.only.filter((name) => !(name in parts));
  if (flags.help) {
    process.stdout.write(help);
    return;
  }
  if (unknown.length > 0) {
    process.stderr.write(`--only ${unknown.join(', ')}: there are ${names.join(', ')}\n`);
    process.exitCode = 1;
    return;
  }
  begin();
  const result = { machine: machine(), size: flags.quick ? 'quick' : 'full' };
  for (const name of names.filter((part) => flags.only.includes(part))) {
    const progress = (text) => process.stderr.write(`${name}: ${text}\n`);
    result[name] = await measure(parts[name], name, flags, progress);
  }
  process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
}
