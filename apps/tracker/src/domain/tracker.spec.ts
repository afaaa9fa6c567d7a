import { describe, expect, it } from '@jest/globals';
import { Comparator, Compare, Severity } from '@moola/contracts/gen/moola/v1/definitions_pb';
import { RefusalReason } from '@moola/contracts/gen/moola/v1/rows_pb';
import { AlertCondition, AlertState, BudgetVerdict, type Snapshot } from '@moola/contracts/gen/moola/v1/snapshots_pb';
import { Role } from '@moola/contracts/gen/moola/v1/telemetry_pb';
import type { RunOptions } from '@moola/testing/run-processor';
import { labelledRow, outcomeRow, predictionRow, refusalRow } from '../testing/observation-rows.js';
import { minuteMs, modelDefinition, ruleDefinition, TrackerStory } from '../testing/tracker-story.js';
import { valuesOf, type ValueOf } from '../testing/values-of.js';

const accuracyDrop = ruleDefinition('AccuracyDrop', {
  metric: 'accuracy',
  windowMs: 2 * minuteMs,
  comparator: Comparator.BELOW,
  limit: 0.8,
  forMs: 2 * minuteMs,
  keepFiringForMs: minuteMs,
  severity: Severity.CRITICAL,
  minimumSamples: 5,
});

const noPredictions = ruleDefinition('NoPredictions', {
  metric: 'predictions',
  windowMs: 3 * minuteMs,
  onMissing: true,
  severity: Severity.CRITICAL,
});

function figuresOf({ figures }: ValueOf<'window'>): Record<string, number | undefined> {
  return Object.fromEntries(figures.map(({ metric, value }) => [metric, value]));
}

