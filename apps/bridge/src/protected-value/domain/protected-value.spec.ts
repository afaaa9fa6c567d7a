import { describe, expect, it } from '@jest/globals';
import type { Kpi, ProtectedValue } from '@moola/contracts/gen/moola/v1/kpis_pb';
import type { PairRow } from '@moola/contracts/gen/moola/v1/pairs_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { Random } from '@moola/streams/adapters/simulated/random';
import { runProcessor, type EmittedRow, type TestRow } from '@moola/testing/run-processor';
import { naiveProtected } from '../story/naive-protected.js';
import { deployment, minute, modelDefinition, pairBucket, valueDefinition } from '../story/pair-rows.js';
import { randomPairs } from '../story/traffic.js';
import { protectedValueProcessor } from './protected-value-processor.js';

type Rows = TestRow<PairRow>[];

const data = (...rows: PairRow[]): Rows => rows.map((row) => ({ data: row }));
const tick = (at: number): Rows => [{ tick: at * minute }];
const declared: Rows = [{ definition: modelDefinition }, { definition: valueDefinition(0.05) }];
const run = (...rows: Rows[]): EmittedRow[] => runProcessor(protectedValueProcessor, [...declared, ...rows.flat()]);

function valuesOf(emitted: readonly EmittedRow[]): (ProtectedValue & { atMs: number; offset: number })[] {
  return emitted.flatMap(({ content, offset }) => {
    if (content.kind !== 'data') return [];
    const { atMs, kind } = content.value as Kpi;
    return kind.case === 'protectedValue' ? [{ ...kind.value, atMs, offset }] : [];
  });
}

/** Inputs that both answered: v1 alone right on so many, v2 alone on so many, and as many on which both are wrong. */
const both = (at: number, v1: number, v2: number, revision = 1) =>
  data(pairBucket(['v1', 'v2'], at, revision, [v1, v2, 0, 6 - v1 - v2]));
const released = data(deployment('v1', 0), deployment('v2', 1));
const rolledBack = data(deployment('v1', 3, 'incident-1'));
const published = (...rows: Rows[]) =>
  valuesOf(run(...rows)).map(({ atMs, inputs, usd }) => [atMs / minute, inputs, Math.round(usd * 100)]);

describe('protected value', () => {
  it('of a rollback is what its version answers better than what it replaced, on inputs predicted since', () => {
    const emitted = run(released, both(1, 6, 0), both(2, 6, 0), rolledBack, tick(3), both(3, 4, 0), tick(4));
    expect(valuesOf(emitted).at(-1)).toMatchObject({
      atMs: 4 * minute,
      incident: 'incident-1',
      from: 'v2',
      to: 'v1',
      sinceMs: 3 * minute,
      inputs: 6,
      usd: expect.closeTo(0.2, 12) as unknown,
      valueUndeclared: false,
    });
  });

  it('is nothing where the replaced version answers no more: inputs that one alone answered make no pair', () => {
    expect(published(released, rolledBack, data(pairBucket(['v0', 'v1'], 3, 1, [0, 6, 0, 0])), tick(4))).toEqual([
      [4, 0, 0],
    ]);
  });

  it('is negative where the rollback made it worse', () =>
    expect(published(released, rolledBack, both(3, 1, 4), tick(4))).toEqual([[4, 6, -15]]));

  it('grows as outcomes arrive, and counts what was known before the deployment was', () => {
    expect(published(released, both(3, 2, 1), tick(4), rolledBack, tick(5), both(3, 5, 1, 2), tick(6))).toEqual([
      [5, 6, 5],
      [6, 6, 20],
    ]);
  });

  it('ends with the next version, late outcomes of its span still counting', () => {
    const next = data(deployment('v3', 5));
    expect(
      published(
        ...[released, rolledBack, both(3, 5, 1), tick(4), both(5, 6, 0), tick(6), next, tick(7)],
        ...[both(6, 6, 0), tick(8), both(4, 3, 1), tick(9)],
      ),
    ).toEqual([
      [4, 6, 20],
      [6, 12, 50],
      [7, 6, 20],
      [9, 12, 30],
    ]);
  });

  it('is nothing for a release, a new build, or taking a rollback back', () => {
    expect(published(released, both(3, 5, 1), tick(4))).toEqual([]);
    const build = data(deployment('v1', 3, 'incident-1', Role.UNSPECIFIED));
    expect(published(released, build, both(3, 5, 1), tick(4))).toEqual([]);
    const undone = data(deployment('v2', 5, 'incident-1'));
    const kpis = valuesOf(run(released, rolledBack, undone, both(5, 5, 1), tick(6)));
    expect(kpis.map(({ from }) => from)).toEqual(['v2']);
  });

  it('is unknown where nobody declared what an answer is worth, and known from then on', () => {
    const rows = [...released, ...rolledBack, ...both(3, 5, 1), ...tick(4)];
    const later: Rows = [{ definition: valueDefinition(2) }, ...tick(5)];
    const emitted = runProcessor(protectedValueProcessor, [{ definition: modelDefinition }, ...rows, ...later]);
    expect(valuesOf(emitted).map(({ inputs, usd, valueUndeclared }) => [inputs, usd, valueUndeclared])).toEqual([
      [6, 0, true],
      [6, 8, false],
    ]);
  });

  it('is forgotten when no outcome can change it any more', () => {
    const next = data(deployment('v3', 5));
    const late = both(4, 6, 0);
    expect(published(released, rolledBack, both(3, 5, 1), tick(4), next, tick(600), late, tick(601))).toEqual([
      [4, 6, 20],
    ]);
  });

  it('sends each tick on after what it caused', () => {
    const emitted = run(released, rolledBack, both(3, 5, 1), tick(4));
    expect(emitted.map(({ topic, partition, content }) => [topic, partition, content.kind])).toEqual([
      ['kpis', 'same', 'data'],
      ['kpis', 'same', 'tick'],
    ]);
  });
});

describe('random pairs', () => {
  const seeds = Array.from({ length: 10 }, (_, seed) => seed + 1);

  it.each(seeds)('give what a naive computation from all rows gives (seed %i)', (seed) => {
    const rows = randomPairs(new Random(seed), 50);
    const values = valuesOf(runProcessor(protectedValueProcessor, rows));
    expect(values.length).toBeGreaterThan(5);
    for (const { incident, from, to, sinceMs, usd, offset } of values) {
      const naive = naiveProtected(rows.slice(0, offset + 1));
      expect(naive.get([incident, from, to, sinceMs].join(' '))).toBeCloseTo(usd, 9);
    }
  });

  it.each(seeds.slice(0, 5))('give the same rows with a restart before every row (seed %i)', (seed) => {
    const rows = randomPairs(new Random(seed), 30);
    const restartBefore = new Set(rows.keys());
    const emitted = runProcessor(protectedValueProcessor, rows);
    expect(runProcessor(protectedValueProcessor, rows, { restartBefore })).toEqual(emitted);
  });
});
