// How often experiments are decided wrongly, with how many units, and how often intervals hold; writes docs/experiments-verified.md.
//
//     npm run build && npm run verify:experiments [-- --runs 10000 --looks 1000]
//
// Seeds are fixed: the same every time. Some minutes.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  careless,
  falseDiscoveries,
  mostBelieved,
  runExperiment,
  scenarios,
} from '../../libs/statistics/dist/testing/verify.js';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, looks: { type: 'string', default: '1000' } },
});
const [runs, count] = [Number(values.runs), Number(values.looks)];
const looks = { count, unitsEach: 10 };
const percent = (share) => `${(100 * share).toFixed(2)} %`;

function endings(scenario, effect, many) {
  const sums = { anytime: 0, peeking: 0, fixed: 0, group: 0, anytimeCovers: 0, fixedCovers: 0 };
  const units = { anytime: 0, group: 0 };
  const end = looks.count * looks.unitsEach;
  for (let seed = 1; seed <= many; seed++) {
    const ending = runExperiment(scenario, effect, looks, seed);
    for (const name of Object.keys(sums)) if (ending[name] !== null && ending[name] !== false) sums[name] += 1;
    units.anytime += ending.anytime ?? end;
    units.group += ending.group ?? end;
  }
  const share = Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum / many]));
  return { ...share, wrong: sums.anytime, unitsAnytime: units.anytime / many, unitsGroup: units.group / many };
}

const believed = mostBelieved(runs, 0.05);
const nothing = [...scenarios, careless].map((scenario) => {
  process.stderr.write(`${scenario.name}\n`);
  const end = endings(scenario, 0, runs);
  const cells = [end.anytime, end.peeking, end.fixed, end.group, end.anytimeCovers, end.fixedCovers].map(percent);
  return `| ${scenario.name} | ${cells.join(' | ')} | ${end.wrong <= believed ? 'yes' : 'no'} |`;
});
const fewer = Math.max(1, Math.round(runs / 5));
const effects = scenarios.flatMap((scenario) =>
  [0.05, 0.1].map((size) => {
    const end = endings(scenario, size * scenario.deviation, fewer);
    const cells = [percent(end.anytime), Math.round(end.unitsAnytime), percent(end.group), Math.round(end.unitsGroup)];
    return `| ${scenario.name} | ${size} | ${[...cells, percent(end.fixed), count * 10].join(' | ')} |`;
  }),
);
let [share, found] = [0, 0];
for (let seed = 1; seed <= runs; seed++) {
  const each = falseDiscoveries(50, 10, seed);
  share += each.share / runs;
  found += each.found / runs;
}

const table = `${runs.toLocaleString('en')} experiments a row, ${count.toLocaleString('en')} looks, ten units an arm between two looks; decided from 100 units an arm on.
Up to ${believed} wrong ones are believed to be 5 % (99 %).

## No effect: how often is one found?

| Units | always valid | peeking at the fixed test | fixed test, once | O'Brien–Fleming, five looks | always-valid interval holds at every look | fixed interval holds | at most 5 %? |
| --- | --- | --- | --- | --- | --- | --- | --- |
${nothing.join('\n')}

The last row is for the record: rows of a unit are alike, and were taken for independent.

## An effect: how often is it found, with how many units an arm?

${fewer.toLocaleString('en')} experiments a row; effects in standard deviations of a unit.

| Units | effect | always valid | units, average | O'Brien–Fleming | units, average | fixed test, once | units |
| --- | --- | --- | --- | --- | --- | --- | --- |
${effects.join('\n')}

## Several comparisons

Of 50 tests, ten with an effect of three standard errors, Benjamini and Hochberg at 5 % find ${found.toFixed(1)} on average, of which ${percent(share)} are false
(40 of 50 have no effect: ${percent(0.05 * 0.8)} are expected).
`;
const file = new URL('../../docs/experiments-verified.md', import.meta.url);
const page = readFileSync(file, 'utf8');
const [before, after] = ['<!-- begin -->', '<!-- end -->'].map((mark) => page.indexOf(mark));
writeFileSync(file, `${page.slice(0, before)}<!-- begin -->\n\n${table}\n${page.slice(after)}`);
process.stdout.write(table);
