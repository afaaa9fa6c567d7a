import { historyOf, factLog } from './history-under-test.js';
import { appendMinutes } from './made-up-facts.js';

/** Writes history without end, and tells after each stretch: until it is killed. */
const [folder] = process.argv.slice(2) as [string];
const log = await factLog();
const history = historyOf(folder);
void history.run(log, new AbortController().signal);
for (let n = 0; ; n += 20) {
  await appendMinutes(log, n, n + 20, 50);
  while (history.rowsWritten < (n + 20) * 100) await new Promise((resolve) => setTimeout(resolve, 1));
  process.stdout.write(`${n + 20}\n`);
}
