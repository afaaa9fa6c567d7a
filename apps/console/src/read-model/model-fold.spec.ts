import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { SegmentSchema } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { AlertCondition, AlertState, FigureSchema } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import {
  alertFigureOf,
  alertOf,
  breakdownOf,
  budgetOf,
  comparisonOf,
  countsOf,
  deploymentOf,
  minute,
  protectedOf,
  residualsOf,
  revenueOf,
  segmentAlertOf,
  windowOf,
} from '../testing/facts.js';
import { ModelFold } from './model-fold.js';
import { modelView } from './views.js';

describe('a model', () => {
  it('shows what serves first, then the others, the newest name first', () => {
    const fold = new ModelFold('Fraud');
    for (const [version, role] of [
      ['v0', 'shadow'],
      ['v1', 'serves'],
      ['v2', 'shadow'],
    ] as const)
      fold.takeSnapshot(windowOf(0, version, 0.9, role));
    expect(fold.view([]).versions.map(({ version, serving }) => [version, serving])).toEqual([
      ['v1', true],
      ['v2', false],
      ['v0', false],
    ]);
  });

  it('that nobody declares is gone when none of its windows holds anything any more', () => {
    const counted = (predictions: number, labels: number) => {
      const window = windowOf(0, 'v1', 0.9, 'serves');
      const count = (metric: string, value: number) => create(FigureSchema, { metric, value, samples: value });
      if (window.kind.case === 'window') {
        window.kind.value.figures.push(count('predictions', predictions), count('labels', labels));
      }
      return window;
    };
    const fold = new ModelFold('Fraud');
    fold.takeSnapshot(budgetOf(0, 'v1', 0.9, true, true));
    expect(fold.isGone).toBe(false);
    const gone = (
      [
        [3, 0],
        [0, 1],
        [0, 0],
        [1, 0],
      ] as const
    ).map(([predictions, labels]) => {
      fold.takeSnapshot(counted(predictions, labels));
      return fold.isGone;
    });
    expect(gone).toEqual([false, false, true, false]);
    fold.takeSnapshot(counted(0, 0));
    fold.takeSnapshot(budgetOf(0, 'v1', 0.9, true, false));
    expect(fold.isGone).toBe(false);
  });

  it('has the verdict of what serves', () => {
    const fold = new ModelFold('Fraud');
    fold.takeSnapshot(budgetOf(0, 'v1', 0.9, false));
    fold.takeSnapshot(budgetOf(0, 'v2', 0.5, true));
    expect([fold.view([]).verdict, fold.view([]).serving]).toEqual(['out', 'v2']);
    fold.takeSnapshot(deploymentOf(minute, 'v1', Role.PRIMARY, 'responder', 'Fraud~AccuracyDrop~1'));
    expect([fold.view([]).verdict, fold.view([]).serving]).toEqual(['within', 'v1']);
  });

  it('shows the newest figures beside the verdicts, which are published only when they change', () => {
    const fold = new ModelFold('Fraud');
    fold.takeSnapshot(budgetOf(0, 'v1', 0.81, true));
    const figure = () => fold.view([]).versions[0]?.lines[0]?.figure?.value;
    expect(figure()).toBe(0.81);
    fold.takeSnapshot(windowOf(minute, 'v1', 0.97, 'serves'));
    fold.takeSnapshot(windowOf(minute, 'v1', 0.5, 'serves', minute));
    expect(figure()).toBe(0.97);
  });

  it('counts as declared unless the tracker says that nobody did', () => {
    const fold = new ModelFold('Fraud');
    expect(fold.view([]).declared).toBe(true);
    fold.takeSnapshot(budgetOf(0, 'v1', 0.9, true, true));
    expect(fold.view([]).declared).toBe(false);
    fold.takeSnapshot(budgetOf(1, 'v1', 0.9, true));
    expect(fold.view([]).declared).toBe(true);
  });

  it('tells what served when, and whose rollback it was; shadows and new builds are no release', () => {
    const fold = new ModelFold('Fraud');
    for (const deployment of [
      deploymentOf(0, 'v1', Role.PRIMARY, 'pipeline'),
      deploymentOf(1, 'v2', Role.SHADOW, 'pipeline'),
      deploymentOf(2, 'v1', Role.PRIMARY, 'pipeline'),
      deploymentOf(3, 'v2', Role.PRIMARY, 'pipeline'),
      deploymentOf(4, 'v1', Role.PRIMARY, 'responder', 'Fraud~AccuracyDrop~1'),
    ])
      fold.takeSnapshot(deployment);
    expect(fold.view([]).releases).toEqual([
      { atMs: 0, version: 'v1', from: '', by: 'pipeline', incident: '', inferred: false },
      { atMs: 3, version: 'v2', from: 'v1', by: 'pipeline', incident: '', inferred: false },
      { atMs: 4, version: 'v1', from: 'v2', by: 'responder', incident: 'Fraud~AccuracyDrop~1', inferred: false },
    ]);
  });

  it('shows the comparisons since what serves began to serve, whichever topic is read first', () => {
    const deployments = [
      deploymentOf(0, 'v2', Role.PRIMARY, 'pipeline'),
      deploymentOf(10, 'v1', Role.PRIMARY, 'responder'),
    ];
    const comparisons = [comparisonOf(5, 0, 'v2', 0.4), comparisonOf(12, 10, 'v1', 0.5)];
    const orders = [
      (fold: ModelFold) => {
        deployments.forEach((each) => fold.takeSnapshot(each));
        comparisons.forEach((each) => fold.takeSignal(each));
      },
      (fold: ModelFold) => {
        comparisons.forEach((each) => fold.takeSignal(each));
        deployments.forEach((each) => fold.takeSnapshot(each));
      },
    ];
    for (const order of orders) {
      const fold = new ModelFold('Fraud');
      order(fold);
      expect(fold.view([]).comparisons).toMatchObject([{ sinceMs: 10, difference: 0.5, serving: 'v1' }]);
    }
  });

  it('forgets what was compared before a release, though nothing has been compared since', () => {
    const fold = new ModelFold('Fraud');
    fold.takeSignal(comparisonOf(5, 0, 'v2', 0.4));
    fold.takeSnapshot(deploymentOf(10, 'v1', Role.PRIMARY, 'responder'));
    expect(fold.view([]).comparisons).toEqual([]);
  });

  it('shows the newest state of each alert, the newest change first', () => {
    const fold = new ModelFold('Fraud');
    fold.takeSnapshot(alertOf(10, 'v1', AlertState.FIRING, 0.5));
    fold.takeSnapshot(alertOf(20, 'v2', AlertState.PENDING, 0.6));
    fold.takeSnapshot(alertOf(30, 'v1', AlertState.RESOLVED, 0.9));
    expect(fold.view([]).alerts.map(({ version, state, changedAtMs }) => [version, state, changedAtMs])).toEqual([
      ['v1', 'resolved', 30],
      ['v2', 'pending', 20],
    ]);
  });

  it('says since when a firing alert has no data, until there is some again or another change of it comes', () => {
    const fold = new ModelFold('Fraud');
    const since = () => fold.view([]).alerts.map(({ noDataSinceMs }) => noDataSinceMs);
    fold.takeSnapshot(alertFigureOf(5, 'v1', AlertCondition.MISSING));
    expect(since()).toEqual([]);
    fold.takeSnapshot(alertOf(10, 'v1', AlertState.FIRING, 0.5));
    expect(since()).toEqual([null]);
    fold.takeSnapshot(alertFigureOf(20, 'v1', AlertCondition.MISSING));
    expect(since()).toEqual([20]);
    fold.takeSnapshot(alertFigureOf(30, 'v1', AlertCondition.DOES_NOT_HOLD));
    expect(since()).toEqual([null]);
    fold.takeSnapshot(alertFigureOf(40, 'v1', AlertCondition.MISSING));
    fold.takeSnapshot(alertOf(50, 'v1', AlertState.RESOLVED, 0.9));
    expect(since()).toEqual([null]);
  });

  it('tells the alerts of a rule on segments by pattern apart', () => {
    const fold = new ModelFold('Fraud');
    fold.takeSnapshot(segmentAlertOf(10, 'v1', 'de', AlertState.FIRING));
    fold.takeSnapshot(segmentAlertOf(20, 'v1', 'fr', AlertState.FIRING));
    fold.takeSnapshot(segmentAlertOf(30, 'v1', 'de', AlertState.RESOLVED));
    const view = fold.view([]);
    expect(view.alerts).toMatchObject([
      { rule: 'ByCountry', state: 'resolved', segment: { value: 'de' }, labels: { country: 'de' } },
      { state: 'firing', segment: { key: 'country', value: 'fr', other: false } },
    ]);
    expect(view.alerts[1]?.title).toContain('(country fr)');
    expect(modelView.parse(view)).toEqual(view);
  });

  it('is what the API says it answers', () => {
    const fold = new ModelFold('Fraud');
    expect(modelView.parse(fold.view([]))).toEqual(fold.view([]));
    fold.takeSnapshot(windowOf(0, 'v1', 0.9, 'serves'));
    fold.takeSnapshot(budgetOf(0, 'v1', 0.9, true));
    fold.takeSnapshot(deploymentOf(0, 'v1', Role.PRIMARY, 'pipeline'));
    fold.takeSnapshot(alertOf(0, 'v1', AlertState.FIRING, 0.5));
    fold.takeSnapshot(countsOf(0, 10));
    fold.takeSignal(comparisonOf(0, 0, 'v1', 0.4));
    fold.takeKpi(revenueOf(0, 12));
    fold.takeKpi(protectedOf(0, 3));
    fold.takeKpi(protectedOf(1, 4));
    const view = fold.view(['Fraud~AccuracyDrop~1']);
    expect(modelView.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      counts: {
        predictions: 10,
        outcomes: 9,
        labelled: 9,
        duplicates: 0,
        orphans: 0,
        tooLate: 0,
        outcomesUnmatched: 0,
        labelsOfOtherTask: 0,
      },
      revenue: { earnedUsd: 12, projectedPerDayUsd: 290, efficiencyScore: null },
      protectedValue: [{ usd: 4 }],
      openIncidents: ['Fraud~AccuracyDrop~1'],
    });
  });

  it('has no money where nobody declared what an answer is worth', () => {
    const fold = new ModelFold('Fraud');
    const unknown = [revenueOf(0, 11.7), protectedOf(0, 3)];
    for (const { kind } of unknown) if (kind.case !== undefined) kind.value.valueUndeclared = true;
    for (const kpi of unknown) fold.takeKpi(kpi);
    const view = fold.view([]);
    expect(modelView.parse(view)).toEqual(view);
    expect(view).toMatchObject({
      revenue: { earnedUsd: null, lossPerMinuteUsd: null },
      protectedValue: [{ usd: null }],
    });
  });

  it('has what the window of each version is made of, what serves first', () => {
    const fold = new ModelFold('Fraud');
    fold.takeSnapshot(windowOf(0, 'v2', 0.7, 'serves'));
    fold.takeSnapshot(breakdownOf(minute, 'v1', false));
    fold.takeSnapshot(breakdownOf(2 * minute, 'v2', true));
    const [serving, other] = fold.breakdowns();
    expect(other).toMatchObject({ version: 'v1', serving: false });
    expect(serving).toMatchObject({ version: 'v2', serving: true, atMs: 2 * minute, compared: 'accuracy' });
    expect(serving?.segments.map(({ value, other, worse }) => [value, other, worse])).toEqual([
      ['de', false, false],
      ['us', false, true],
      ['', true, false],
    ]);
    expect(serving?.classes[0]).toMatchObject({ name: 'fraud', precision: 0.5, recall: 0.75, f1: 0.6 });
    // A row for each truth.
    expect(serving?.confusion).toEqual([
      [15, 5],
      [15, 145],
    ]);
  });

  it('says in which role the version of an alert was judged', () => {
    const fold = new ModelFold('Fraud');
    const alert = alertOf(minute, 'v3', AlertState.FIRING, 0.7);
    if (alert.kind.case === 'alert') alert.kind.value.role = Role.SHADOW;
    fold.takeSnapshot(alert);
    fold.takeSnapshot(alertOf(minute, 'v2', AlertState.FIRING, 0.7));
    expect(fold.alertViews().map(({ version, role }) => [version, role])).toEqual([
      ['v3', 'shadow'],
      ['v2', 'unknown'],
    ]);
  });

  it('has the limits of the rules on the version that serves', () => {
    const fold = new ModelFold('Fraud');
    fold.takeSnapshot(budgetOf(0, 'v1', 0.9, false));
    expect(fold.view([]).limits).toEqual([]);
    fold.takeSnapshot(budgetOf(0, 'v2', 0.9, true));
    expect(fold.view([]).limits).toEqual([
      {
        ...{ rule: 'AccuracyDrop', metric: 'accuracy', comparator: 'below' },
        levels: [
          { severity: 'warning', limit: 0.85 },
          { severity: 'critical', limit: 0.8 },
        ],
      },
    ]);
  });

  it('has the residuals of a regression', () => {
    const fold = new ModelFold('Fraud');
    fold.takeSnapshot(windowOf(0, 'v2', 0.7, 'serves'));
    fold.takeSnapshot(residualsOf(minute, 'v2'));
    const [shown] = fold.breakdowns();
    expect(shown?.residuals).toMatchObject({ count: 100, bias: -2.25, below: 1, above: 0 });
    expect(shown?.residuals?.bars.map(({ from, to, count }) => [from, to, count])).toEqual([
      [-8, -4, 30],
      [-4, 0, 60],
      [0, 4, 9],
    ]);
  });

  it('gives a budget line on a segment the figure of that segment, not that of all traffic', () => {
    const fold = new ModelFold('Fraud');
    const budget = budgetOf(0, 'v2', 0.7, true);
    if (budget.kind.case !== 'budget') throw new Error('no budget');
    const [line] = budget.kind.value.lines;
    if (line) line.segment = create(SegmentSchema, { key: 'country', value: 'us' });
    fold.takeSnapshot(budget);
    fold.takeSnapshot(windowOf(minute, 'v2', 0.95, 'serves'));
    const shown = () => fold.view([]).versions[0]?.lines[0];
    expect(shown()).toMatchObject({ segment: { key: 'country', value: 'us' }, figure: { value: 0.7 } });
    fold.takeSnapshot(breakdownOf(minute, 'v2', true));
    expect(shown()?.figure?.value).toBe(0.6);
  });
});
