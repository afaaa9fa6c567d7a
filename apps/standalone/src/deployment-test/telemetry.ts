import { testedModel } from './definitions.js';

const version = 'v1';
const source = 'deployment test';
/** Too slow for the rule of the test. */
const latencyMs = 80;

type EventJson = Readonly<Record<string, unknown>>;
const iso = (timeMs: number): string => new Date(timeMs).toISOString();

/** The version that the test's predictions come from begins to serve. */
export function deploymentEvent(timeMs: number): EventJson {
  return {
    source,
    deployment: { model: testedModel, version, role: 'ROLE_PRIMARY', time: iso(timeMs), by: source },
  };
}

/** Predictions of one second, all right and all slow, with their outcomes. */
export function secondOfEvents(run: string, number: number, timeMs: number, count: number): readonly EventJson[] {
  return Array.from({ length: count }, (_, index): readonly EventJson[] => {
    const input = `${run}-${number}-${index}`;
    const time = iso(timeMs + index);
    const prediction = { model: testedModel, version, input, time, class: '1', role: 'ROLE_PRIMARY', latencyMs };
    return [
      { source, prediction },
      { source, outcome: { model: testedModel, input, truth: '1', knownAt: iso(timeMs + index + 1) } },
    ];
  }).flat();
}