describe('alerts', () => {
  it('fire when accuracy has been low for long enough, and are resolved when it has recovered', () => {
    const story = new TrackerStory(modelDefinition(), accuracyDrop).deploy(0, 'v1');
    for (let minute = 0; minute < 5; minute++) story.label(minute, 10, minute < 1 ? 10 : 3).tick(minute + 1);
    for (let minute = 5; minute < 10; minute++) story.label(minute, 10, 10).tick(minute + 1);
    expect(story.heard().filter((line) => line.includes('AccuracyDrop'))).toEqual([
      '2: AccuracyDrop v1 #1 INACTIVE → PENDING since 2, condition held',
      '4: AccuracyDrop v1 #2 PENDING → FIRING since 2, condition held',
      '8: AccuracyDrop v1 #3 FIRING → RESOLVED since 2, recovered',
    ]);
  });

  it('watch the version that serves alone, and end as replaced when another one begins to', () => {
    const story = new TrackerStory(modelDefinition(), accuracyDrop).deploy(0, 'v1').deploy(0, 'v2', Role.SHADOW);
    for (let minute = 0; minute < 4; minute++)
      story
        .label(minute, 10, 0)
        .label(minute, 10, 1, { version: 'v2' })
        .tick(minute + 1);
    story.deploy(4, 'v2').tick(5).tick(6).tick(7);
    expect(story.heard().filter((line) => line.includes('AccuracyDrop'))).toEqual([
      '1: AccuracyDrop v1 #1 INACTIVE → PENDING since 1, condition held',
      '3: AccuracyDrop v1 #2 PENDING → FIRING since 1, condition held',
      '5: AccuracyDrop v1 #3 FIRING → RESOLVED since 1, replaced',
      '5: AccuracyDrop v2 #1 INACTIVE → PENDING since 5, condition held',
      '6: AccuracyDrop v2 #2 PENDING → INACTIVE since 5, data missing',
    ]);
  });

  it('say when a figure that they fire on goes missing, and then what is so until their condition holds again', () => {
    const story = new TrackerStory(modelDefinition(), accuracyDrop, noPredictions).deploy(0, 'v1');
    for (let minute = 0; minute < 3; minute++) story.label(minute, 10, 3).tick(minute + 1);
    for (let minute = 4; minute <= 7; minute += 0.5) story.tick(minute);
    story.label(7, 10, 10).tick(8).label(8, 10, 2).tick(9).label(9, 10, 2).tick(10).tick(11).tick(12).tick(13);
    story.deploy(13, 'v2').tick(14).tick(15);
    const said = (options?: RunOptions) =>
      story.snapshots(undefined, options).flatMap(({ atMs, kind }) => {
        if (kind.case === 'alert' && kind.value.rule === 'AccuracyDrop')
          return [`${atMs / minuteMs}: ${AlertState[kind.value.to]}`];
        if (kind.case !== 'alertFigure') return [];
        const { rule, version, condition, figure } = kind.value;
        return [`${atMs / minuteMs}: ${rule} ${version} ${AlertCondition[condition]} ${figure?.value ?? ''}`];
      });
    expect(said()).toEqual([
      '1: PENDING',
      '3: FIRING',
      '4.5: AccuracyDrop v1 MISSING ',
      '8: AccuracyDrop v1 DOES_NOT_HOLD 1',
      '9: AccuracyDrop v1 HOLDS 0.6',
      '12: AccuracyDrop v1 MISSING ',
      '14: RESOLVED',
    ]);
    expect(said({ restartBefore: new Set(story.rows.keys()) })).toEqual(said());
  });

  it('fire on data that is missing, at the first tick at which nothing is left in the window', () => {
    const story = new TrackerStory(modelDefinition(), noPredictions).deploy(0, 'v1').predict(0, 1).tick(1);
    for (let minute = 2; minute <= 6; minute += 0.5) story.tick(minute);
    story.predict(6, 1).tick(7);
    expect(story.heard().filter((line) => line.includes('NoPredictions'))).toEqual([
      '3.5: NoPredictions v1 #1 INACTIVE → FIRING since 3.5, condition held',
      '7: NoPredictions v1 #2 FIRING → RESOLVED since 3.5, recovered',
    ]);
  });

  it('compare the bound where a rule says so: few labels do not speak against a version', () => {
    const bound = ruleDefinition('Bound', {
      metric: 'accuracy',
      compare: Compare.BOUND,
      confidence: 0.95,
      comparator: Comparator.BELOW,
      limit: 0.8,
    });
    const story = new TrackerStory(modelDefinition({ designEffect: 2 }), bound).deploy(0, 'v1');
    story.label(0, 10, 6).tick(1).label(1, 100, 60).tick(2);
    expect(story.heard().filter((line) => line.includes('Bound'))).toEqual([
      '2: Bound v1 #1 INACTIVE → FIRING since 2, condition held',
    ]);
  });

  it('of a rule that is made anew for another model are ended as removed', () => {
    const story = new TrackerStory(modelDefinition(), accuracyDrop).deploy(0, 'v1');
    for (let minute = 0; minute < 3; minute++) story.label(minute, 10, 0).tick(minute + 1);
    story.define(ruleDefinition('AccuracyDrop', { model: 'Other' })).tick(3.5);
    expect(story.heard().at(-1)).toBe('3.5: AccuracyDrop v1 #3 FIRING → RESOLVED since 1, rule removed');
  });
});

