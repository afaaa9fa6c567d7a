import { ratio, spread } from '../standalone/machine.mjs';

/**
 * Runs the blocks in turns: forwards, then backwards, so that what drifts hits all alike.
 * @param blocks by name, each a function that gives what a program has told of itself
 * @returns by name, the medians of what was told, with their spread
 */
export async function inTurns(blocks, rounds, progress) {
  const names = Object.keys(blocks);
  const told = Object.fromEntries(names.map((name) => [name, []]));
  const total = rounds * names.length;
  const begun = performance.now();
  let done = 0;
  for (let round = 0; round < rounds; round++) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) {
      const usage = await blocks[name]();
      told[name].push(usage);
      done++;
      const left = ((performance.now() - begun) / done) * (total - done);
      const speed = Math.round(usage.events / usage.cpuSeconds / 1000);
      progress(
        `${name}: ${speed}k events a CPU second; ${done} of ${total}, about ${Math.ceil(left / 60_000)} min left`,
      );
    }
  }
  return Object.fromEntries(names.map((name) => [name, figures(told[name])]));
}

function figures(usages) {
  const each = (value) => spread(usages.map(value));
  return {
    eventsPerCpuSecond: each(({ events, cpuSeconds }) => events / cpuSeconds),
    eventsPerSecond: each(({ events, wallSeconds }) => events / wallSeconds),
    eventsPerCpuSecondWithStart: each(
      ({ events, cpuSeconds, startCpuSeconds }) => events / (cpuSeconds + startCpuSeconds),
    ),
    peakBytes: each(({ peakBytes }) => peakBytes),
    ...(usages[0].counts ? { counts: usages[0].counts } : {}),
  };
}

/** How many times as many events a CPU second the first does. */
export const times = (measured, a, b) => ratio(measured[a].eventsPerCpuSecond, measured[b].eventsPerCpuSecond);
