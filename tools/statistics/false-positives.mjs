// How often the paired comparison finds a difference where there is none. Takes some minutes.
//
//     npm run build && node tools/statistics/false-positives.mjs [stories] [buckets]
//
// Prints a row a scenario of apps/experiment/src/comparison/story/no-difference.ts. Seeds 1 to `stories`: the same every time.
import { Random } from '@moola/streams/adapters/simulated/random';
import {
  decidesWrongly,
  mostBelieved,
  scenarios,
  undeclaredScenarios,
} from '../../apps/experiment/dist/comparison/story/no-difference.js';

const [stories = 1000, buckets = 600] = process.argv.slice(2).map(Number);
const believed = mostBelieved(stories, 0.05);

console.log(`${stories} stories of ${buckets} buckets; up to ${believed} are believed to be 5 % (99 %)\n`);
console.log('| scenario | wrong | share | |');
console.log('| --- | --- | --- | --- |');
for (const scenario of [...scenarios, ...undeclaredScenarios]) {
  let wrong = 0;
  for (let seed = 1; seed <= stories; seed++) if (decidesWrongly(scenario, buckets, new Random(seed))) wrong += 1;
  const share = `${((100 * wrong) / stories).toFixed(1)} %`;
  console.log(`| ${scenario.name} | ${wrong} | ${share} | ${wrong <= believed ? '' : 'more than 5 %'} |`);
}