describe('budgets', () => {
  it('are judged for every version, and known good stays', () => {
    const story = new TrackerStory(modelDefinition()).deploy(0, 'v1').deploy(0, 'v2', Role.SHADOW);
    for (let minute = 0; minute < 14; minute++) {
      story
        .label(minute, 4, 4)
        .label(minute, 4, minute < 12 ? 4 : 0, { version: 'v2' })
        .tick(minute + 1);
    }
    expect(story.heard()).toEqual([
      '1: v1 UNKNOWN serving (accuracy UNKNOWN)',
      '1: v2 UNKNOWN (accuracy UNKNOWN)',
      '2: v1 WITHIN serving (accuracy WITHIN)',
      '2: v2 WITHIN (accuracy WITHIN)',
      '3: v1 WITHIN serving good at 13 (accuracy WITHIN)',
      '3: v2 WITHIN good at 13 (accuracy WITHIN)',
      '13: v1 WITHIN serving known good (accuracy WITHIN)',
      '13: v2 WITHIN known good (accuracy WITHIN)',
      '14: v2 OUT known good (accuracy OUT)',
    ]);
  });

  it('confirm known good when the time comes, though nothing happens at that tick', () => {
    const quick = modelDefinition({
      budget: {
        windowMs: 60 * minuteMs,
        knownGoodAfterMs: 10 * minuteMs,
        knownGoodLabels: 5,
        lines: [{ metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.8, gate: true, minimumSamples: 5 }],
      },
    });
    const story = new TrackerStory(quick).deploy(0, 'v1').label(0, 5, 5).tick(1).tick(10.9).tick(11.2).tick(12);
    expect(story.heard()).toEqual([
      '1: v1 WITHIN serving good at 11 (accuracy WITHIN)',
      '11.2: v1 WITHIN serving known good (accuracy WITHIN)',
    ]);
  });

  it('are held up by a gate that compares with a baseline from when there is one, though no line has changed', () => {
    const line = { gate: true, minimumSamples: 5, comparator: Comparator.BELOW, limit: 0.8 };
    const gated = modelDefinition({
      budget: {
        windowMs: 60 * minuteMs,
        knownGoodAfterMs: minuteMs,
        knownGoodLabels: 5,
        lines: [
          { ...line, metric: 'accuracy' },
          { ...line, metric: 'accuracy_degradation', comparator: Comparator.ABOVE, minimumSamples: 100 },
        ],
      },
    });
    const story = new TrackerStory(gated).deploy(0, 'v1').label(0, 5, 5).tick(1).tick(2).label(2, 1, 1).tick(3);
    const lines = '(accuracy WITHIN, accuracy_degradation UNKNOWN)';
    expect(story.heard()).toEqual([
      `1: v1 WITHIN serving good at 2 ${lines}`,
      `2: v1 WITHIN serving known good ${lines}`,
      `3: v1 UNKNOWN serving known good ${lines}`,
    ]);
  });

  it('hold lines against what the version was like when it was known good', () => {
    const line = { severity: Severity.WARNING, gate: false, minimumSamples: 1, comparator: Comparator.ABOVE };
    const relative = modelDefinition({
      budget: {
        windowMs: minuteMs,
        knownGoodAfterMs: minuteMs,
        knownGoodLabels: 1,
        lines: [
          { metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.5, gate: true, minimumSamples: 1 },
          { ...line, metric: 'accuracy_degradation', limit: 0.05 },
          { ...line, metric: 'latency_increase', limit: 1.5 },
        ],
      },
    });
    const story = new TrackerStory(relative).deploy(0, 'v1');
    for (const [minute, right, latencyMs] of [
      [0, 10, 10],
      [1, 10, 10],
      [2, 10, 14],
      [3, 9, 16],
    ] as const) {
      story
        .predict(minute, 10, { latencyMs })
        .label(minute, 10, right)
        .tick(minute + 1);
    }
    expect(story.heard()).toEqual([
      '1: v1 WITHIN serving good at 2 (accuracy WITHIN, accuracy_degradation UNKNOWN, latency_increase UNKNOWN)',
      '2: v1 WITHIN serving known good (accuracy WITHIN, accuracy_degradation UNKNOWN, latency_increase UNKNOWN)',
      '3: v1 WITHIN serving known good (accuracy WITHIN, accuracy_degradation WITHIN, latency_increase WITHIN)',
      '4: v1 WITHIN serving known good (accuracy WITHIN, accuracy_degradation OUT, latency_increase OUT)',
    ]);
  });

  it('allow the limit itself: 90 → 85 % is no degradation of more than 5 points, 84 % is', () => {
    const line = { metric: 'accuracy_degradation', comparator: Comparator.ABOVE, limit: 0.05, minimumSamples: 1 };
    const relative = modelDefinition({
      budget: {
        ...{ windowMs: minuteMs, knownGoodAfterMs: minuteMs, knownGoodLabels: 1 },
        lines: [{ metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.85, gate: true, minimumSamples: 1 }, line],
      },
    });
    const fires = { severity: Severity.WARNING, limit: 0.05, comparator: Comparator.ABOVE };
    const rules = [
      ruleDefinition('Degraded', { ...fires, metric: 'accuracy_degradation' }),
      ruleDefinition('Drift', {
        ...{ ...fires, metric: 'accuracy', compare: Compare.DIFFERENCE_TO_BASELINE },
        ...{ comparator: Comparator.BELOW, limit: -0.05 },
      }),
    ];
    const story = (right: number) => {
      const told = new TrackerStory(relative, ...rules).deploy(0, 'v1');
      for (let minute = 0; minute < 3; minute++) told.label(minute, 100, minute < 2 ? 90 : right).tick(minute + 1);
      return told;
    };
    const verdicts = (right: number) =>
      valuesOf(story(right).snapshots(), 'budget')
        .at(-1)
        ?.lines.map(({ verdict }) => verdict);
    const { WITHIN, OUT } = BudgetVerdict;
    expect(verdicts(85)).toEqual([WITHIN, WITHIN]);
    expect(story(85).transitions()).toEqual([]);
    expect(verdicts(84)).toEqual([OUT, OUT]);
    expect(
      story(84)
        .transitions()
        .map(({ rule }) => rule),
    ).toEqual(['Degraded', 'Drift']);
    for (let row = 0; row < story(85).rows.length; row++) {
      expect(story(85).transitions({ restartBefore: new Set([row]) })).toEqual([]);
    }
  });

  it('go to the responder as well, with alerts and deployments', () => {
    const story = new TrackerStory(modelDefinition(), accuracyDrop).deploy(0, 'v1').label(0, 10, 0).tick(1);
    const kindsOn = (topic: string): unknown[] =>
      story.run().flatMap((row) => {
        if (row.topic !== topic || row.content.kind !== 'data') return [];
        const { kind } = row.content.value as Snapshot;
        return kind.case === 'alert' || kind.case === 'budget' || kind.case === 'deployment' ? [kind] : [];
      });
    expect(kindsOn('signals')).toHaveLength(3);
    expect(kindsOn('signals')).toEqual(kindsOn('snapshots'));
  });
});

