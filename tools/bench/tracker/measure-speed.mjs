import { run } from './run.mjs';

/** Rows a CPU second of few series and of many. */
export function measureSpeed({ quick, progress }) {
  const ticks = quick ? 20 : 200;
  return [50, 1000, 20_000].map((models) => {
    progress(`${models} series`);
    return run('speed.mjs', [models, 10_000, ticks]);
  });
}
