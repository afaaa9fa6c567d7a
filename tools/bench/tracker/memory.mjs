import { run } from './run.mjs';

const allTasks = ['binary', 'multiclass', 'regression', 'unlabelled'];
/** Predictions a second of a series, and of how many series the mean is taken: the rarer, the more fit into the time. */
const allRates = [
  { perSecond: 0.1, series: 60 },
  { perSecond: 1, series: 12 },
  { perSecond: 10, series: 2 },
];

/** Bytes of memory a series, by task and rate, after an hour and a half and after a day of event time. */
export function measureMemory({ quick, tasks, rates, progress }) {
  const hours = quick ? 1 : 24;
  return allTasks
    .filter((task) => tasks.length === 0 || tasks.includes(task))
    .flatMap((task) =>
      allRates
        .filter(({ perSecond }) => rates.length === 0 || rates.map(Number).includes(perSecond))
        .map(({ perSecond, series }) => {
          progress(`${task}, ${perSecond} a second`);
          return run('series-memory.mjs', [task, perSecond, series, hours]);
        }),
    );
}