describe('what serves', () => {
  const servingOf = (story: TrackerStory): string[] => {
    const windows = valuesOf(story.snapshots(), 'window').filter(({ windowMs }) => windowMs === minuteMs);
    return windows.filter(({ serving }) => serving).map(({ version, role }) => `${version} ${Role[role]}`);
  };

  it('is the version of the first primary prediction until a deployment is seen', () => {
    const story = new TrackerStory()
      .predict(0, 1, { version: 'v0', role: Role.SHADOW })
      .predict(0, 1, { version: 'v1' });
    story.predict(0, 1, { version: 'v2' }).tick(1).deploy(1, 'v2').predict(1, 1, { version: 'v2' }).tick(2);
    expect(servingOf(story)).toEqual(['v1 PRIMARY', 'v2 PRIMARY']);
  });

  it('is not changed by a new build, which has no role of its own', () => {
    const story = new TrackerStory(modelDefinition())
      .deploy(0, 'v1')
      .deploy(0, 'v2', Role.UNSPECIFIED)
      .predict(0, 1)
      .tick(1);
    expect(servingOf(story)).toEqual(['v1 PRIMARY']);
  });

  it('is taken as primary where a prediction states no role', () => {
    const story = new TrackerStory().predict(0, 1, { role: Role.UNSPECIFIED }).tick(1);
    expect(servingOf(story)).toEqual(['v1 PRIMARY']);
    expect(valuesOf(story.snapshots(), 'bucket')).toMatchObject([{ role: Role.PRIMARY, predictions: 1 }]);
  });
});

describe('windows', () => {
  it('show every figure with its samples, proportions with an interval', () => {
    const story = new TrackerStory(modelDefinition({ designEffect: 2 })).deploy(0, 'v1');
    story.predict(0, 8, { latencyMs: 20, costUsd: 0.002 }).predict(0, 2, { error: 'timeout' });
    story.label(0, 8, 6).label(0, 2, 2, { class: '0', truth: '0' }).tick(1);
    const [window] = valuesOf(story.snapshots(), 'window');
    expect(figuresOf(window!)).toMatchObject({
      accuracy: 0.8,
      precision: 0.75,
      recall: 1,
      error_rate: 0.2,
      cost_per_prediction: 0.002,
      predictions: 10,
      throughput: 10,
      labels: 10,
      positives: 6,
    });
    expect(figuresOf(window!)['latency_p95']).toBeCloseTo(20, 0);
    const accuracy = window!.figures.find(({ metric }) => metric === 'accuracy');
    expect(accuracy).toMatchObject({ samples: 10, effectiveSamples: 5 });
    // Wilson at p = 0.8, n = 5, z = Φ⁻¹(0.975).
    expect(accuracy!.lower).toBeCloseTo(0.3755, 4);
    expect(accuracy!.upper).toBeCloseTo(0.9638, 4);
  });

  it('keep versions and roles apart, labels of all roles of a version together', () => {
    const story = new TrackerStory(modelDefinition()).deploy(0, 'v1').deploy(0, 'v2', Role.SHADOW);
    story.predict(0, 3).predict(0, 2, { version: 'v2', role: Role.SHADOW }).predict(0, 1, { role: Role.CANARY });
    story.label(0, 2, 2).label(0, 2, 0, { role: Role.CANARY }).tick(1);
    const windows = valuesOf(story.snapshots(), 'window').filter(({ windowMs }) => windowMs === minuteMs);
    expect(windows.map((window) => [window.version, figuresOf(window)])).toMatchObject([
      ['v1', { predictions: 3, accuracy: 0.5 }],
      ['v2', { predictions: 2, accuracy: undefined }],
    ]);
  });

  it('are published when a bucket has ended and something has changed, and not otherwise', () => {
    const story = new TrackerStory(modelDefinition()).deploy(0, 'v1');
    story.predict(0, 1).tick(0.5).predict(0, 1).tick(0.9).tick(1).tick(1.5).tick(2).tick(3).tick(4).tick(9).tick(10);
    const windows = story.snapshots().filter(({ kind }) => kind.case === 'window' && kind.value.windowMs === minuteMs);
    const shown = windows.map(({ atMs, kind }) => [
      atMs / minuteMs,
      figuresOf(kind.value as ValueOf<'window'>)['predictions'],
    ]);
    expect(shown).toEqual([
      [0.5, 1],
      [1, 2],
      [2, 0],
      [9, 0],
    ]);
  });
});

