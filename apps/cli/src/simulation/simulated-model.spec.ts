import { describe, expect, it } from '@jest/globals';
import { outcomeAfterMs, Simulation, type EventJson, type Phase } from './simulated-model.js';

const settings = { model: 'churn', released: 'v7', previous: 'v6', breaks: 'v7', seed: 1, run: 'r' };
interface Prediction {
  readonly version: string;
  readonly input: string;
  readonly class: string;
  readonly latencyMs: number;
}
const predictionOf = (event: EventJson) => event['prediction'] as Prediction;

/** What many inputs cause: by version, the share that is right and the mean latency. */
function measure(phase: Phase) {
  const simulation = new Simulation(settings);
  const sums = new Map([
    ['v7', { right: 0, latencyMs: 0 }],
    ['v6', { right: 0, latencyMs: 0 }],
  ]);
  const count = 5000;
  for (let i = 0; i < count; i++) {
    const { predictions, outcome } = simulation.input(i * 1000, phase);
    const { truth } = outcome['outcome'] as { truth: string };
    for (const prediction of predictions.map(predictionOf)) {
      const sum = sums.get(prediction.version) ?? { right: 0, latencyMs: 0 };
      sum.right += Number(prediction.class === truth) / count;
      sum.latencyMs += prediction.latencyMs / count;
    }
  }
  for (const [version, { predictions, right }] of simulation.tallies)
    expect(right / predictions).toBeCloseTo(sums.get(version)?.right ?? 0, 9);
  return sums;
}

describe('a simulated model', () => {
  it('answers with both versions, and knows the truth a little later', () => {
    const { predictions, outcome } = new Simulation(settings).input(Date.UTC(2026, 0, 1), 'released');
    expect(predictions).toMatchObject([
      { prediction: { version: 'v7', input: 'r-1', role: 'ROLE_PRIMARY', time: '2026-01-01T00:00:00.000Z' } },
      { prediction: { version: 'v6', input: 'r-1', role: 'ROLE_SHADOW', time: '2026-01-01T00:00:00.000Z' } },
    ]);
    const knownAt = new Date(Date.UTC(2026, 0, 1) + outcomeAfterMs).toISOString();
    expect(outcome).toMatchObject({ outcome: { model: 'churn', input: 'r-1', knownAt } });
  });

  it('is served by the previous version alone before the release', () => {
    const simulation = new Simulation(settings);
    const { predictions } = simulation.input(0, 'before the release');
    expect(predictions).toMatchObject([{ prediction: { version: 'v6', role: 'ROLE_PRIMARY' } }]);
    expect(simulation.beginning(0)).toMatchObject([{ deployment: { version: 'v6', role: 'ROLE_PRIMARY' } }]);
    expect(simulation.release(1000)).toMatchObject([
      { deployment: { version: 'v6', role: 'ROLE_SHADOW', time: '1970-01-01T00:00:01.000Z' } },
      { deployment: { version: 'v7', role: 'ROLE_PRIMARY', time: '1970-01-01T00:00:01.000Z' } },
    ]);
  });

  it('is as good as it should be, in both versions', () => {
    const sums = measure('released');
    for (const version of ['v6', 'v7']) {
      expect(sums.get(version)?.right).toBeCloseTo(0.93, 1);
      expect(sums.get(version)?.latencyMs).toBeCloseTo(25, -1);
    }
  });

  it('goes bad in the version that breaks, and in no other', () => {
    const sums = measure('broken');
    expect(sums.get('v7')?.right).toBeLessThan(0.6);
    expect(sums.get('v7')?.latencyMs).toBeGreaterThan(60);
    expect(sums.get('v6')?.right).toBeGreaterThan(0.9);
    expect(sums.get('v6')?.latencyMs).toBeLessThan(30);
  });

  it('makes up the same answers again', () => {
    const once = () => {
      const simulation = new Simulation(settings);
      return Array.from({ length: 50 }, (_, i) => simulation.input(i, 'broken'));
    };
    expect(once()).toEqual(once());
  });
});
