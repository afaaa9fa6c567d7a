// Writes the table of docs/intervals.md: how often each interval holds the truth. Exact where it can be computed, else simulated with
// fixed seeds, so it is the same every time. Needs a build.
//
//     npm run build && node tools/statistics/coverage.mjs [--json]
//
// --json writes nothing: it prints each method with its mean, and the page as it must be (coverage.spec.ts reads it).
import { readFileSync, writeFileSync } from 'node:fs';
import { summaryOf } from '@moola/tracker/testing/interval-coverage/coverage';
import { intervalMethods } from '@moola/tracker/testing/interval-coverage/methods';
import { withCoverage } from '@moola/tracker/testing/interval-coverage/page';

const measured = new Map(intervalMethods.map((method) => [method, method.cells()]));
const file = new URL('../../docs/intervals.md', import.meta.url);
const page = withCoverage(readFileSync(file, 'utf8'), measured);
if (process.argv.includes('--json')) {
  const methods = [...measured].map(([method, cells]) => ({ ...method, ...summaryOf(cells) }));
  console.log(JSON.stringify({ methods, page }));
} else {
  writeFileSync(file, page);
  for (const [{ name, nominal }, cells] of measured) {
    const { mean, least } = summaryOf(cells);
    const figures = `mean ${mean.toFixed(4)}, least ${least.coverage.toFixed(4)} at ${least.at}`;
    console.log(`${name} (${nominal}): ${figures}`);
  }
}