describe('history', () => {
  it('publishes a bucket when it has ended, and again when outcomes change it, changes of one tick together', () => {
    const story = new TrackerStory(modelDefinition()).deploy(0, 'v1');
    story.predict(0, 4, { latencyMs: 2.5, costUsd: 0.1 }).tick(0.5).tick(1);
    story.label(1, 3, 2, { predictedAtMs: 30_000 }).tick(1.5).tick(2);
    story.row(
      labelledRow({
        knownAtMs: 2 * minuteMs,
        predictedAtMs: 0,
        truth: '0',
        freshness: 'corrected',
        previousTruth: '1',
      }),
    );
    story.tick(3);
    expect(valuesOf(story.snapshots(), 'bucket')).toMatchObject([
      {
        startMs: 0,
        revision: 1,
        predictions: 4,
        labelled: 0,
        correct: 0,
        costUsd: 0.4,
        latencySumMs: 10,
        latencyCount: 4,
      },
      { startMs: 0, revision: 2, predictions: 4, labelled: 3, correct: 2 },
      { startMs: 0, revision: 3, predictions: 4, labelled: 3, correct: 1 },
    ]);
  });
});

describe('history that came with a new model', () => {
  it('stands in the buckets of its time, as far back as the doors reach, and is revised by its outcomes', () => {
    const now = 60 * 24 * 60;
    const old = now - 30 * 24 * 60;
    const story = new TrackerStory(modelDefinition()).tick(now).deploy(now, 'v1');
    story.predict(old, 4).tick(now + 1);
    story.row(labelledRow({ knownAtMs: (old + 5) * minuteMs, predictedAtMs: old * minuteMs, group: 1 })).tick(now + 2);
    const buckets = () => valuesOf(story.snapshots(), 'bucket').filter(({ startMs }) => startMs === old * minuteMs);
    expect(buckets()).toMatchObject([
      { revision: 1, predictions: 4, labelled: 0 },
      { revision: 2, predictions: 4, labelled: 1 },
    ]);
    // An hour, its label horizon, after its first event it is a model like any other.
    story
      .tick(now + 61)
      .predict(old, 1)
      .tick(now + 62);
    expect(buckets()).toHaveLength(2);
  });
});

describe('counts', () => {
  it('say what came in and what was refused, by reason', () => {
    const story = new TrackerStory(modelDefinition()).deploy(0, 'v1').deploy(0, 'v2', Role.SHADOW);
    story.predict(0, 3).predict(0, 3, { version: 'v2', role: Role.SHADOW });
    for (const version of ['v1', 'v2']) story.row(labelledRow({ knownAtMs: 0, version, group: 1 }));
    // One that waits for its prediction, or whose prediction has no class.
    story.row(outcomeRow('M'));
    // A version that answered later: the outcome has been counted before.
    story.row(labelledRow({ knownAtMs: 0, version: 'v1', group: 2, freshness: 'repeated' }));
    story.row(labelledRow({ knownAtMs: 0, version: 'v3', group: 2 }));
    for (const reason of [
      RefusalReason.DUPLICATE,
      RefusalReason.ORPHAN,
      RefusalReason.ORPHAN,
      RefusalReason.TOO_LATE,
    ]) {
      story.row(refusalRow('M', reason));
    }
    story.tick(1).tick(2);
    expect(valuesOf(story.snapshots(), 'counts')).toMatchObject([
      {
        predictions: 6,
        outcomes: 1,
        labelled: 3,
        duplicates: 1,
        orphans: 2,
        tooLate: 1,
        beyondBuckets: 0,
        outcomesUnmatched: 1,
        labelsOfOtherTask: 0,
      },
    ]);
  });

  it('tell of events whose bucket no longer exists', () => {
    const story = new TrackerStory(modelDefinition()).tick(600).predict(0, 1).predict(595, 1).tick(601);
    expect(valuesOf(story.snapshots(), 'counts')).toMatchObject([{ predictions: 2, beyondBuckets: 1 }]);
  });
});

