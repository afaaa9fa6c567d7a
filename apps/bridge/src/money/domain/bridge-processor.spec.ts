import { describe, expect, it } from '@jest/globals';
import { deletionOf } from '@moola/contracts/definitions/in-force';
import type { Kpi } from '@moola/contracts/gen/moola/v1/kpis_pb';
import type { Signal } from '@moola/contracts/gen/moola/v1/signals_pb';
import { BudgetVerdict, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import { Random } from '@moola/streams/adapters/simulated/random';
import { runProcessor, type EmittedRow, type TestRow } from '@moola/testing/run-processor';
import { naiveMoney } from '../story/naive-money.js';
import * as story from '../story/snapshot-rows.js';
import { randomSnapshots } from '../story/traffic.js';
import { bridgeProcessor } from './bridge-processor.js';

const { minute, budget, deployment, window } = story;
type Rows = TestRow<Snapshot>[];
const { PRIMARY, SHADOW } = Role;
const { OUT, WITHIN } = BudgetVerdict;

const data = (...snapshots: Snapshot[]): Rows => snapshots.map((snapshot) => ({ data: snapshot }));
const tick = (at: number): Rows => [{ tick: at * minute }];
const definitions: Rows = [
  { definition: story.modelDefinition },
  { definition: story.valueDefinition({ valuePerPredictionUsd: 0.05, predictionsPerDay: 10_000 }) },
];
const run = (...rows: Rows[]): EmittedRow[] => runProcessor(bridgeProcessor, [...definitions, ...rows.flat()]);

/** Six predictions a minute, `labelled` of them with a known truth, `correct` right. */
const bucket = (version: string, role: Role, at: number, labelled: number, correct: number, revision = 1): Snapshot =>
  story.bucket(version, role, at, revision, { predictions: 6, labelled, correct });

function rowsOf(emitted: readonly EmittedRow[]): (Kpi | Signal)[] {
  return emitted.flatMap(({ content }) => (content.kind === 'data' ? [content.value as Kpi | Signal] : []));
}

type Kinds = { [Row in (Kpi | Signal)['kind'] as Row extends { case: string } ? Row['case'] : never]: Row['value'] };

function ofKind<K extends keyof Kinds>(emitted: readonly EmittedRow[], kind: K): (Kinds[K] & { atMs: number })[] {
  return rowsOf(emitted).flatMap((row) =>
    row.kind.case === kind ? [{ atMs: row.atMs, ...(row.kind.value as Kinds[K]) }] : [],
  );
}

describe('revenue', () => {
  it('is projected from the accuracy of what serves, in the window of the budget', () => {
    const costs = {
      valuePerPredictionUsd: 0.05,
      predictionsPerDay: 10_000,
      infrastructureCostPerDayUsd: 40,
      modelCostPerDayUsd: 10,
    };
    const emitted = run(
      [{ definition: story.valueDefinition(costs) }],
      data(deployment('v1', 0), window('v1', 100, 0.9), window('v1', 50, 0.1, 5 * minute), window('v0', 100, 0.2)),
      tick(1),
    );
    expect(ofKind(emitted, 'revenue')).toMatchObject([
      {
        atMs: minute,
        servingVersion: 'v1',
        projectedPerDayUsd: 450,
        accuracySamples: 100,
        efficiencyScore: 8,
        earnedUsd: 0,
      },
    ]);
  });

  it('has neither projection nor efficiency where nothing is known', () => {
    const [revenue] = ofKind(run(data(deployment('v1', 0), window('v1', 0)), tick(1)), 'revenue');
    expect(revenue).toMatchObject({ servingVersion: 'v1', accuracySamples: 0, lossPerMinuteUsd: 0 });
    expect(revenue).not.toHaveProperty('projectedPerDayUsd');
    expect(revenue).not.toHaveProperty('efficiencyScore');
  });

  it('of a model of which nobody declared what an answer is worth is no money', () => {
    const emitted = runProcessor(bridgeProcessor, [
      ...data(
        deployment('v1', 0),
        bucket('v1', PRIMARY, 0, 6, 5),
        window('v1', 100, 0.5, 60 * minute),
        budget('v1', OUT),
      ),
      ...tick(1),
    ]);
    const [revenue] = ofKind(emitted, 'revenue');
    expect(revenue).toMatchObject({ valueUndeclared: true, servingVersion: 'v1', accuracySamples: 100 });
    expect([revenue?.earnedUsd, revenue?.lossPerMinuteUsd]).toEqual([0, 0]);
    expect(revenue).not.toHaveProperty('projectedPerDayUsd');
    expect(revenue).not.toHaveProperty('efficiencyScore');
    expect(ofKind(emitted, 'loss')).toEqual([]);
  });

  it('is that of all that was counted once its value is declared', () => {
    const emitted = runProcessor(bridgeProcessor, [
      ...data(deployment('v1', 0), bucket('v1', PRIMARY, 0, 6, 5)),
      ...tick(1),
      ...definitions,
      ...tick(2),
    ]);
    expect(ofKind(emitted, 'revenue').map(({ valueUndeclared, earnedUsd }) => [valueUndeclared, earnedUsd])).toEqual([
      [true, 0],
      [false, 0.25],
    ]);
  });

  it('follows the defaults again where the definitions are deleted', () => {
    const traffic = data(deployment('v1', 0), window('v1', 100, 0.5, 60 * minute), window('v1', 10, 0.9));
    const value = { definition: story.valueDefinition({ valuePerPredictionUsd: 3, predictionsPerDay: 7 }) };
    const deleted = (kind: 'model' | 'value') => ({ definition: deletionOf(kind, story.model) });
    const declared = [{ definition: story.modelDefinition }, value, ...data(deployment('v1', 0)), ...tick(1)];
    const after = [...declared, deleted('value'), deleted('model'), ...traffic, ...tick(2)];
    const undeclared = [...tick(1), ...traffic, ...tick(2)];
    const [, last] = ofKind(runProcessor(bridgeProcessor, after), 'revenue');
    const [only] = ofKind(runProcessor(bridgeProcessor, undeclared), 'revenue');
    expect(last).toBeDefined();
    expect(last).toEqual(only);
  });

  it('is earned by correct answers of role primary, each revision adding its difference', () => {
    const emitted = run(
      data(deployment('v1', 0), bucket('v1', PRIMARY, 0, 2, 2), bucket('v0', SHADOW, 0, 2, 1)),
      tick(1),
      data(bucket('v1', PRIMARY, 0, 6, 5, 2), bucket('v1', PRIMARY, 1, 1, 1)),
      tick(2),
      data(bucket('v1', PRIMARY, 0, 6, 4, 3)),
      tick(3),
    );
    const earned = ofKind(emitted, 'revenue').map(({ earnedUsd }) => earnedUsd);
    expect(earned.map((usd) => Math.round(usd * 100))).toEqual([10, 30, 25]);
  });

  it('is published at a tick only when something has changed', () => {
    const emitted = run(
      data(deployment('v1', 0), window('v1', 9, 0.9)),
      tick(1),
      tick(2),
      data(window('v1', 9, 0.9)),
      tick(3),
    );
    expect(ofKind(emitted, 'revenue')).toHaveLength(1);
  });

  it('ignores a bucket beyond the label horizon, of which nobody knows what was counted', () => {
    const emitted = run(
      data(bucket('v1', PRIMARY, 0, 6, 6)),
      tick(1),
      tick(600),
      data(bucket('v1', PRIMARY, 0, 6, 5, 2)),
      tick(601),
    );
    expect(ofKind(emitted, 'revenue')).toHaveLength(1);
  });

  it('serves whom the budget names where no deployment was seen', () => {
    const emitted = run(data(budget('v0', WITHIN, false), budget('v1', WITHIN), window('v1', 9, 0.9)), tick(1));
    expect(ofKind(emitted, 'revenue')).toMatchObject([{ servingVersion: 'v1', projectedPerDayUsd: 450 }]);
  });

  it('is published in the order of the models’ names, whichever changed first', () => {
    const of = (model: string): Snapshot => ({ ...deployment('v1', 0), model });
    const rows = rowsOf(run(data(of('B'), of('C'), of('A')), tick(1)));
    expect(rows.map(({ model }) => model)).toEqual(['A', 'B', 'C']);
  });

  it('sends each tick on to kpis and signals, after what it caused', () => {
    const emitted = run(data(deployment('v1', 0)), tick(1));
    expect(emitted.map(({ topic, partition, content }) => [topic, partition, content.kind])).toEqual([
      ['kpis', 'same', 'data'],
      ['kpis', 'same', 'tick'],
      ['signals', 0, 'tick'],
    ]);
  });
});

describe('the loss a minute', () => {
  const served = (from: number, to: number, version = 'v1') =>
    Array.from({ length: to - from }, (_, i) => bucket(version, PRIMARY, from + i, 0, 0));

  it('is what is missing to the limit, times what was served a minute of the whole window', () => {
    const emitted = run(
      data(deployment('v2', 0), ...served(0, 15, 'v1'), window('v2', 90, 0.3), budget('v2', OUT)),
      tick(15),
    );
    const [loss] = ofKind(emitted, 'loss');
    expect(loss).toMatchObject({ version: 'v2', limitAccuracy: 0.8, accuracy: 0.3 });
    // 15 minutes of 6 predictions in a window of 30 minutes: 3 a minute.
    expect(loss).toHaveProperty('usdPerMinute', expect.closeTo(0.5 * 3 * 0.05, 12));
  });

  it('is said again only when it changes, and once when it is over', () => {
    const sick = data(deployment('v1', 0), ...served(0, 30), window('v1', 90, 0.3), budget('v1', OUT));
    const better = data(bucket('v1', PRIMARY, 30, 0, 0), window('v1', 90, 0.8), budget('v1', WITHIN));
    const emitted = run(
      sick,
      tick(30),
      data(window('v1', 90, 0.3)),
      [{ tick: 30 * minute + 100 }],
      better,
      tick(31),
      tick(32),
    );
    expect(ofKind(emitted, 'loss').map(({ atMs, usdPerMinute }) => [atMs / minute, usdPerMinute])).toEqual([
      [30, expect.closeTo(0.15, 12)],
      [31, 0],
    ]);
  });

  it('falls as traffic leaves the window, though nothing comes in', () => {
    const emitted = run(
      data(deployment('v1', 0), ...served(0, 30), window('v1', 90, 0.3), budget('v1', OUT)),
      tick(30),
      tick(45),
      tick(60),
      tick(61),
    );
    const losses = ofKind(emitted, 'loss').map(({ usdPerMinute }) => usdPerMinute);
    expect(losses).toEqual([expect.closeTo(0.15, 12), expect.closeTo(0.075, 12), 0]);
  });

  it('is nothing while nobody knows whether the budget is kept', () => {
    const emitted = run(
      data(deployment('v1', 0), ...served(0, 30), window('v1', 9, 0.3), budget('v1', BudgetVerdict.UNKNOWN)),
      tick(30),
    );
    expect(ofKind(emitted, 'loss')).toEqual([]);
  });

  it('is that of the version that serves, not of a shadow', () => {
    const health = data(window('v1', 90, 0.3), budget('v1', OUT, false), window('v0', 90, 0.9), budget('v0', WITHIN));
    expect(ofKind(run(data(deployment('v0', 0), ...served(0, 30)), health, tick(30)), 'loss')).toEqual([]);
  });
});

describe('random snapshots', () => {
  const seeds = Array.from({ length: 10 }, (_, seed) => seed + 1);

  it.each(seeds)('give what a naive computation from all rows gives (seed %i)', (seed) => {
    const rows = randomSnapshots(new Random(seed), 50);
    const emitted = runProcessor(bridgeProcessor, rows);
    expect(ofKind(emitted, 'loss').length).toBeGreaterThan(0);
    for (const { offset, content } of emitted) {
      if (content.kind !== 'data') continue;
      const naive = naiveMoney(rows.slice(0, offset + 1));
      const { kind } = content.value as Kpi | Signal;
      if (kind.case === 'revenue') {
        expect(kind.value.servingVersion).toBe(naive.serving);
        expect(kind.value.earnedUsd).toBeCloseTo(naive.earnedUsd, 9);
        expect(kind.value.projectedPerDayUsd).toEqual(
          naive.projectedPerDayUsd === undefined ? undefined : expect.closeTo(naive.projectedPerDayUsd, 9),
        );
        expect(kind.value.lossPerMinuteUsd).toBeCloseTo(naive.lossPerMinuteUsd, 9);
      }
      if (kind.case === 'loss') expect(kind.value.usdPerMinute).toBeCloseTo(naive.lossPerMinuteUsd, 9);
    }
  });

  it.each(seeds.slice(0, 5))('give the same rows with a restart before every row (seed %i)', (seed) => {
    const rows = randomSnapshots(new Random(seed), 30);
    const restartBefore = new Set(rows.keys());
    expect(runProcessor(bridgeProcessor, rows, { restartBefore })).toEqual(runProcessor(bridgeProcessor, rows));
  });
});