describe('a model that nobody declared', () => {
  it('is watched by the default budget and rules, which say so', () => {
    const story = new TrackerStory();
    for (let minute = 0; minute < 8; minute++) story.predict(minute, 40, { latencyMs: 80 }).tick(minute + 1);
    const snapshots = story.snapshots();
    expect(valuesOf(snapshots, 'alert')).toMatchObject([
      { rule: 'LatencySpike', undeclared: true },
      { rule: 'LatencySpike', undeclared: true, severity: Severity.WARNING, limit: 50 },
    ]);
    expect(valuesOf(snapshots, 'budget').every(({ undeclared }) => undeclared)).toBe(true);
    expect(valuesOf(snapshots, 'budget')[0]!.lines.map(({ metric }) => metric)).toContain('latency_increase');
  });

  it('keeps its windows when it is declared, and is watched by its own definition from then on', () => {
    const story = new TrackerStory().predict(0, 5).label(0, 5, 5).tick(1).define(modelDefinition()).tick(1.1).tick(2);
    const windows = story.snapshots([5 * minuteMs]).filter(({ kind }) => kind.case === 'window');
    const last = windows.at(-1)!.kind.value as ValueOf<'window'>;
    expect(figuresOf(last)).toMatchObject({ predictions: 5, accuracy: 1 });
    expect(valuesOf(story.snapshots(), 'budget').at(-1)).toMatchObject({
      undeclared: false,
      lines: [{ metric: 'accuracy' }],
    });
  });
});

describe('a budget that is defined anew', () => {
  it('is published though no verdict changes, since its limits may have', () => {
    const limits = (limit: number) => {
      const line = { metric: 'accuracy', comparator: Comparator.BELOW, limit, gate: true, minimumSamples: 5 };
      return modelDefinition({ budget: { windowMs: 5 * minuteMs, lines: [line] } });
    };
    const story = new TrackerStory()
      .define(limits(0.8))
      .predict(0, 5)
      .label(0, 5, 5)
      .tick(1)
      .define(limits(0.7))
      .tick(1.1);
    const published = valuesOf(story.snapshots(), 'budget').map(({ verdict, lines }) => [verdict, lines[0]?.limit]);
    expect(published).toEqual([
      [BudgetVerdict.WITHIN, 0.8],
      [BudgetVerdict.WITHIN, 0.7],
    ]);
  });

  it('is judged by its new gates, though the verdicts of its lines are the same', () => {
    const gated = (gate: boolean) => {
      const line = { metric: 'accuracy', comparator: Comparator.BELOW, limit: 0.8, gate, minimumSamples: 5 };
      return modelDefinition({ budget: { windowMs: 5 * minuteMs, knownGoodLabels: 100, lines: [line] } });
    };
    const story = new TrackerStory().define(gated(false)).predict(0, 5).label(0, 5, 0).tick(1);
    expect(story.define(gated(true)).tick(1.1).heard()).toEqual([
      '1: v1 WITHIN serving (accuracy OUT)',
      '1.1: v1 OUT serving (accuracy OUT)',
    ]);
  });
});

describe('idle models', () => {
  it('cost nothing: what is due for none of them gives no row', () => {
    const story = new TrackerStory();
    for (let i = 0; i < 50; i++) story.row(predictionRow({ model: `model-${i}`, timeMs: 0 }));
    for (let minute = 1; minute < 200; minute++) story.tick(minute);
    const late = story.run().filter(({ offset, content }) => offset > 200 && content.kind === 'data');
    expect(late).toEqual([]);
  });
});
